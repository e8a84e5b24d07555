"""Step 3: mel bands."""

from dataclasses import replace

import streamlit as st

from genre_core.features.mel_scale import edges_hz
from genre_core.lesson.spectra import decibels, mel_power, n_empty_bands
from genre_core.plots.lesson.spectrogram import mel_piece_figure
from genre_core.plots.lesson.spectrum import filter_bank_figure
from genre_core.plots.time_axis import clock
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.link import N_MELS
from genre_core.ui.pages.lesson.parts import Step, bound, chart, formula, question, say, sound

# Formula of mel(f), and what the triangles of the scale have in common.
_SCALES: dict[str, tuple[str, str]] = {
    "slaney": (
        r"\begin{cases} \frac{3 f}{200} & f < 1000\ \text{Hz} \\"
        r" 15 + 27 \, \log_{6.4} \frac{f}{1000} & f \geq 1000\ \text{Hz} \end{cases}",
        "area. The formula is Slaney’s (1998, Auditory toolbox).",
    ),
    "htk": (
        r"2595 \, \log_{10} \left(1 + \frac{f}{700\ \text{Hz}}\right)",
        "height. The formula is that of the HTK book (Young et al. 2006).",
    ),
}


def _show(lesson: Lesson) -> None:
    features, rate = lesson.features, lesson.waveform.sample_rate
    n_bins = features.n_fft // 2 + 1
    text, beside = say(
        "Our ears tell low tones apart much better than high ones: from 100 to 200 Hz is a whole "
        "octave, from 5,000 to 5,100 Hz hardly a difference. So the rows of the spectrogram are "
        "gathered into **mel bands**: narrow ones for low tones, wide ones for high tones. From "
        f"{n_bins} rows only {features.n_mels} are left, and each counts about equally to the ear."
    )
    settings = replace(features, n_mels=lesson.view.n_mels)
    with beside.container(border=True):
        st.select_slider(
            "Number of mel bands",
            N_MELS,
            format_func=lambda n: f"{n} bands",
            **bound(lesson, "n_mels"),
        )
    empty = n_empty_bands(settings)
    if empty:
        text.markdown(
            f"**{empty} of {settings.n_mels} bands are empty**: they are narrower than the "
            "steps of the STFT, so there is nothing for them to gather."
        )
    elif settings.n_mels == features.n_mels:
        text.markdown("This is what the network uses.")
    else:
        text.markdown(f"The network uses {features.n_mels} bands.")
    start, samples = lesson.piece()
    seconds = len(samples) / rate
    level = decibels(mel_power(samples, settings), features.top_db)
    middle_hz = round(float(edges_hz(settings)[settings.n_mels // 2]), -2)
    with st.grid(2, min_column_width=330):
        chart(
            filter_bank_figure(settings),
            "filter_bank",
            "Each triangle gathers one band: narrow ones on the left, wide ones on the right. "
            "The dots of the blue one are the STFT’s rows that it adds up.",
            f"{settings.n_mels} overlapping triangles over 0 to {rate // 2} Hz that grow wider "
            "towards high frequencies.",
        )
        chart(
            mel_piece_figure(level, settings, start, seconds),
            "mel",
            "The same three seconds in mel bands. The lower half of the picture now belongs to "
            f"the lowest {middle_hz:,.0f} Hz or so, where melody and bass are.",
            f"Mel-spectrogram of {seconds:.1f} s from {clock(start)} in {settings.n_mels} bands.",
            level,
        )
    with beside:
        sound(
            samples,
            rate,
            f"These {seconds:.0f} seconds, from {clock(start)}. (Step 1 moves them.)",
            charts=["mel"],
            start_seconds=start,
        )
    question(
        "With only 12 bands, what is lost, and what is left?",
        "Melody and chords melt into broad stripes: one can no longer say which note is played. "
        "The beat stays, for the columns are the same, and so does the colour of the sound, dark "
        "or bright. More bands are not always better either: the network would need more memory "
        "and time, and beyond a point the bands are finer than the STFT’s own rows and some stay "
        "empty.",
    )
    scale, words = _SCALES[settings.mel_scale]
    formula(
        r"\begin{aligned} M[m, b] &= \sum_k W[b, k]\; P[m, k] \\ \text{mel}(f) &= "
        + scale
        + r" \end{aligned}",
        "$W[b, k]$ is the height of triangle $b$ at the STFT’s row $k$; there are equal steps "
        f"between the triangles in mel, and all have the same {words} Stevens, Volkmann and Newman "
        "(1937) measured the scale with listeners. Choi et al. (2017), section 3: 96 bands.",
    )


STEP = Step("mel", "Mel", "Hear like an ear: mel bands", _show)
