"""Both confusion matrices side by side, and what combining the frames changed."""

import numpy as np
import streamlit as st

from genre_core.evaluation import confusion_difference
from genre_core.plots.confusion import (
    Cell,
    confusion_figure,
    difference_figure,
    largest_confusions,
)
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.test_set.results import Result
from genre_core.ui.components.test_set.section import is_dark, section
from genre_core.ui.components.test_set.state import TestSetState
from genre_core.ui.components.test_set.words import count, points
from genre_core.ui.components.text import as_markdown
from genre_core.ui.scores_view import Unit

_MOST_CHANGES = 6


def matrices(state: TestSetState, found: Result) -> None:
    """Show the matrix by frame beside the one by song; a cell opens on a click."""
    summary = found.summary
    section(
        "What is taken for what",
        "Each row is one true genre and adds up to 100 %, with its number of frames or songs in "
        "brackets; each column is what was named. The diagonal is right, everything beside it is "
        "an error. Click a cell to open its songs, or choose it below the matrices.",
    )
    st.toggle(
        "Counts instead of percentages",
        key="ts_counts",
        value=state.show_counts,
        on_change=lambda: setattr(state, "show_counts", st.session_state["ts_counts"]),
    )
    with st.grid(2, min_column_width=330, gap="medium"):
        _matrix(state, found, "frame", summary.frame_confusion)
        _matrix(state, found, "song", summary.song_confusion)


def difference(state: TestSetState, found: Result) -> None:
    """Show what changed from the matrix by frame to the one by song, cell by cell."""
    summary, genres = found.summary, found.score_set.genres
    section(
        "What combining changed",
        "By song minus by frame, in percentage points of the row. On the diagonal more is better, "
        "everywhere else fewer is better; an empty cell changed by less than half a point.",
    )
    changed = confusion_difference(summary.frame_confusion, summary.song_confusion)
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(key="ts_difference"):
            st.plotly_chart(
                difference_figure(
                    summary.frame_confusion,
                    summary.song_confusion,
                    genres,
                    chosen=_chosen(state, found),
                    dark=is_dark(),
                ),
                config=CHART_CONFIG,
                key="ts_difference_chart",
                alt="Difference of the two matrices. " + " ".join(_changes(changed, genres)),
            )
        with st.container():
            lines = _changes(changed, genres)
            st.markdown("**The largest changes**" if lines else "Nothing changed.")
            st.markdown("\n".join(f"- {as_markdown(line)}" for line in lines))


def _matrix(state: TestSetState, found: Result, unit: Unit, counts: np.ndarray) -> None:
    genres = found.score_set.genres
    chosen = _chosen(state, found) if state.view.unit == unit else None
    confusions = largest_confusions(counts, genres)
    errors = "; ".join(
        f"{true} named {named} in {n} of {total}" for true, named, n, total in confusions
    )
    sentence = f"Most frequent errors: {errors}." if errors else "There are no errors."
    key = f"ts_matrix_{unit}"
    with st.container(gap="xsmall"):
        st.markdown(f"##### By {unit}")
        st.plotly_chart(
            confusion_figure(
                counts,
                genres,
                what=f"{unit}s",
                show_counts=state.show_counts,
                chosen=chosen,
                dark=is_dark(),
            ),
            config=CHART_CONFIG,
            key=key,
            on_select=lambda: _picked(state, found, unit, key),
            selection_mode="points",
            alt=f"Confusion matrix of {count(int(counts.sum()), unit)}. {sentence}",
        )
        st.caption(as_markdown(sentence))


def _picked(state: TestSetState, found: Result, unit: Unit, key: str) -> None:
    """Open the cell that was clicked."""
    selected = st.session_state[key]["selection"]["points"]
    if selected:
        genres = found.score_set.genres
        state.open_cell(genres[int(selected[0]["y"])], genres[int(selected[0]["x"])], unit)


def _chosen(state: TestSetState, found: Result) -> Cell | None:
    view, genres = state.view, found.score_set.genres
    if not view.true:
        return None
    return genres.index(view.true), genres.index(view.named)


def _changes(changed: np.ndarray, genres: tuple[str, ...]) -> list[str]:
    values = np.nan_to_num(changed)
    order = np.argsort(-np.abs(values), axis=None, kind="stable")[:_MOST_CHANGES]
    lines = []
    for i, j in (np.unravel_index(index, values.shape) for index in order):
        if abs(values[i, j]) < 0.5:
            break
        what = "right" if i == j else f"named {genres[j]}"
        good = (values[i, j] > 0) == (i == j)
        lines.append(
            f"{genres[i]} {what}: {points(values[i, j] / 100)} points, "
            f"{'better' if good else 'worse'}."
        )
    return lines
