"""The pieces that every step of the lesson is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.audio.wav import wav_bytes
from genre_core.plots.frame_labels import span_label
from genre_core.plots.mel import scale_gradient
from genre_core.plots.style import CHART_CONFIG
from genre_core.types import FloatArray, FrameSpan
from genre_core.ui.components.chart_playhead.component import chart_playhead
from genre_core.ui.components.colour_scale import colour_scale
from genre_core.ui.components.text import decibels, unbroken
from genre_core.ui.pages.lesson.context import Lesson


@dataclass(frozen=True)
class Step:
    """One screen of the lesson.

    Attributes
    ----------
    key : its name in links
    short : its name in the row of steps
    title : its heading
    show : shows what is under the heading
    """

    key: str
    short: str
    title: str
    show: Callable[[Lesson], None]


def say(text: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Show what the step is about, a few sentences of trusted Markdown.

    Returns the place under it, for more text, and the place beside it, for the controls and the
    sound: so the picture below fits on the same screen.
    """
    with st.grid(2, min_column_width=330, gap="medium", key="lesson_opening"):
        under = st.container(key="lesson_say", gap="small")
        under.markdown(unbroken(text))
        return under, st.container(key="lesson_beside", gap="small")


def widget_key(name: str) -> str:
    """Return the key of the control of a field of the view."""
    return f"lesson_{name}"


def bound(lesson: Lesson, name: str, value: Any = None) -> dict[str, Any]:
    """Return the arguments that tie a control to a field of the view.

    The state is the truth, for the link may change it too; the control follows.

    Parameters
    ----------
    name : field of the view
    value : what the control shows, where that is not the field itself
    """
    key = widget_key(name)
    st.session_state[key] = getattr(lesson.view, name) if value is None else value
    return {
        "key": key,
        "on_change": lambda: lesson.state.change(**{name: st.session_state[key]}),
    }


def chart(
    figure: go.Figure,
    key: str,
    see: str,
    alt: str,
    scale: FloatArray | None = None,
    in_decibels: bool = True,
) -> None:
    """Show a figure under the sentence that says what to see in it.

    Parameters
    ----------
    figure : plotly Figure
    see : trusted Markdown
    alt : the figure in words, for those who cannot see it
    scale : what is drawn in colours: their scale is shown above the figure
    in_decibels : whether `scale` is; else it starts at nothing
    """
    with st.container(gap="xsmall"):
        st.caption(unbroken(see))
        if scale is not None:
            low, high = float(scale.min()), float(scale.max())
            ends = (decibels(low), decibels(high)) if in_decibels else ("0", f"{high:.2g}")
            colour_scale(ends[0], scale_gradient(), ends[1])
        st.plotly_chart(figure, config=CHART_CONFIG, key=f"lesson_chart_{key}", alt=alt)


def sound(
    samples: FloatArray,
    sample_rate: int,
    words: str,
    charts: Sequence[str] = (),
    start_seconds: float = 0.0,
) -> None:
    """Show a player for a piece of sound, under a sentence about it.

    Parameters
    ----------
    charts : keys of charts over time; a playhead moves over them while the sound plays
    start_seconds : where the sound starts in its song
    """
    key = f"lesson_sound_{'_'.join(charts)}"
    with st.container(gap="xsmall", key=key if charts else None):
        st.caption(unbroken(f":material/hearing: {words}"))
        st.audio(wav_bytes(samples, sample_rate), format="audio/wav", alt=words)
        if charts:
            keys = [f"lesson_chart_{chart}" for chart in charts]
            chart_playhead(f"{key}_playhead", key, keys, start_seconds)


def question(text: str, answer: str) -> None:
    """Show a question with its answer folded."""
    with st.expander(f"**Question:** {text}", icon=":material/help:"):
        st.markdown(answer)


def formula(latex: str, words: str) -> None:
    """Show a formula, what its letters mean and where it comes from, folded."""
    with st.expander("The formula, for those who want it", icon=":material/function:"):
        st.latex(latex)
        st.markdown(words)


def frame_choice(lesson: Lesson, spans: tuple[FrameSpan, ...]) -> FrameSpan:
    """Show the choice of the frame looked at, and return that frame."""
    frame = lesson.frame(spans)
    key = widget_key("frame")
    st.session_state[key] = frame.index + 1

    def changed() -> None:
        lesson.state.change(frame=st.session_state[key], n_read=0)

    st.selectbox(
        "The frame to look at",
        range(1, len(spans) + 1),
        format_func=lambda number: (
            span_label(spans[number - 1]) + (" (silent)" if spans[number - 1].silent else "")
        ),
        key=key,
        on_change=changed,
    )
    return frame
