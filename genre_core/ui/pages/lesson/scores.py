"""Step 8: scores."""

import streamlit as st

from genre_core.lesson.softmax import at_temperature
from genre_core.plots.frame_labels import span_label
from genre_core.plots.lesson.bars import compared_bars_figure
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.link import TEMPERATURES
from genre_core.ui.pages.lesson.parts import (
    Step,
    bound,
    chart,
    formula,
    frame_choice,
    question,
    say,
)
from genre_core.ui.words import percent


def _show(lesson: Lesson) -> None:
    analysis = lesson.analysis()
    genres = analysis.model.genres
    _, beside = say(
        "From the summary the last layer works out one number a genre, the **logit**: the higher, "
        f"the more the frame sounds like it. The **softmax** turns these {len(genres)} numbers "
        "into **scores** that are never negative and add up to 100 %. It has one knob, the "
        "**temperature**: cold makes the network sound sure of itself, hot makes it hesitate."
    )
    temperature = lesson.view.temperature
    with beside.container(border=True):
        span = frame_choice(lesson, analysis.frames.spans)
        st.select_slider(
            "Temperature",
            TEMPERATURES,
            format_func=lambda t: f"{t:g}" if t != 1 else "1: as the network says it",
            **bound(lesson, "temperature"),
        )
    network_scores = analysis.scores[span.index]
    scores = at_temperature(network_scores, temperature)
    best = genres[int(scores.argmax())]
    chart(
        compared_bars_figure(
            scores,
            network_scores,
            genres,
            f"at temperature {temperature:g}",
            "as the network says it",
        ),
        "bars",
        f"Scores of {span_label(span)}. Open bars are what the network says; filled ones are at "
        f"the chosen temperature: **{best} {percent(scores.max(), 0)}**. The order never changes.",
        f"Scores at temperature {temperature:g}: "
        + ", ".join(f"{g} {percent(s)}" for g, s in zip(genres, scores, strict=True)),
    )
    question(
        "If the order never changes, what is the temperature good for?",
        "For honesty. A network that says 99 % should be right 99 times in 100. After training "
        "most are too sure of themselves. So one looks at songs whose genre is known and that were "
        "not trained on, and turns the knob until “80 %” really is right in about 80 of 100 "
        f"cases. For this network that gave **{lesson.network.checkpoint.temperature:.2f}**, and "
        "this is already in the scores at temperature 1 here.",
    )
    formula(
        r"p_g = \frac{e^{z_g / T}}{\sum_{j} e^{z_j / T}}",
        "$z_g$ is the logit of genre $g$, $T$ the temperature. At $T \\to 0$ the best genre gets "
        "everything, at $T \\to \\infty$ all get the same. Guo et al. (2017): On calibration of "
        "modern neural networks, section 4.2.",
    )


STEP = Step("scores", "Scores", "From numbers to scores", _show)
