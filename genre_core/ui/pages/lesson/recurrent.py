"""Step 7: the recurrent summary."""

import numpy as np
import streamlit as st

from genre_core.plots.frame_labels import span_label
from genre_core.plots.lesson.reading import reading_figure
from genre_core.ui.components import genre_chip
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.parts import (
    Step,
    chart,
    formula,
    frame_choice,
    question,
    say,
    sound,
    widget_key,
)
from genre_core.ui.words import percent

_NAMED = 3  # genres named in words


def _show(lesson: Lesson) -> None:
    text, beside = say(
        "Music is more than a heap of spots: it matters what comes after what. The **recurrent "
        "part** reads the columns of the last maps in order, from left to right, as we read a "
        "sentence. It carries a **state** along, a short list of numbers that it changes a little "
        "at every step: its memory of what it has read so far. In the end its states are summed up "
        "in one row of numbers for the whole frame."
    )
    analysis = lesson.analysis()
    genres = analysis.model.genres
    control = beside.container(border=True).grid(2, min_column_width=200)
    with control:
        span = frame_choice(lesson, analysis.frames.spans)
    inside = lesson.inside(analysis, span.index)
    n_steps = len(inside.reading)
    n_read = min(lesson.view.n_read or n_steps, n_steps)
    if n_steps > 1:
        with control:
            _control(lesson, n_read, n_steps)
    seconds = span.end_seconds - span.start_seconds
    scores = inside.reading[n_read - 1]
    best = np.argsort(-scores, kind="stable")[:_NAMED]
    text.html(
        f"<p>After {n_read} of {n_steps} steps (about {n_read * seconds / n_steps:.1f} s) the "
        "network would say: "
        + " ".join(
            genre_chip.chip_html(genres[i], f"{genres[i]} {percent(scores[i], 0)}") for i in best
        )
        + "</p>"
    )
    chart(
        reading_figure(inside.reading, genres, span.start_seconds, span.end_seconds, n_read),
        "reading",
        f"Each column is one of {n_steps} steps: what the network would say if the frame ended "
        "there. Faded is not read yet. Where do the colours change, and what do you hear there?",
        "Scores after each step; in the end "
        + ", ".join(f"{genres[i]} {percent(inside.reading[-1][i], 0)}" for i in best)
        + ".",
    )
    genre_chip.legend(genres, inside.reading)
    n_samples = round(analysis.frames.samples.shape[1] * n_read / n_steps)
    with beside:
        sound(
            analysis.frames.samples[span.index, :n_samples],
            span.sample_rate,
            f"What has been read so far of {span_label(span)}.",
            charts=["reading"],
            start_seconds=span.start_seconds,
        )
    if inside.reader != "recurrent":
        st.info(
            "The network in use has no recurrent part: it sums up its steps without their order, "
            "and the chart shows that for the first 1, 2, … of them."
        )
    question(
        "Why are the first columns often wrong?",
        "After a second or two the network has read very little: no whole bar, perhaps not "
        "even a drum. People need a moment too. With each step more of the music is in the state, "
        "and the scores settle; where they swing late in the frame, something new has begun, or "
        "the network is torn between two genres.",
    )
    formula(
        r"\begin{aligned} z_t &= \sigma(W_z x_t + U_z h_{t-1} + b_z) \\"
        r" r_t &= \sigma(W_r x_t + U_r h_{t-1} + b_r) \\"
        r" \tilde h_t &= \tanh(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h) \\"
        r" h_t &= z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t \end{aligned}",
        f"A gated recurrent unit (GRU): $x_t$ is column $t$, $h_t$ the state; what is handed on "
        f"to the scores has {inside.state_size} numbers here. The gates decide, number by number, "
        "how much of the state stays ($z$) and how much of it counts for the new one ($r$). Cho et "
        "al. (2014): Learning phrase representations using RNN encoder-decoder; Choi et al. "
        "(2017), section 2: two such layers. A network may also read backwards, and hand on the "
        "mean of all states instead of the last.",
    )


def _control(lesson: Lesson, n_read: int, n_steps: int) -> None:
    key = widget_key("n_read")
    st.session_state[key] = n_read

    def changed() -> None:
        steps = st.session_state[key]
        lesson.state.change(n_read=0 if steps == n_steps else steps)

    st.slider("How many steps it has read", 1, n_steps, key=key, on_change=changed)


STEP = Step("recurrent", "Recurrent", "Read in order: the recurrent summary", _show)
