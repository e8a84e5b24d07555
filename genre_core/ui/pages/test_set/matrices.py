"""Both confusion matrices side by side, and beside them the songs of a cell."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from genre_core.evaluation.metrics import Estimate, Shares
from genre_core.plots.confusion import confusion_figure, largest_confusions
from genre_core.ui.components.text import unbroken
from genre_core.ui.pages.test_set.cell import cell
from genre_core.ui.pages.test_set.clickable import clickable
from genre_core.ui.pages.test_set.link import Unit
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import is_dark
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.pages.test_set.words import interval
from genre_core.ui.words import count, percent

_HEIGHT = 430  # px: with all above it, both end within a window of 900
_READING: dict[Shares, str] = {
    "row": "Each row is one true genre and adds up to 100 %; its number of frames or songs is "
    "in brackets. Each column is a named genre. The diagonal is the recall, the rest is errors.",
    "column": "Each column is one named genre and adds up to 100 %; its number is in brackets. "
    "Each row is one true genre. The diagonal is the precision: how far a verdict can be trusted.",
    "count": "Each row is one true genre; its number of frames or songs is in brackets. Each "
    "column is a named genre. The diagonal is correct, the rest is errors. Colours are percentages "
    "of the row.",
}


def matrices(state: ScoresState, result: Result, order: Sequence[int]) -> None:
    """Show the matrix by frame, the one by song, and the songs of the open cell.

    `order` is that of `genre_order`.
    """
    summary = result.summary
    with st.grid(3, min_column_width=330, gap="small", key="ts_matrices"):
        _matrix(state, result, order, "frame", summary.frame_confusion, summary.frame_accuracy)
        _matrix(state, result, order, "song", summary.song_confusion, summary.song_accuracy)
        with st.container(key="ts_cell", gap="small"):
            cell(state, result)
    st.caption(_READING[state.view.cells])


def _matrix(
    state: ScoresState,
    result: Result,
    order: Sequence[int],
    unit: Unit,
    counts: np.ndarray,
    accuracy: Estimate,
) -> None:
    confusions = largest_confusions(counts, result.score_set.genres)
    errors = "; ".join(
        f"{true} named {named} in {n} of {total}" for true, named, n, total in confusions
    )
    sentence = f"Most frequent errors: {errors}." if errors else "There are no errors."
    with st.container(gap="xsmall"):
        st.header(unbroken(f"By {unit}: {percent(accuracy.value)} right"), anchor=False)
        st.caption(f"{count(int(counts.sum()), unit)}; {interval(accuracy)}")
        clickable(
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
                height=_HEIGHT,
            ),
            alt=f"Confusion matrix of {count(int(counts.sum()), unit)}. {sentence}",
        )
