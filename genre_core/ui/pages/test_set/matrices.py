"""Both confusion matrices side by side, and what combining the frames changed."""

from collections.abc import Callable
from typing import get_args

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from genre_core.evaluation.metrics import Shares, alike_order, confusion_difference
from genre_core.plots.confusion import (
    Cell,
    confusion_figure,
    difference_figure,
    largest_confusions,
)
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set.link import ScoresView, Unit
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import is_dark, section
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.pages.test_set.words import points
from genre_core.ui.words import count, percent

_MOST_CHANGES = 6
_CELLS: dict[Shares, str] = {"row": "% of the true", "column": "% of the named", "count": "Counts"}
_READING: dict[Shares, str] = {
    "row": "Each row is one true genre and adds up to 100 %; its number of frames or songs is "
    "in brackets. Each column is a named genre. The diagonal is the recall, the rest is errors.",
    "column": "Each column is one named genre and adds up to 100 %; its number is in brackets. "
    "Each row is one true genre. The diagonal is the precision: how far a verdict can be trusted.",
    "count": "Each row is one true genre; its number of frames or songs is in brackets. Each "
    "column is a named genre. The diagonal is correct, the rest is errors. Colours are percentages "
    "of the row.",
}


def genre_order(view: ScoresView, result: Result) -> np.ndarray:
    """Return the genres' places, the same in all matrices.

    By the matrix of frames where confused genres stand side by side: frames are more than songs.
    """
    if view.order == "alike":
        return alike_order(result.summary.frame_confusion)
    return np.arange(len(result.score_set.genres))


def matrices(state: ScoresState, result: Result, order: np.ndarray) -> None:
    """Show the matrix by frame beside the one by song; a cell opens on a click.

    `order` is that of `genre_order`, int (n_genres,).
    """
    summary = result.summary
    section(
        "Which genres are confused",
        f"{_READING[state.view.cells]} Click a cell to open its songs, or choose it below the "
        "matrices.",
        "matrices",
    )
    _controls(state)
    with st.grid(2, min_column_width=330, gap="medium"):
        _matrix(state, result, order, "frame", summary.frame_confusion)
        _matrix(state, result, order, "song", summary.song_confusion)


def difference(state: ScoresState, result: Result, order: np.ndarray) -> None:
    """Show what changed from the matrix by frame to the one by song; `order` as in `matrices`."""
    summary, genres = result.summary, result.score_set.genres
    section(
        "What combining changed",
        "By song minus by frame, in percentage points of the row. Blue is better, orange is worse: "
        "on the diagonal more is better, elsewhere fewer. An empty cell changed by less than half "
        "a point.",
        "difference",
    )
    changed = confusion_difference(summary.frame_confusion, summary.song_confusion)
    by_order = np.ix_(order, order)
    lines = _changes(changed, genres)
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(key="ts_difference"):
            _clickable(
                state,
                result,
                order,
                "song",
                "ts_difference_chart",
                lambda names, chosen: difference_figure(
                    summary.frame_confusion[by_order],
                    summary.song_confusion[by_order],
                    names,
                    chosen=chosen,
                    dark=is_dark(),
                ),
                alt="Difference of the two matrices. " + " ".join(lines),
            )
        with st.container():
            st.markdown("**The largest changes**" if lines else "Nothing changed.")
            st.markdown("\n".join(f"- {as_markdown(line)}" for line in lines))
            if state.view.true:
                st.markdown(_open_cell(state, result))


def _controls(state: ScoresState) -> None:
    """Show what the cells show, and in which order the genres stand."""
    view = state.view
    st.session_state.update({"ts_cells": view.cells, "ts_order": view.order == "alike"})
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.segmented_control(
            "What the cells show",
            get_args(Shares),
            key="ts_cells",
            on_change=lambda: state.change(cells=st.session_state["ts_cells"]),
            format_func=_CELLS.__getitem__,
            required=True,
            label_visibility="collapsed",
        )
        st.toggle(
            "Confused genres side by side",
            key="ts_order",
            on_change=lambda: state.change(
                order="alike" if st.session_state["ts_order"] else "name"
            ),
            help="Orders the genres by how often one is taken for the other, frame by frame, so "
            "that families of genres show as blocks along the diagonal.",
        )


def _matrix(
    state: ScoresState, result: Result, order: np.ndarray, unit: Unit, counts: np.ndarray
) -> None:
    confusions = largest_confusions(counts, result.score_set.genres)
    errors = "; ".join(
        f"{true} named {named} in {n} of {total}" for true, named, n, total in confusions
    )
    sentence = f"Most frequent errors: {errors}." if errors else "There are no errors."
    with st.container(gap="xsmall"):
        st.markdown(f"### By {unit}")
        _clickable(
            state,
            result,
            order,
            unit,
            f"ts_matrix_{unit}",
            lambda names, chosen: confusion_figure(
                counts[np.ix_(order, order)],
                names,
                what=f"{unit}s",
                cells=state.view.cells,
                chosen=chosen if state.view.unit == unit else None,
                dark=is_dark(),
            ),
            alt=f"Confusion matrix of {count(int(counts.sum()), unit)}. {sentence}",
        )
        st.caption(as_markdown(sentence))


def _clickable(
    state: ScoresState,
    result: Result,
    order: np.ndarray,
    unit: Unit,
    key: str,
    draw: Callable[[list[str], Cell | None], go.Figure],
    alt: str,
) -> None:
    """Show a matrix whose cells open on a click.

    `draw` makes the figure of the genres in their order and the place of the open cell.
    """
    names = [result.score_set.genres[i] for i in order]
    view = state.view
    chosen = (names.index(view.true), names.index(view.named)) if view.true else None

    def picked() -> None:
        selected = st.session_state[key]["selection"]["points"]
        if selected:
            state.open_cell(names[int(selected[0]["y"])], names[int(selected[0]["x"])], unit)

    st.plotly_chart(
        draw(names, chosen),
        config=CHART_CONFIG,
        key=key,
        on_select=picked,
        selection_mode="points",
        alt=alt,
    )


def _open_cell(state: ScoresState, result: Result) -> str:
    """Return what the open cell is by frame and by song, as Markdown with a link to its songs."""
    view, genres = state.view, result.score_set.genres
    place = genres.index(view.true), genres.index(view.named)
    parts = []
    for unit, counts in (
        ("frame", result.summary.frame_confusion),
        ("song", result.summary.song_confusion),
    ):
        n, total = int(counts[place]), int(counts[place[0]].sum())
        share = f" ({percent(n / total)})" if total else ""
        parts.append(f"{n} of {count(total, unit)}{share}")
    return (
        f"**{as_markdown(view.true)} named {as_markdown(view.named)}**: {parts[0]}, then "
        f"{parts[1]}. [See the songs](#songs)"
    )


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
