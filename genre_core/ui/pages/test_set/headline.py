"""The result in one sentence."""

import streamlit as st

from genre_core.ui.components.text import unbroken
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.words import count, percent

_DOING = {"majority_vote": "Voting", "knn": "Counting neighbours"}


def headline(aggregation: str, result: Result) -> None:
    """Show the sentence."""
    with st.container(key="ts_lead"):
        st.markdown(unbroken(headline_sentence(aggregation, result)))


def headline_sentence(aggregation: str, result: Result) -> str:
    """Return how many songs are right, and how many averaging helps and spoils."""
    summary, outcomes = result.summary, result.outcomes
    n_right = int(outcomes.right.sum())
    right = (
        f"Of {count(summary.n_songs, 'song')} the network names **{n_right} right** "
        f"({percent(summary.song_accuracy.value, 0)})."
    )
    if summary.n_frames == summary.n_songs:
        return f"{right} Each song is one frame here: there is nothing to average."
    doing = _DOING.get(aggregation, "Averaging its frames")
    n_helped, n_spoilt = int(outcomes.repaired.sum()), int(outcomes.broken.sum())
    if not n_helped and not n_spoilt:
        return f"{right} {doing} changes none of them."
    return f"{right} {doing} helps {count(n_helped, 'song')} and spoils {n_spoilt}."
