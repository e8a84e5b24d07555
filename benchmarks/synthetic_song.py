"""A song for measurements, as long as one wants it."""

from pathlib import Path

import numpy as np
import soundfile

SONG_RATE = 44_100  # Hz


def write_song(path: Path, minutes: float) -> None:
    """Write a stereo song at 44.1 kHz, block by block: a chord with a pulse, in noise."""
    rng = np.random.default_rng(0)
    n_samples = round(minutes * 60 * SONG_RATE)
    with soundfile.SoundFile(path, "w", SONG_RATE, channels=2) as song:
        for start in range(0, n_samples, 10 * SONG_RATE):
            stop = min(start + 10 * SONG_RATE, n_samples)
            seconds = np.arange(start, stop)[:, np.newaxis] / SONG_RATE
            chord = sum(np.sin(2 * np.pi * hz * seconds) for hz in (220.0, 277.2, 329.6)) / 3
            noise = rng.standard_normal((stop - start, 2))
            song.write(0.5 * chord * np.exp(-8 * (seconds % 0.5)) + 0.05 * noise)
