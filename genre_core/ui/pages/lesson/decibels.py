"""Step 4: decibels."""

import streamlit as st

from genre_core.lesson.spectra import attenuated, decibels, mel_power, share_at_floor
from genre_core.plots.lesson.spectrogram import mel_piece_figure
from genre_core.plots.time_axis import clock
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.link import RANGES_DB
from genre_core.ui.pages.lesson.parts import Step, bound, chart, formula, question, say, sound
from genre_core.ui.words import percent


def _show(lesson: Lesson) -> None:
    features, rate = lesson.features, lesson.waveform.sample_rate
    range_db = lesson.view.range_db
    _, beside = say(
        "The loudest sounds are millions of times as strong as the softest that we still hear. "
        "Our ears do not notice the *difference* but the *ratio*: ten times the power always "
        "sounds like the same step up. **Decibels (dB)** count such steps: ten times the power is "
        "10 dB more. So soft sounds become visible beside loud ones."
    )
    with beside.container(border=True):
        st.select_slider(
            "Dynamic range: how far under the loudest point we still look",
            RANGES_DB,
            format_func=lambda db: f"{db} dB",
            **bound(lesson, "range_db"),
        )
    start, samples = lesson.piece()
    seconds = len(samples) / rate
    power = mel_power(samples, features)
    level = decibels(power, float(range_db), features.amin)
    hidden = share_at_floor(level)
    with st.grid(2, min_column_width=330):
        chart(
            mel_piece_figure(power, features, start, seconds, unit=""),
            "power",
            "Without decibels: power as it is. All but the very loudest is black, although you "
            "hear much more than that.",
            f"Power in mel bands over {seconds:.1f} s from {clock(start)}: a few bright points on "
            "black.",
            power,
            in_decibels=False,
        )
        chart(
            mel_piece_figure(level, features, start, seconds),
            "decibels",
            f"In decibels: **{percent(hidden, 0)}** of the picture lies {range_db} dB or more "
            "under the loudest point and is cut off (black).",
            f"The same in decibels, {range_db} dB from the loudest to the quietest; "
            f"{percent(hidden, 0)} lie at the floor.",
            level,
        )
    with beside, st.grid(2, min_column_width=200):
        sound(
            samples,
            rate,
            f"These {seconds:.0f} seconds as they are.",
            charts=["power", "decibels"],
            start_seconds=start,
        )
        sound(
            attenuated(samples, float(range_db)),
            rate,
            f"{range_db} dB quieter: so soft is just black.",
        )
    question(
        "Somebody plays twice as loud, that is with twice the amplitude. How many decibels more?",
        "About **6 dB**. Twice the amplitude is four times the power, and the logarithm of 4 is "
        "0.602: 10 × 0.602 = 6.02 dB. Twice as loud again adds another 6 dB: each doubling is one "
        "equal step, as it is for the ear.",
    )
    formula(
        r"\begin{aligned} L &= 10 \, \log_{10} \frac{P}{P_0}\ \text{dB} \\"
        r" L_{\text{shown}} &= \max(L,\ L_{\max} - R) \end{aligned}",
        f"$P$ is the power, $P_0$ = 1 the reference, $R$ = {range_db} dB the dynamic range. Each "
        f"frame’s picture keeps {features.top_db:g} dB for the network. Choi et al. (2017), "
        "section 3: log-amplitude mel-spectrograms.",
    )


STEP = Step("decibels", "Decibels", "Soft sounds count too: decibels", _show)
