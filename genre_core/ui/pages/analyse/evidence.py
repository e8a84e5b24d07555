"""Under the verdict: how often the network is right when it is as sure, and where to go on."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from genre_core.evaluation.surety import Surety
from genre_core.inference.analysis import SongAnalysis
from genre_core.models.familiarity import UNLIKE_LEVEL
from genre_core.types import Verdict
from genre_core.ui import url
from genre_core.ui.words import percent


def place() -> DeltaGenerator:
    """Make room for it: the rules of style make it as high before as after."""
    with st.container(key="verdict_evidence"):
        room = st.empty()
    room.html("<p></p>")
    return room


def show_evidence(
    room: DeltaGenerator,
    analysis: SongAnalysis,
    verdict: Verdict,
    surety: Surety | None,
    test_set: Page,
    two_songs: Page,
    frame_seconds: float,
) -> None:
    """Show it in its `room`, and a link to the page that sets another song beside this one.

    The first link leads to the page `test_set`, at the same aggregation.
    """
    with room.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
    ):
        _how_often_right(analysis, verdict, surety, test_set)
        st.page_link(
            two_songs,
            label="Compare with another song",
            icon=":material/compare_arrows:",
            query_params={"first": "analysed", "t": f"{frame_seconds:g}"},
        )


def _how_often_right(
    analysis: SongAnalysis, verdict: Verdict, surety: Surety | None, test_set: Page
) -> None:
    if analysis.unlike_training:
        st.caption(
            f"{percent(UNLIKE_LEVEL, 0)} of the songs that the network was checked with sound more "
            "like those it learnt from. So the genre says little."
        )
        return
    if surety is None:
        st.caption("How often this network is right has not been measured.")
        return
    names = {name: key for key, name in url.AGGREGATIONS.items()}
    st.page_link(
        test_set,
        label=in_words(surety),
        icon=":material/grid_view:",
        query_params={"agg": names[verdict.aggregation]},
    )


def in_words(surety: Surety) -> str:
    """Return how many songs of the test set were right at this confidence."""
    like_it = surety.like_it
    where = f"{percent(like_it.low, 0)} to {percent(like_it.high, 0)}"
    if like_it.count == 0:
        return f"No test song got {where}."
    if like_it.count == 1:
        outcome = "right" if surety.n_right else "wrong"
        return f"One test song got {where}. It was {outcome}."
    return f"Of {like_it.count} test songs with {where}, {surety.n_right} were right."
