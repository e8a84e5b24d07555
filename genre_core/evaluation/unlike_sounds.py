"""Sounds that are none of the genres: speech, other music, and noise, tones, silence by formula."""

import csv
from pathlib import Path

import numpy as np
import soundfile

from genre_core.datasets.clips import Clip
from genre_core.datasets.readers import unlabelled_clips
from genre_core.types import FloatArray

RATE_HZ = 16_000
SECONDS = 30.0
NOISE_SLOPES = {"white": 0.0, "pink": 1.0, "brown": 2.0}  # power falls with this power of f
LEVELS_DB = (-6.0, -12.0, -20.0, -30.0, -40.0, -50.0)  # of the peak to full scale
TONES_HZ = (55.0, 110.0, 220.0, 440.0, 880.0, 1_760.0, 3_520.0, 7_040.0)
OTHER_MUSIC = {  # name of a kind -> label in unlabelled/sources.csv
    "techno": "techno",
    "brass bands": "dechovky",
    "opera": "opera",
    "film music": "soundtrack",
    "game music": "game_music",
}


def recorded_clips(data: Path) -> dict[str, tuple[Clip, ...]]:
    """Return recordings by kind: speech in `not_music/`, other music in `unlabelled/`.

    Raises DatasetError if there is no sound; OSError if there is no `sources.csv`.
    """
    with (data / "unlabelled" / "sources.csv").open(encoding="utf-8", newline="") as file:
        labels = {row["file"]: row["label"] for row in csv.DictReader(file)}
    music = unlabelled_clips(data / "unlabelled")
    kinds = {
        kind: tuple(clip for clip in music if labels.get(clip.clip_id) == label)
        for kind, label in OTHER_MUSIC.items()
    }
    return {"speech": unlabelled_clips(data / "not_music"), **kinds}


def artificial_clips(folder: Path) -> dict[str, tuple[Clip, ...]]:
    """Write the sounds into a folder, and return them by kind: noise, tones, silence."""
    kinds: dict[str, dict[str, FloatArray]] = {"noise": {}, "tones": {}, "silence": {}}
    rng = np.random.default_rng(0)
    for name, slope in NOISE_SLOPES.items():
        for level_db in LEVELS_DB:
            kinds["noise"][f"{name} {level_db:g} dB"] = at_level(noise(rng, slope), level_db)
    time = np.arange(round(SECONDS * RATE_HZ)) / RATE_HZ  # s
    for hz in TONES_HZ:
        sine = np.sin(2 * np.pi * hz * time)
        kinds["tones"][f"sine {hz:g} Hz"] = at_level(sine, -6.0)
        kinds["tones"][f"square {hz:g} Hz"] = at_level(np.sign(sine), -6.0)
    kinds["silence"]["zeros"] = np.zeros(len(time), dtype=np.float32)
    kinds["silence"]["last bit"] = at_level(noise(rng, 0.0), -90.0)
    return {
        kind: tuple(_write(folder, kind, name, samples) for name, samples in sounds.items())
        for kind, sounds in kinds.items()
    }


def noise(rng: np.random.Generator, slope: float) -> FloatArray:
    """Return Gaussian noise whose power falls with frequency to the power of `slope`."""
    spectrum = np.fft.rfft(rng.standard_normal(round(SECONDS * RATE_HZ)))
    frequency = np.arange(len(spectrum)).clip(min=1)
    return np.fft.irfft(spectrum * frequency ** (-slope / 2)).astype(np.float32)


def at_level(samples: FloatArray, level_db: float) -> FloatArray:
    """Scale so that the peak lies at `level_db` to full scale."""
    peak = np.abs(samples).max()
    return (samples * (10 ** (level_db / 20) / peak)).astype(np.float32)


def _write(folder: Path, kind: str, name: str, samples: FloatArray) -> Clip:
    path = folder / f"{kind}-{name.replace(' ', '-')}.wav"
    soundfile.write(path, samples, RATE_HZ, subtype="FLOAT")
    return Clip(path.stem, kind, "", name, "", path)
