"""The recorder on the page, and its recording in Python.

`st.audio_input` cannot do this: it leaves the browser's defaults on, which are those of a telephone
call: echo cancellation, noise suppression and automatic gain take music for noise.
"""

import base64
import binascii
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from genre_core.config import MIN_SONG_SECONDS, SILENCE_PEAK

GOOD_SECONDS = 10  # from here on the clock is content
MAX_SECONDS = 120  # 11.5 MB at 48 kHz

_FOLDER = Path(__file__).parent


def _source(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


MICROPHONE_SCRIPT = _source("microphone.js")

_mount = st.components.v2.component(
    "music_recorder",
    html=_source("recorder.html"),
    css=_source("recorder.css"),
    js=MICROPHONE_SCRIPT + _source("recorder.js"),
)


def recorder(key: str, on_recording: Callable[[bytes], None]) -> None:
    """Show the recorder.

    Parameters
    ----------
    on_recording : called with a WAV file, mono, 16 bit, at the microphone's own sample rate, at
        least `MIN_SONG_SECONDS` long and not silent; that is checked in the browser
    """

    def recorded() -> None:
        wav = wav_of(st.session_state[key].get("recording"))
        if wav is not None:
            on_recording(wav)

    _mount(
        key=key,
        data={
            "min_seconds": MIN_SONG_SECONDS,
            "good_seconds": GOOD_SECONDS,
            "max_seconds": MAX_SECONDS,
            "silence_peak": SILENCE_PEAK,
        },
        on_recording_change=recorded,
    )


def wav_of(sent: object) -> bytes | None:
    """Return the file that the browser sent in base64, None where it is none."""
    if not isinstance(sent, str):
        return None
    try:
        return base64.b64decode(sent, validate=True) or None
    except (binascii.Error, ValueError):
        return None
