"""What combining the frames changes: by length, by genre, by song."""

import streamlit as st

from genre_core.plots.lengths import lengths_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.pages.test_set.comparisons import against_mean
from genre_core.ui.pages.test_set.difference import difference
from genre_core.ui.pages.test_set.link import ScoresView
from genre_core.ui.pages.test_set.listening import listening
from genre_core.ui.pages.test_set.overview import overview
from genre_core.ui.pages.test_set.repairs import repairs
from genre_core.ui.pages.test_set.results import Library, Result, all_lengths
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.pages.test_set.words import gain_sentence, points, rival_sentence
from genre_core.ui.words import AGGREGATIONS_EXPLAINED, IN_A_SENTENCE, percent

_PAPER = (
    "The paper reports 77.89 % by frame and 82 % by song, for its own network and songs that it "
    "does not list: compare the gain, not the level."
)


def averaging(state: ScoresState, library: Library, result: Result, order: list[int]) -> None:
    """Show the tab; `order` is that of the genres in the matrices."""
    view, summary = state.view, result.summary
    gain = gain_sentence(
        summary.averaging_gain,
        summary.n_songs,
        summary.n_frames,
        view.aggregation,
        shorter_is_there=result.score_set.has_several_frames(below=view.frame_seconds),
    )
    st.markdown(f"**{gain}**")
    st.caption(AGGREGATIONS_EXPLAINED[view.aggregation])
    if "gtzan" in result.score_set.provenance.dataset.lower():
        st.caption(_PAPER)
    mean = against_mean(library, view, result)
    if mean is not None:
        st.markdown(rival_sentence(IN_A_SENTENCE[view.aggregation], "the mean", mean))
    repairs(state, result)
    difference(state, result, order)
    listening(view, result)
    _lengths(library, view)
    overview(library, view, result)


def _lengths(library: Library, view: ScoresView) -> None:
    """Show both accuracies at every frame length, if there are several."""
    summaries = all_lengths(library, view)
    if len(summaries) < 2:
        return
    by_frame = {seconds: summary.frame_accuracy for seconds, summary in summaries.items()}
    by_song = {seconds: summary.song_accuracy for seconds, summary in summaries.items()}
    best = max(by_song, key=lambda seconds: by_song[seconds].value)
    gain = max(summaries, key=lambda seconds: summaries[seconds].averaging_gain.value)
    most = summaries[gain].averaging_gain.value
    sentence = f"By song the most is right with frames of {best:g} s: " + (
        f"{percent(by_song[best].value)}. "
        + (
            f"Combining brings the most with frames of {gain:g} s: {points(most)} points."
            if most > 0
            else "Combining gains nothing at any length."
        )
    )
    st.header("Short frames or long ones?", anchor=False)
    st.plotly_chart(
        lengths_figure(by_frame, by_song, view.frame_seconds),
        config=CHART_CONFIG,
        key="ts_lengths",
        alt=f"Accuracy by frame and by song at every frame length. {sentence}",
    )
    st.caption(f"{sentence} Whiskers are 95 % intervals; the shaded length is the one shown.")
