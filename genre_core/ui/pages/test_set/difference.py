"""What combining the frames changed, cell by cell."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from genre_core.evaluation.metrics import confusion_difference
from genre_core.plots.confusion import difference_figure
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set.clickable import clickable
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import is_dark, section
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.pages.test_set.words import points
from genre_core.ui.words import count, percent

_MOST_CHANGES = 6


def difference(state: ScoresState, result: Result, order: Sequence[int]) -> None:
    """Show what changed from the matrix by frame to the one by song."""
    summary, genres = result.summary, result.score_set.genres
    section(
        "What combining changed",
        "By song minus by frame, in percentage points of the row. Blue is better, orange is worse: "
        "on the diagonal more is better, elsewhere fewer. An empty cell changed by less than half "
        "a point.",
    )
    changed = confusion_difference(summary.frame_confusion, summary.song_confusion)
    by_order = np.ix_(order, order)
    lines = _changes(changed, genres)
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container(key="ts_difference"):
            clickable(
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


def _open_cell(state: ScoresState, result: Result) -> str:
    """Return what the open cell is by frame and by song, as Markdown."""
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
        f"{parts[1]}. Its songs are beside the matrices."
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
