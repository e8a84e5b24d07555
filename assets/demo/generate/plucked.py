"""Plucked strings: Karplus-Strong synthesis, the dry input of guitar amplifiers.

References
----------
Jaffe and Smith (1983): Extensions of the Karplus-Strong plucked-string algorithm. Computer Music
    Journal 7(2). Section "Tuning" for the fractional delay, "Decay alteration" for the loop gain.
"""

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

from .score import Event, Plucked, Stereo

RATE = 44_100  # Hz
MUTED_SECONDS = 0.32  # palm-muted strings decay by 60 dB in this time
MUTED_VELOCITY = 60  # a note softer than this is palm-muted


def render_plucked(
    events: tuple[Event, ...], instrument: Plucked, seconds: float, seed: int
) -> Stereo:
    """Play events on a string instrument; float32 (1, n_samples)."""
    rng = np.random.default_rng(seed)
    out = np.zeros(round(seconds * RATE) + 1)
    for event in events:
        first = round(event.start * RATE)
        note = _pluck(event, instrument, rng)[: max(0, len(out) - first)]
        out[first : first + len(note)] += note
    return out[None].astype(np.float32)


def _pluck(event: Event, instrument: Plucked, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    muted = event.velocity < MUTED_VELOCITY
    detune = rng.normal() * 2.0  # cents
    frequency = 440.0 * 2 ** ((event.pitch - 69 + detune / 100) / 12)
    period = RATE / frequency
    ring = MUTED_SECONDS if muted else instrument.ring_seconds
    gain = 10 ** (-3 * period / RATE / ring)
    damping = min(0.95, instrument.damping + (0.35 if muted else 0.0))
    whole = int(period - 1)
    part = period - 1 - whole
    loop_filter = gain * np.convolve([1 - part, part], [damping / 2, 1 - damping, damping / 2])
    feedback = np.zeros(whole + len(loop_filter))
    feedback[0] = 1.0
    feedback[whole:] -= loop_filter

    n_samples = round((event.duration + 0.06) * RATE)
    burst = np.zeros(n_samples)
    n_burst = min(n_samples, round(period))
    burst[:n_burst] = rng.uniform(-1, 1, n_burst)
    hardness = 0.25 + 0.7 * event.velocity / 127 if not muted else 0.85
    burst = lfilter([hardness], [1, hardness - 1], burst)
    delay = max(1, round(instrument.pick * period))
    burst[delay:] -= 0.9 * burst[:-delay].copy() if delay < n_samples else 0.0
    tone = lfilter([1.0], feedback, burst)
    tone = _bend(tone, event, instrument)
    fade = np.ones(n_samples)
    n_fade = min(n_samples, round(0.05 * RATE))
    fade[-n_fade:] = np.cos(np.linspace(0, np.pi / 2, n_fade)) ** 2
    level = 0.9 if muted else (event.velocity / 100) ** 1.3
    return tone * fade * level / (np.max(np.abs(tone)) + 1e-9)


def _bend(
    tone: npt.NDArray[np.float64], event: Event, instrument: Plucked
) -> npt.NDArray[np.float64]:
    """Bend up into the note and add vibrato by reading the string at a varying speed."""
    if not event.scoop and not instrument.vibrato_cents:
        return tone
    time = np.arange(len(tone)) / RATE
    semitones = -event.scoop * np.clip(1 - time / 0.14, 0, 1)
    depth = np.clip((time - 0.25) / 0.3, 0, 1) * instrument.vibrato_cents / 100
    semitones += depth * np.sin(2 * np.pi * 5.4 * time)
    position = np.cumsum(2 ** (semitones / 12))
    return np.interp(position, np.arange(len(tone)), tone)
