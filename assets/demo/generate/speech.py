"""A rapper: eSpeak NG speaks the words of a part, one at each note, in the note's rhythm."""

import subprocess
from functools import lru_cache
from io import BytesIO

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import resample_poly

from .score import Event, Spoken, Stereo

RATE = 44_100  # Hz
SLOWEST, FASTEST = 190, 420  # words a minute
ROOM_SECONDS = 0.03  # a word may run this far into the next note


def render_speech(events: tuple[Event, ...], instrument: Spoken, seconds: float) -> Stereo:
    """Speak the words of a part, one an event; float32 (1, n_samples)."""
    words = instrument.words
    if len(words) != len(events):
        raise ValueError(f"{len(words)} words for {len(events)} notes")
    out = np.zeros(round(seconds * RATE) + 1)
    for event, word in zip(events, words, strict=True):
        sound = _fitted(word, instrument, event.duration + ROOM_SECONDS)
        first = round(event.start * RATE)
        sound = sound[: max(0, len(out) - first)]
        out[first : first + len(sound)] += sound * (event.velocity / 100) ** 1.3
    return out[None].astype(np.float32)


def _fitted(word: str, instrument: Spoken, seconds: float) -> npt.NDArray[np.float64]:
    """Speak a word as slowly as fits, and cut the rest with a short fade."""
    for speed in range(SLOWEST, FASTEST + 1, 46):
        sound = _spoken(word, instrument.voice, instrument.pitch, speed)
        if len(sound) <= seconds * RATE:
            return sound
    sound = sound[: round(seconds * RATE)].copy()
    n_fade = min(len(sound), round(0.02 * RATE))
    sound[-n_fade:] *= np.linspace(1, 0, n_fade)
    return sound


@lru_cache(maxsize=4096)
def _spoken(word: str, voice: str, pitch: int, speed: int) -> npt.NDArray[np.float64]:
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", word]
    wav = subprocess.run(command, check=True, capture_output=True).stdout
    samples, rate = soundfile.read(BytesIO(wav), dtype="float64")
    samples = resample_poly(samples, RATE, rate)
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.max(np.abs(samples)))
    samples = samples[loud[0] : loud[-1] + 1]
    return samples / np.max(np.abs(samples))
