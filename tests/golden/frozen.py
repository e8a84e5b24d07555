"""The frozen input, and how the frozen answers beside it were made.

After a change that is meant to change them (a new bundled model, other features), make them again
from the project's root and read the difference before committing it:

    python -m tests.golden.frozen
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genre_core.checkpoints.bundled import bundled_models
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.config import SAMPLE_RATE, FeatureSettings
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.models import registry
from genre_core.models.base import GenreNetwork

ANSWERS = Path(__file__).with_name("frozen_answers.json")
SECONDS = 29.12
BANDS = slice(3, 96, 13)
COLUMNS = slice(5, 1366, 97)
NETWORKS: dict[str, dict[str, Any]] = {  # options written out: the defaults may move
    "crnn": {
        "pool_columns": 4,
        "dynamic_range_db": 60.0,
        "level": "max",
        "channels": (16, 24, 32, 32),
        "pools": ((2, 2), (3, 2), (4, 2), (4, 2)),
        "hidden": 16,
        "bidirectional": True,
        "recurrent": "gru",
        "summary": "attention",
        "activation": "softmax",
    },
    "crnn_choi": {"activation": "sigmoid", "input_scale": "db_squared"},
}


def noise(n: int, seed: int) -> np.ndarray:
    """Return float64 (n,) in -1 to 1 by integer arithmetic: the same for ever, everywhere."""
    state = np.arange(n, dtype=np.uint64) + np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # SplitMix64
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) / 2**52 - 1.0


def samples(sample_rate: int = SAMPLE_RATE) -> np.ndarray:
    """Return float32 (1, n_samples): a chord that swells, a rising tone, a beat of noise."""
    time = np.arange(round(SECONDS * sample_rate)) / sample_rate  # s
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * time / 7.0)
    chord = sum(np.sin(2 * np.pi * hz * time) for hz in (130.8, 164.8, 196.0, 392.0)) / 8
    rise = 0.1 * np.sin(2 * np.pi * (200.0 * time + 80.0 * time**2))  # 200 Hz to 4.9 kHz
    beat = 0.3 * noise(len(time), seed=1) * np.exp(-20 * (time % 0.5))
    return (swell * chord + rise + beat).astype(np.float32)[np.newaxis]


@cache
def log_mel(features: FeatureSettings = FeatureSettings()) -> np.ndarray:  # noqa: B008 - frozen
    """Return float32 (1, 96, n_columns), dB: 1366 columns by the default features."""
    return log_mel_spectrogram(samples(features.sample_rate), features)


def fixed_network(name: str) -> GenreNetwork:
    """Build a network whose weights are noise of the usual size, the same for ever."""
    model = registry.build(name, 10, **NETWORKS[name]).eval()
    for seed, (key, tensor) in enumerate(sorted(model.state_dict().items())):
        values = noise(tensor.numel(), seed).reshape(tensor.shape)
        if key.endswith("running_var"):
            values = 1.0 + 0.5 * values
        elif tensor.ndim >= 2:
            values = values * (3.0 / np.prod(tensor.shape[1:])) ** 0.5  # variance 1 / fan-in
        elif "norm.weight" in key:
            values = 1.0 + 0.2 * values
        tensor.copy_(torch.from_numpy(np.asarray(values)))
    return model


def logits(
    model: GenreNetwork,
    features: FeatureSettings = FeatureSettings(),  # noqa: B008 - frozen
) -> list[float]:
    """Return the logits of the frozen input, as these features show it."""
    with torch.inference_mode():
        return [float(value) for value in model(torch.from_numpy(log_mel(features)))[0]]


def answers() -> dict[str, Any]:
    """Compute everything that is frozen."""
    decibels = log_mel()[0]
    bundled = {}
    for name, path in bundled_models().items():
        model, info = load_checkpoint(path)
        bundled[name] = {"sha256": info.sha256, "logits": _rounded(logits(model, info.features), 6)}
    return {
        "samples": _rounded(samples()[0, ::20_011], 8),
        "log_mel_mean": round(float(decibels.mean(dtype=np.float64)), 5),
        "log_mel": [_rounded(row, 4) for row in decibels[BANDS, COLUMNS]],
        "logits": {name: _rounded(logits(fixed_network(name)), 6) for name in NETWORKS},
        "bundled": bundled,
    }


def _rounded(values: Any, digits: int) -> list[float]:
    return [round(float(value), digits) for value in values]


if __name__ == "__main__":
    ANSWERS.write_text(json.dumps(answers(), indent=1) + "\n")
    print(f"wrote {ANSWERS}")
