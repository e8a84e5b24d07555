"""Step 1: the sound wave."""

import streamlit as st

from genre_core.lesson.spectra import piece
from genre_core.plots.lesson.wave import wave_figure
from genre_core.plots.time_axis import clock
from genre_core.ui.pages.lesson.context import PIECE_SECONDS, Lesson
from genre_core.ui.pages.lesson.link import ZOOMS_SECONDS
from genre_core.ui.pages.lesson.parts import Step, bound, chart, formula, question, say, sound

_MOST_PLAYED_SECONDS = 30.0


def _show(lesson: Lesson) -> None:
    waveform, view = lesson.waveform, lesson.view
    rate = waveform.sample_rate
    _, beside = say(
        "Sound is air that is pressed together and pulled apart, many times a second. A microphone "
        "measures this push and pull, and a computer writes the measurements down: here "
        f"**{rate:,} numbers (samples) a second**. These numbers are all that the network "
        "gets of the song."
    )
    duration = waveform.duration_seconds
    with beside.container(border=True), st.grid(2, min_column_width=200):
        st.select_slider(
            "How much to see",
            [zoom for zoom in ZOOMS_SECONDS if zoom < duration],
            format_func=_zoom_words,
            **bound(lesson, "zoom", view.zoom if view.zoom < duration else 0.0),
        )
        st.slider(
            "Where to look (seconds from the start)",
            0.0,
            max(duration - PIECE_SECONDS, 1.0),
            step=0.5,
            format="%.1f s",
            disabled=view.zoom == 0.0,
            **bound(lesson, "at", min(view.at, max(duration - PIECE_SECONDS, 1.0))),
        )
    start, samples = piece(waveform, 0.0 if view.zoom == 0 else view.at, view.zoom or duration)
    seconds = len(samples) / rate
    if seconds <= 0.03:
        see = (
            f"Each dot is one of the numbers, one every {1 / rate:.5f} s. A tone is a pattern that "
            "repeats."
        )
    elif seconds <= 1.0:
        see = "Single numbers run into a line. Look for patterns that come back: tones and beats."
    else:
        see = "Tall is loud, flat is quiet. Drums stand out as sharp spikes that fade quickly."
    chart(
        wave_figure(samples, rate, start),
        "wave",
        see,
        f"Sound wave from {start:.2f} s, {seconds:.2f} s long, {len(samples):,} numbers between "
        f"{samples.min():.2f} and {samples.max():.2f}.",
    )
    played_seconds = min(max(seconds, PIECE_SECONDS), _MOST_PLAYED_SECONDS)
    start, played = piece(waveform, start, played_seconds)
    with beside:
        sound(
            played,
            rate,
            f"{len(played) / rate:.0f} seconds from {clock(start)}, as the network gets them.",
            charts=["wave"],
            start_seconds=start,
        )
    question(
        "Why does it sound a little duller here than in the original?",
        f"With {rate:,} numbers a second one can only write down tones that swing up to "
        f"{rate // 2:,} times a second ({rate // 2:,} Hz): each swing needs at least two numbers, "
        "one for the push and one for the pull. Everything higher, such as the shimmer of "
        "cymbals, was taken out before. Melody, chords, bass and beat lie lower, so the genre can "
        "still be heard, and the network has far fewer numbers to work through.",
    )
    formula(
        r"x[n] = x(n / f_s), \qquad f_{\text{highest}} = \frac{f_s}{2}",
        f"$x[n]$ is the $n$-th number, $f_s$ = {rate:,} Hz the sample rate. Half of it is called "
        "the Nyquist frequency. Shannon (1949): Communication in the presence of noise. "
        "Choi et al. (2017), section 3: 12 kHz.",
    )


def _zoom_words(seconds: float) -> str:
    return f"{seconds:g} s" if seconds else "whole song"


STEP = Step("wave", "Wave", "Sound is a wave", _show)
