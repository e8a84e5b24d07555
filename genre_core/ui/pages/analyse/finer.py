"""The finer timeline: its choice, and the work on it in steps that the page survives."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.errors import GenreError
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.sliding import SlidingRun, SlidingScores, sliding_spans
from genre_core.types import Waveform
from genre_core.ui import services
from genre_core.ui.components.next_step import STEP_SECONDS, next_step
from genre_core.ui.components.text import as_markdown
from genre_core.ui.session import Session
from genre_core.ui.song_link import FINER, NOT_FINER, SongView

_NAME = "Finer timeline"
_IS_SHOWN, _WINDOW = "finer_shown", "finer_window"  # keys of the widgets
_FAILED = "finer_failed"  # key of the run that failed and of the reason


def choose(state: Session) -> None:
    """Ask whether to show the finer timeline, and with which windows."""
    state.write_link()
    is_shown = state.view.finer is not None
    # The session is the truth, for the link may change it too; the widgets follow.
    st.session_state[_IS_SHOWN] = is_shown
    with _row("choice"):
        st.toggle(_NAME, key=_IS_SHOWN, on_change=_toggled, args=(state,))
        if is_shown:
            st.session_state[_WINDOW] = state.view.finer_seconds
            st.selectbox(
                "Window",
                list(FINER),
                format_func=_window_name,
                key=_WINDOW,
                on_change=_other_window,
                args=(state,),
                label_visibility="collapsed",
                width=165,
            )


def choose_later(state: Session) -> None:
    """Show the choice while it cannot be made, in the same place and size."""
    with _row("waiting"):
        st.toggle(_NAME, value=state.view.finer is not None, key="finer_waiting", disabled=True)


def without_scores(state: Session, waveform: Waveform, n_genres: int) -> SlidingScores | None:
    """Return the windows while none of them has scores, if the finer timeline is shown."""
    settings = state.view.finer
    if settings is None:
        return None
    spans = (replace(span, silent=False) for span in sliding_spans(waveform, settings))
    return SlidingScores(tuple(spans), np.zeros((0, n_genres), dtype=np.float32), settings)


def work(state: Session, run: SlidingRun, recall: Callable[[], SongAnalysis]) -> None:
    """Score the rest of the windows step by step, in the fragment that this stands in."""

    def step() -> None:
        try:
            services.slide(run, recall().waveform, STEP_SECONDS)
        except GenreError as error:
            st.session_state[_FAILED] = (run, str(error))

    def cancel() -> None:
        state.change(finer_seconds=NOT_FINER)

    with _row("work"):
        failed, reason = st.session_state.get(_FAILED, (None, ""))
        if failed is run:
            st.error(as_markdown(reason), icon=":material/error:")
        elif run.scores.is_complete:
            st.caption(
                "The finer timeline hears short pieces and shows where the genre changes. It is "
                "wrong more often, so the verdict comes from the frames."
            )
        else:
            done, all_windows = len(run.scores.scores), len(run.scores.spans)
            st.progress(done / all_windows, f"Finer timeline: window {done + 1} of {all_windows}")
            st.button("Cancel", key="finer_cancel", icon=":material/stop:", on_click=cancel)
            next_step("finer_step", step)


def _row(name: str) -> DeltaGenerator:
    return st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"finer_row_{name}"
    )


def _window_name(seconds: float) -> str:
    settings = FINER[seconds]
    return f"{settings.window_seconds:g} s every {settings.hop_seconds:g} s"


def _toggled(state: Session) -> None:
    is_shown = st.session_state[_IS_SHOWN]
    state.change(finer_seconds=SongView.finer_seconds if is_shown else NOT_FINER)


def _other_window(state: Session) -> None:
    state.change(finer_seconds=st.session_state[_WINDOW])
