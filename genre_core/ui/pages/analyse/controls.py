"""How the song is cut and how the frames are combined."""

import streamlit as st

from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    FrameSettings,
)
from genre_core.inference.aggregate import AGGREGATES
from genre_core.ui.components.model_choice import model_choice
from genre_core.ui.session import Session
from genre_core.ui.words import AGGREGATION_NAMES, AGGREGATIONS_EXPLAINED

_KEYS = {"t": "control_t", "n": "control_n", "agg": "control_agg"}


def controls(session: Session) -> None:
    """Show frame length, trim, aggregation, the network where there are several, the way back."""
    view = session.view
    # The session is the truth, for the link may change it too; the widgets follow.
    st.session_state[_KEYS["t"]] = view.frames.frame_seconds
    st.session_state[_KEYS["n"]] = int(view.frames.trim_seconds)
    st.session_state[_KEYS["agg"]] = view.aggregation
    with st.container(border=True, key="controls"), st.grid(3, min_column_width=250):
        st.segmented_control(
            "How the frames are combined",
            list(AGGREGATES),
            format_func=AGGREGATION_NAMES.__getitem__,
            key=_KEYS["agg"],
            on_change=_changed_aggregation,
            args=(session,),
            required=True,
        )
        st.select_slider(
            "Listen in pieces of",
            _frame_lengths(view.frames.frame_seconds),
            format_func=lambda t: f"{t:g} s",
            key=_KEYS["t"],
            on_change=_changed_frames,
            args=(session,),
            help="Each piece is a frame: what the network hears at once. It learnt from 29.12 s.",
        )
        st.slider(
            "Skip at start and end",
            0,
            int(MAX_TRIM_SECONDS),
            format="%d s",
            key=_KEYS["n"],
            on_change=_changed_frames,
            args=(session,),
            help="Beginnings and endings are often untypical of a song.",
        )
        st.caption(AGGREGATIONS_EXPLAINED[view.aggregation])
        model_choice("control_model")
        st.button(
            "Back to the start",
            key="reset_settings",
            icon=":material/restart_alt:",
            type="tertiary",
            on_click=session.reset,
            disabled=view == view.with_default_settings(),
        )


def _frame_lengths(current: float) -> list[float]:
    whole = {float(t) for t in range(int(MIN_FRAME_SECONDS), int(MAX_FRAME_SECONDS) + 1)}
    return sorted(whole | {MAX_FRAME_SECONDS, current})


def _changed_aggregation(session: Session) -> None:
    session.change(aggregation=st.session_state[_KEYS["agg"]])


def _changed_frames(session: Session) -> None:
    session.set_frames(
        FrameSettings(
            frame_seconds=float(st.session_state[_KEYS["t"]]),
            trim_seconds=float(st.session_state[_KEYS["n"]]),
        )
    )
