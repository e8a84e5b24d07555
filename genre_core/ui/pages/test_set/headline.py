"""The numbers first: by frame, by song, and whether the difference is more than chance."""

import html

import streamlit as st

from genre_core.evaluation.summary import Summary
from genre_core.plots.lengths import lengths_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set.comparisons import Rival, against_mean, rivals
from genre_core.ui.pages.test_set.link import ScoresView
from genre_core.ui.pages.test_set.results import (
    Library,
    Result,
    all_lengths,
)
from genre_core.ui.pages.test_set.words import (
    gain_sentence,
    interval,
    network_name,
    points,
    rival_sentence,
)
from genre_core.ui.words import IN_A_SENTENCE, count, percent

_PAPER = (
    "The paper reports 77.89 % by frame and 82 % by song, for its own network and songs that it "
    "does not list: compare the gain, not the level."
)


def headline(library: Library, view: ScoresView, result: Result) -> None:
    """Show the two accuracies with their intervals and the sentences that compare."""
    summary = result.summary
    st.html(
        '<div class="gr-tiles">'
        + _tile(
            "By frame",
            summary.frame_accuracy.value,
            interval(summary.frame_accuracy),
            f"of {count(summary.n_frames, 'frame')}; mean of the diagonal "
            f"{percent(summary.frame_diagonal, 2)}",
        )
        + _tile(
            f"By song, by {IN_A_SENTENCE[view.aggregation]}",
            summary.song_accuracy.value,
            interval(summary.song_accuracy),
            f"of {count(summary.n_songs, 'song')}; mean of the diagonal "
            f"{percent(summary.song_diagonal, 2)}",
        )
        + "</div>"
    )
    gain = gain_sentence(
        summary.averaging_gain,
        summary.n_songs,
        summary.n_frames,
        view.aggregation,
        shorter_is_there=result.score_set.has_several_frames(below=view.frame_seconds),
    )
    st.markdown(f"**{gain}**")
    if "gtzan" in result.score_set.provenance.dataset.lower():
        st.caption(_PAPER)
    mean = against_mean(library, view, result)
    if mean is not None:
        st.markdown(rival_sentence(IN_A_SENTENCE[view.aggregation], "the mean", mean))
    for rival in rivals(library, view, result):
        own = network_name(result.score_set.provenance.model)
        st.markdown(as_markdown(_compared(own, rival)))
    _lengths(library, view)
    with st.expander("How these numbers are counted", icon=":material/calculate:"):
        st.markdown(_how_counted(summary))


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
    st.plotly_chart(
        lengths_figure(by_frame, by_song, view.frame_seconds),
        config=CHART_CONFIG,
        key="ts_lengths",
        alt=f"Accuracy by frame and by song at every frame length. {sentence}",
    )
    st.caption(f"{sentence} Whiskers are 95 % intervals; the shaded length is the one shown.")


def _tile(name: str, share: float, band: str, rest: str) -> str:
    return (
        f'<div class="gr-tile"><p class="gr-soft">{html.escape(name)}</p>'
        f'<p class="gr-number">{html.escape(percent(share))}</p>'
        f"<p>{html.escape(band)}</p><p class='gr-soft'>{html.escape(rest)}</p></div>"
    )


def _compared(own: str, rival: Rival) -> str:
    if rival.test is None:
        return f"Against {network_name(rival.name)}: not compared, for {rival.why_not}."
    return rival_sentence(own, network_name(rival.name), rival.test)


def _how_counted(summary: Summary) -> str:
    return f"""
- **By frame**: the share of all frames ({summary.n_frames:,}) whose highest score is their song’s
  genre. Its interval comes from a bootstrap over songs, since frames of one song are not
  independent.
- **By song**: the same of all songs ({summary.n_songs:,}), after their frames are combined. Its
  interval is Wilson’s.
- **Mean of the diagonal**: the mean of the percentages on the diagonal of a matrix, as the paper
  computes its accuracy; genres without songs are left out. It gives every genre the same weight,
  however few songs it has, so it differs from the share of songs where genres are of unequal size.
- **More than chance**: for frames against songs, both accuracies are computed again on 2,000 sets
  of songs drawn with replacement; where the middle 95 % of the differences lie on one side of 0, it
  is called more than chance. For two networks, or two ways to combine, McNemar’s exact test asks
  whether the songs that only one of them gets right could have fallen to either by tossing a coin,
  at a level of 0.05.
"""
