"""What was measured, how it is counted, and what is wrong with it."""

import streamlit as st

from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.summary import Summary
from genre_core.ui.components.text import as_markdown
from genre_core.ui.network_names import network_name
from genre_core.ui.pages.test_set.comparisons import Rival, rivals
from genre_core.ui.pages.test_set.honesty import honesty_card
from genre_core.ui.pages.test_set.link import ScoresView
from genre_core.ui.pages.test_set.results import Library, Result
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.pages.test_set.words import rival_sentence
from genre_core.ui.words import percent


def limits(library: Library, view: ScoresView, result: Result, whole: ScoreSet) -> None:
    """Show the tab; `whole` has the songs not shown too."""
    honesty_card(view, result, whole)
    others = rivals(library, view, result)
    if others:
        section("Against other networks", "The same songs, named by other networks.")
        own = network_name(result.score_set.provenance.model)
        for rival in others:
            st.markdown(as_markdown(_compared(own, rival)))
    section("How these numbers are counted", "For those who want to check them.")
    st.markdown(_how_counted(result.summary))


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
- **Helped and spoilt**: a song is helped if it is right though some of its frames are wrong, and
  spoilt if it is wrong though some of its frames are right.
- **Mean of the diagonal**: the mean of the percentages on the diagonal of a matrix, as the paper
  computes its accuracy; genres without songs are left out. It gives every genre the same weight,
  however few songs it has, so it differs from the share of songs where genres are of unequal size.
  Here it is {percent(summary.frame_diagonal, 2)} by frame and
  {percent(summary.song_diagonal, 2)} by song.
- **More than chance**: for frames against songs, both accuracies are computed again on 2,000 sets
  of songs drawn with replacement; where the middle 95 % of the differences lie on one side of 0, it
  is called more than chance. For two networks, or two ways to combine, McNemar’s exact test asks
  whether the songs that only one of them gets right could have fallen to either by tossing a coin,
  at a level of 0.05.
"""
