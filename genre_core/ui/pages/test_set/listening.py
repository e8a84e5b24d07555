"""Accuracy against the number of frames combined."""

import numpy as np
import streamlit as st

from genre_core.evaluation.listening_curve import ListeningCurve, listening_curve
from genre_core.plots.bands import listening_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.pages.test_set.link import ScoresView
from genre_core.ui.pages.test_set.results import Result, hits
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.words import count, percent


def listening(view: ScoresView, result: Result) -> None:
    """Show accuracy against the number of frames combined; genres on demand."""
    section(
        "How many frames are enough?",
        "Each song is named from 1, 2, … of its frames, drawn at random a hundred times. Where the "
        "line lies flat, more frames do not help.",
    )
    rates = hits(result.digest, result)
    n_most = rates.share.shape[1]
    if n_most == 1:
        st.info(
            f"At {view.frame_seconds:g} s most songs have one frame only, so there is nothing to "
            "compare."
            + (
                " Choose a shorter frame."
                if result.score_set.has_several_frames(below=view.frame_seconds)
                else ""
            ),
            icon=":material/timer:",
        )
        return
    labels, genres = result.score_set.labels(), result.score_set.genres
    there = [genre for i, genre in enumerate(genres) if (labels[rates.included] == i).any()]
    chosen = st.pills(
        "Show single genres",
        there,
        selection_mode="multi",
        key="ts_listening_genres",
    )
    curve = listening_curve(rates)
    single = {
        genre: listening_curve(rates, labels == genres.index(genre))
        for genre in chosen or ()
        if genre in there
    }
    said = sentence(curve, view.frame_seconds)
    st.plotly_chart(
        listening_figure(curve, view.frame_seconds, single),
        config=CHART_CONFIG,
        key="ts_listening",
        alt=f"Accuracy against the number of frames. {said}",
    )
    left_out = int((~rates.included).sum())
    shorter = (
        f" {count(left_out, 'song')} with fewer than {n_most} frames "
        f"{'is' if left_out == 1 else 'are'} left out, so that every point is about the same songs."
        if left_out
        else ""
    )
    st.caption(f"{said} The band is the 95 % interval of a bootstrap over songs.{shorter}")


def sentence(curve: ListeningCurve, frame_seconds: float) -> str:
    """Say what more frames bring, and from how many on they bring no more."""
    n_most = len(curve.accuracy)
    below = np.flatnonzero(curve.accuracy < curve.accuracy[-1] - 0.01)
    enough = int(below[-1]) + 2 if len(below) else 1
    ends = (
        f"One frame of {frame_seconds:g} s: {percent(curve.accuracy[0])} right; all {n_most}: "
        f"{percent(curve.accuracy[-1])}. "
    )
    if enough == n_most:
        return ends + (
            "One frame fewer is already more than one point worse: more frames might help further."
        )
    return ends + (
        f"From {count(enough, 'frame')} ({enough * frame_seconds:.4g} s) on it stays within one "
        "point of that or above."
    )
