"""The sound lab of the page: closed until it is asked for, then open on one frame."""

from collections.abc import Callable

import streamlit as st

from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.frame_labels import span_label
from genre_core.ui import services
from genre_core.ui.components.sound_lab.panel import sound_lab as lab
from genre_core.ui.session import Session
from genre_core.ui.songs import Song

_FRAME = "lab_frame"  # key of the widget


def sound_lab(state: Session, song: Song) -> None:
    """Show the section "Sound lab"."""
    st.header("Sound lab", anchor=False)
    st.caption(
        "Change the sound of one frame, and hear and see what becomes of its scores. Mute the "
        "bass, play it through a telephone, or rub a part out of its picture."
    )
    _panel(state, song, services.recall(song, state.view.frames))


@st.fragment
def _panel(state: Session, song: Song, recall: Callable[[], SongAnalysis]) -> None:
    state.write_link()
    analysis = recall()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        index = _choose(state, analysis)
    if index is not None:
        lab(
            "lab",
            song.digest,
            state.view.frames,
            analysis,
            index,
            state.view.sound_changes,
            lambda changes: state.change(sound_changes=changes),
        )


def _choose(state: Session, analysis: SongAnalysis) -> int | None:
    """Show the choice of the frame, or what opens the lab; return the index of the frame."""
    spans = analysis.frames.spans
    numbers = [span.index + 1 for span in spans if not span.silent]
    if not state.view.lab_frame:
        st.button(
            "Change the sound of a frame",
            key="lab_open",
            type="primary",
            icon=":material/science:",
            on_click=lambda: state.change(lab_frame=numbers[0]),
        )
        return None
    number = state.view.lab_frame if state.view.lab_frame in numbers else numbers[0]
    st.session_state[_FRAME] = number
    st.selectbox(
        "Frame",
        numbers,
        format_func=lambda number: span_label(spans[number - 1]),
        key=_FRAME,
        on_change=lambda: state.change(lab_frame=st.session_state[_FRAME]),
        width=280,
    )
    st.button(
        "Close",
        key="lab_close",
        icon=":material/close:",
        on_click=lambda: state.change(lab_frame=0),
    )
    return number - 1
