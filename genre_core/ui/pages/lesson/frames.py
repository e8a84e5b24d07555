"""Step 5: frames."""

import streamlit as st

from genre_core.config import MAX_FRAME_SECONDS, MAX_TRIM_SECONDS, MIN_FRAME_SECONDS, FrameSettings
from genre_core.plots.frame_labels import span_label
from genre_core.plots.lesson.cut import cut_figure
from genre_core.plots.lesson.spectrogram import mel_piece_figure
from genre_core.ui.components.text import as_markdown
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
from genre_core.ui.words import count


def _show(lesson: Lesson) -> None:
    paper = FrameSettings()
    text, beside = say(
        "A song is too long for one look, and its beginning and end are often untypical: applause, "
        f"silence, a slow build-up. So **{paper.trim_seconds:g} seconds are trimmed** from both "
        f"ends and the rest is cut into **frames** of {paper.frame_seconds:g} seconds, one after "
        "the other. Each frame becomes one mel-spectrogram and is judged by itself."
    )
    frames = lesson.frames()
    with beside.container(border=True):
        _controls(lesson)
    with text:
        span = frame_choice(lesson, frames.spans)
    n = len(frames.spans)
    log_mel = lesson.log_mel(frames.samples[span.index])
    seconds = span.end_seconds - span.start_seconds
    with st.grid(2, min_column_width=330):
        chart(
            cut_figure(lesson.waveform, frames, span.index),
            "cut",
            f"The whole song in {count(n, 'frame')}. Grey is not heard at all; the blue frame is "
            "the one in the other picture.",
            f"Wave of the song with {n} frames from {frames.spans[0].start_seconds:.0f} to "
            f"{frames.spans[-1].end_seconds:.0f} seconds; {span_label(span)} is marked.",
        )
        chart(
            mel_piece_figure(log_mel, lesson.features, span.start_seconds, seconds),
            "frame",
            f"{span_label(span)} as the network gets it: {log_mel.shape[0]} bands × "
            f"{log_mel.shape[1]:,} columns. Bright is loud.",
            f"Mel-spectrogram of {span_label(span)}.",
            log_mel,
        )
    st.caption(":material/receipt_long: " + as_markdown(" ".join(frames.steps), 600))
    with beside:
        sound(
            frames.samples[span.index],
            span.sample_rate,
            f"{span_label(span)}.",
            charts=["cut", "frame"],
            start_seconds=span.start_seconds,
        )
    question(
        "What speaks for short frames, and what for long ones?",
        "Short frames show *where* in the song something changes, and a song gives more of them, "
        "so more opinions can be averaged. But a few seconds may hold just one drum fill or one "
        "breath: the rhythm has hardly begun. Long frames hold whole phrases, and this network "
        "learnt on half a minute; but few fit into a song, and two styles may end up in one frame.",
    )
    formula(
        r"\begin{aligned} n_{\text{frames}} &= \left\lfloor \frac{D - 2N}{t} \right\rfloor \\"
        r" n_{\text{columns}} &= 1 + \left\lfloor \frac{t\, f_s}{H} \right\rfloor"
        r" \end{aligned}",
        f"$D$ = {lesson.waveform.duration_seconds:.1f} s is the song, $N$ the trim, $t$ the "
        f"frame’s length, $H$ = {lesson.features.hop_length} samples the hop: "
        f"{paper.frame_seconds:g} s are {lesson.features.n_columns(349_440):,} columns. Jiménez "
        "and José: music genre recognition by a CRNN over the frames of a song.",
    )


def _controls(lesson: Lesson) -> None:
    view = lesson.view
    length, trim = widget_key("frame_seconds"), widget_key("trim_seconds")
    st.session_state[length] = view.frame_seconds
    st.session_state[trim] = int(view.trim_seconds)

    def changed() -> None:
        lesson.state.cut(
            frame_seconds=float(st.session_state[length]),
            trim_seconds=float(st.session_state[trim]),
        )

    whole = {float(t) for t in range(int(MIN_FRAME_SECONDS), int(MAX_FRAME_SECONDS) + 1)}
    with st.grid(2, min_column_width=200):
        st.select_slider(
            "Length of a frame t",
            sorted(whole | {MAX_FRAME_SECONDS, view.frame_seconds}),
            format_func=lambda t: f"{t:g} s",
            key=length,
            on_change=changed,
        )
        st.slider(
            "Trim N at both ends",
            0,
            int(MAX_TRIM_SECONDS),
            format="%d s",
            key=trim,
            on_change=changed,
        )


STEP = Step("frames", "Frames", "Cut the song into frames", _show)
