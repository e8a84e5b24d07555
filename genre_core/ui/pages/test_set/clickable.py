"""A matrix whose cells open on a click, and the order of the genres in all matrices."""

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from genre_core.evaluation.metrics import alike_order
from genre_core.plots.confusion import Cell
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.pages.test_set.link import ScoresView, Unit
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.state import ScoresState


def genre_order(view: ScoresView, result: Result) -> list[int]:
    """Return the places of the genres that occur, the same in all matrices.

    By the matrix of frames where confused genres stand side by side: frames are more than songs.
    """
    counts = result.summary.frame_confusion
    places = alike_order(counts) if view.order == "alike" else np.arange(len(counts))
    by_song = result.summary.song_confusion
    occurs = (counts + counts.T + by_song.T).sum(axis=1) > 0
    return [int(place) for place in places[occurs[places]]]


def clickable(
    state: ScoresState,
    result: Result,
    order: Sequence[int],
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
    is_there = view.true in names and view.named in names
    chosen = (names.index(view.true), names.index(view.named)) if is_there else None

    def picked() -> None:
        selected = st.session_state[key]["selection"]["points"]
        if selected:
            row, column = selected[0]["customdata"]
            state.open_cell(names[int(row)], names[int(column)], unit)

    st.plotly_chart(
        draw(names, chosen),
        config=CHART_CONFIG,
        key=key,
        on_select=picked,
        selection_mode="points",
        alt=alt,
    )
