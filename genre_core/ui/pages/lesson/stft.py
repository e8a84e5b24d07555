"""Step 2: the short-time Fourier transform."""

import streamlit as st

from genre_core.features.log_mel import power_spectrogram
from genre_core.lesson.spectra import decibels, stft_settings
from genre_core.plots.lesson.spectrogram import stft_figure
from genre_core.plots.lesson.spectrum import spectrum_figure
from genre_core.plots.time_axis import clock
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.link import N_FFTS
from genre_core.ui.pages.lesson.parts import Step, bound, chart, formula, question, say, sound


def _show(lesson: Lesson) -> None:
    n_fft, rate = lesson.view.n_fft, lesson.waveform.sample_rate
    text, beside = say(
        "Which tones are in it? We cut the wave into short, overlapping **windows** and ask for "
        "each: how strong is every frequency in it? This is the **short-time Fourier transform "
        "(STFT)**. The answer for one window is one upright **column** of a picture; all columns "
        "side by side are a **spectrogram**."
    )
    with beside.container(border=True):
        st.select_slider(
            "Length of the window (n_fft)",
            N_FFTS,
            format_func=lambda n: f"{n} samples, {1000 * n / rate:.0f} ms",
            **bound(lesson, "n_fft"),
        )
    text.markdown(
        f"This window lasts **{1000 * n_fft / rate:.0f} milliseconds** and tells tones apart "
        f"that differ by **{rate / n_fft:.1f} Hz**. "
        + (
            "This is what the network uses."
            if n_fft == lesson.features.n_fft
            else f"The network uses {lesson.features.n_fft} samples."
        )
    )
    start, samples = lesson.piece()
    seconds = len(samples) / rate
    settings = stft_settings(lesson.features, n_fft)
    level = decibels(power_spectrogram(samples, settings), lesson.features.top_db)
    loudest = int(level.sum(axis=1).argmax())
    at = start + loudest * settings.hop_length / rate
    with st.grid(2, min_column_width=330):
        chart(
            stft_figure(level.T, rate, start, seconds),
            "stft",
            "Bright is strong. Beats stand upright, held tones lie flat. A short window draws "
            "sharp beats, a long one sharp tones.",
            f"Spectrogram of {seconds:.1f} s from {clock(start)}: frequencies from 0 to "
            f"{rate // 2} Hz upwards in {n_fft // 2 + 1} rows, {len(level)} columns across.",
            level,
        )
        peak_hz = int(level[loudest].argmax()) * rate / n_fft
        chart(
            spectrum_figure(level[loudest], rate),
            "spectrum",
            f"The loudest column alone, at {at:.2f} s. Each peak is a tone; here the strongest "
            f"lies at {peak_hz:,.0f} Hz.",
            f"Levels over frequency of the column at {at:.2f} s; strongest at {peak_hz:.0f} Hz.",
        )
    with beside:
        sound(
            samples,
            rate,
            f"These {seconds:.0f} seconds, from {clock(start)}. (Step 1 moves them.)",
            charts=["stft"],
            start_seconds=start,
        )
    question(
        "Why not always take the longest window, if it tells tones apart best?",
        "Because a long window cannot tell *when* something happened: a drum hit anywhere in it "
        "fills the whole column and is smeared over a third of a second. Fine in frequency means "
        "coarse in time, and the other way round; nobody can have both. "
        f"{lesson.features.n_fft} samples ({1000 * lesson.features.n_fft / rate:.0f} ms) is a "
        "compromise: short enough for beats, long enough for tones.",
    )
    formula(
        r"P[m, k] = \left|\,\sum_{n=0}^{N-1} w[n]\; x[n + mH]\; e^{-2\pi i k n / N}\right|^2",
        f"$N$ = {n_fft} is the window's length (n_fft), $w$ the Hann window, which fades each "
        f"piece in and out, $H$ = {settings.hop_length} samples the step from column $m$ to the "
        f"next (hop), $k$ the frequency bin at $k \\cdot {rate / n_fft:.1f}$ Hz. Gabor (1946): "
        "Theory of communication. Choi et al. (2017), section 3: 12 kHz, a hop of 256.",
    )


STEP = Step("stft", "STFT", "Which tones, and when?", _show)
