"""A sound that is no music, made by a formula: a siren. The network names a genre all the same."""

import io
from functools import cache

import numpy as np
import soundfile

from genre_core.ui.songs import Song

NAME = "A siren"
_SECONDS = 60.0
_RATE_HZ = 8_000
_MIDDLE_HZ, _SWING_HZ, _SWINGS_A_SECOND = 700.0, 300.0, 0.3


@cache
def siren() -> Song:
    """Return a tone that swings between 400 and 1000 Hz."""
    time = np.arange(round(_SECONDS * _RATE_HZ)) / _RATE_HZ
    pitch_hz = _MIDDLE_HZ + _SWING_HZ * np.sin(2 * np.pi * _SWINGS_A_SECOND * time)
    sound = 0.3 * np.sin(2 * np.pi * np.cumsum(pitch_hz) / _RATE_HZ)
    file = io.BytesIO()
    soundfile.write(file, sound.astype(np.float32), _RATE_HZ, format="FLAC")
    return Song.from_bytes("siren.flac", file.getvalue(), NAME)
