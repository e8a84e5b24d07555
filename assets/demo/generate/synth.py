"""An additive synthesiser: no aliasing, and a low-pass sweep is an envelope for each harmonic."""

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfilt

from .score import Event, Stereo, Synth

RATE = 44_100  # Hz
MAX_HARMONICS = 48
TOP_HZ = 14_000.0
# Formants (Hz, gain) of sung vowels, after Fant (1960), Acoustic theory of speech production.
VOWELS = {
    "a": ((730, 1.0), (1150, 0.55), (2500, 0.28), (3400, 0.16)),
    "o": ((480, 1.0), (850, 0.45), (2450, 0.14), (3300, 0.09)),
    "e": ((500, 1.0), (1850, 0.4), (2550, 0.3), (3500, 0.16)),
    "i": ((310, 1.0), (2150, 0.35), (2900, 0.3), (3600, 0.16)),
}
VOWEL_ORDER = "aeoaieao"


def render_synth(events: tuple[Event, ...], voice: Synth, seconds: float, seed: int) -> Stereo:
    """Play events on a synthesiser voice; float32 (2, n_samples)."""
    rng = np.random.default_rng(seed)
    out = np.zeros((2, round(seconds * RATE) + 1))
    for index, event in enumerate(events):
        first = round(event.start * RATE)
        note = _tone(event, voice, rng, index)[:, : max(0, out.shape[1] - first)]
        out[:, first : first + note.shape[1]] += note
    return out.astype(np.float32)


def _tone(
    event: Event, voice: Synth, rng: np.random.Generator, index: int
) -> npt.NDArray[np.float64]:
    n_samples = round((event.duration + voice.release_seconds * 3) * RATE)
    time = np.arange(n_samples) / RATE
    semitones = np.zeros(n_samples) - event.scoop * np.clip(1 - time / 0.12, 0, 1)
    semitones += voice.drop_semitones * np.exp(-time / 0.025)
    depth = np.clip((time - 0.2) / 0.3, 0, 1) * voice.vibrato_cents / 100
    semitones += depth * np.sin(2 * np.pi * (5.1 + rng.normal() * 0.2) * time + rng.uniform(0, 6))
    base = 440.0 * 2 ** ((event.pitch - 69 + semitones) / 12)

    sound = np.zeros((2, n_samples))
    for copy in range(voice.unison):
        place = 0.0 if voice.unison == 1 else 2 * copy / (voice.unison - 1) - 1
        frequency = base * 2 ** (place * voice.detune_cents / 1200)
        turns = np.cumsum(frequency) / RATE + rng.uniform()
        tone = _harmonics(turns, time, float(frequency[-1]), event, voice, index)
        angle = (1 + 0.7 * place) * np.pi / 4
        sound += np.stack([np.cos(angle) * tone, np.sin(angle) * tone])
    sound *= _envelope(time, event.duration, voice)
    if voice.consonants:
        sound += voice.consonants * _consonant(time, rng)
    return sound * (event.velocity / 100) ** 1.4 / voice.unison**0.5


def _harmonics(
    turns: npt.NDArray[np.float64],
    time: npt.NDArray[np.float64],
    frequency: float,
    event: Event,
    voice: Synth,
    index: int,
) -> npt.NDArray[np.float64]:
    angle = 2 * np.pi * turns
    first = np.sin(angle)
    if voice.wave == "sine":
        return first
    n_harmonics = min(MAX_HARMONICS, max(1, int(TOP_HZ / frequency)))
    brightness = voice.brightness_hz * (0.5 + event.velocity / 127)
    opening = 1 + 1.5 * np.exp(-time / max(0.02, voice.decay_seconds * 0.4))
    twice_cosine = 2 * np.cos(angle)
    before, current = np.zeros_like(first), first
    tone = np.zeros(len(turns))
    for k in range(1, n_harmonics + 1):
        if voice.wave != "square" or k % 2:
            height = k * frequency
            if voice.wave == "voice":
                tone += _formant_gain(height, time, index) * current / k**0.5
            else:
                tone += (
                    current / k / np.sqrt(1 + np.square(np.square(height / brightness / opening)))
                )
        # sin((k + 1) a) = 2 cos(a) sin(k a) - sin((k - 1) a): cheaper than a sine for each
        before, current = current, twice_cosine * current - before
    return tone


def _consonant(time: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Return a short hiss, anything between a "t" and an "s"."""
    hertz = rng.uniform(1800, 5500)
    seconds = rng.choice((0.012, 0.02, 0.05))
    sos = butter(2, (hertz * 0.7, hertz * 1.4), "bandpass", fs=RATE, output="sos")
    shape = np.clip(time / 0.004, 0, 1) * np.exp(-time / seconds)
    return sosfilt(sos, rng.normal(size=len(time))) * shape


def _formant_gain(
    height: float, time: npt.NDArray[np.float64], index: int
) -> npt.NDArray[np.float64]:
    """Return how strong a vocal tract makes one harmonic while it glides from vowel to vowel."""

    def gain(vowel: str) -> float:
        return sum(g / (1 + ((height - f) / (60 + 0.06 * f)) ** 2) for f, g in VOWELS[vowel])

    before = gain(VOWEL_ORDER[(index * 3) % len(VOWEL_ORDER)])
    after = gain(VOWEL_ORDER[(index * 3 + 1) % len(VOWEL_ORDER)])
    glide = np.clip(time / 0.16, 0, 1)
    return (1 - glide) * before * 0.8 + glide * after


def _envelope(
    time: npt.NDArray[np.float64], duration: float, voice: Synth
) -> npt.NDArray[np.float64]:
    attack = np.clip(time / voice.attack_seconds, 0, 1)
    decay = voice.sustain + (1 - voice.sustain) * np.exp(-time / voice.decay_seconds)
    release = np.where(time < duration, 1.0, np.exp(-(time - duration) / voice.release_seconds * 2))
    tail = np.clip((time[-1] - time) / 0.01, 0, 1) if len(time) else time
    return attack * decay * release * tail
