"""The microphone heard live: the browser sends two seconds at a time, and shows their scores.

The browser waits for the answer to a piece before it sends the next one, so nothing piles up. A
session keeps the last ten seconds and the sum of the scores, no more.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from genre_core.audio.live_sound import KEPT_SECONDS, LiveSound
from genre_core.config import MIN_SONG_SECONDS
from genre_core.errors import GenreError
from genre_core.plots.palette import colour_of, ink_on
from genre_core.types import FloatArray
from genre_core.ui import services
from genre_core.ui.components.recorder.component import MICROPHONE_SCRIPT, wav_of

PIECE_SECONDS = 2.0
MAX_SECONDS = 600.0  # then it stops by itself
_MOST_CHARACTERS = 6_000_000  # of a piece in base64: 10 s at 192 kHz
_KEY, _STATE = "live_microphone", "live_state"
_FOLDER = Path(__file__).parent


def _source(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "genre_core.live_microphone",
    html=_source("live.html"),
    css=_source("live.css"),
    js=MICROPHONE_SCRIPT + _source("live.js"),
)


@dataclass(frozen=True, eq=False)
class LiveState:
    """What one browser session has heard.

    Attributes
    ----------
    number : of the last piece; the browser counts from 1 each time it begins
    scores : float32 (n_genres,), of the last ten seconds; None before 3 s, and for silence
    total : sum of all scores so far, and of how many
    note : what to say instead of scores
    """

    sound: LiveSound
    number: int = 0
    scores: FloatArray | None = None
    total: npt.NDArray[np.float64] | float = 0.0
    n_scored: int = 0
    note: str = ""

    def heard(self, number: int, wav: bytes) -> "LiveState":
        """Return the state after one more piece. Raises AudioError as `LiveSound.with_piece`."""
        begun = LiveState(LiveSound.empty()) if number == 1 else self
        sound = begun.sound.with_piece(wav)
        return replace(begun, sound=sound, number=number, scores=None, note="")

    def scored(self, scores: FloatArray) -> "LiveState":
        """Return the state with the scores of the last ten seconds."""
        total = self.total + scores.astype(np.float64)
        return replace(self, scores=scores, total=total, n_scored=self.n_scored + 1)


@st.fragment
def live_microphone() -> None:
    """Show the button, and what is heard while it is on."""
    state: LiveState | None = st.session_state.get(_STATE)
    with st.container(key="live_microphone_place"):  # as high as what comes late
        _component(
            key=_KEY,
            data={
                "piece_seconds": PIECE_SECONDS,
                "kept_seconds": KEPT_SECONDS,
                "max_seconds": MAX_SECONDS,
                "answer": _answer(state) if state else None,
            },
            on_piece_change=_hear,
        )


def _answer(state: LiveState) -> dict[str, Any]:
    """Return what the browser shows; scores only if the last piece has some."""
    if state.scores is None:
        return {"number": state.number, "scores": None, "note": state.note}
    return {
        "number": state.number,
        "scores": state.scores.round(4).tolist(),
        "mean": np.round(state.total / state.n_scored, 4).tolist(),
        "genres": [
            {"name": genre, "colour": colour_of(genre), "ink": ink_on(colour_of(genre))}
            for genre in services.recognizer().info.genres
        ],
    }


def _hear() -> None:
    """Take a piece of sound and score the last ten seconds."""
    piece = st.session_state[_KEY].get("piece")
    if not isinstance(piece, dict) or not isinstance(number := piece.get("number"), int):
        return
    if number == 0:  # stopped: nothing of it is kept
        st.session_state.pop(_STATE, None)
        return
    text = piece.get("wav")
    wav = wav_of(text) if isinstance(text, str) and len(text) <= _MOST_CHARACTERS else None
    before = st.session_state.get(_STATE) or LiveState(LiveSound.empty())
    try:
        state = before.heard(number, wav or b"")
        st.session_state[_STATE] = _score(state)
    except GenreError as error:
        st.session_state[_STATE] = replace(before, number=number, scores=None, note=str(error))


def _score(state: LiveState) -> LiveState:
    missing = MIN_SONG_SECONDS - len(state.sound.samples) / state.sound.sample_rate
    if missing > 0:
        return replace(state, note="Listening …")
    frame, is_free = services.score_live(state.sound)
    if not is_free:
        return replace(state, note="The computer is busy with songs: one moment.")
    if frame is None:
        return replace(state, note="It is silent.")
    return state.scored(frame)
