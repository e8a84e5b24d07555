"""The published network's file and a context, very small."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from genre_core.experiments.context import Context
from tests.unit.experiments.builders import RECIPES, TINY, made_songs


@pytest.fixture
def tag_file(tmp_path: Path) -> Path:
    """Random weights laid out as the published tag network's, as small as `TINY`."""
    rng = np.random.default_rng(0)
    weights: dict[str, np.ndarray] = {
        "bn_0_freq_gamma": np.ones(1440),
        "bn_0_freq_beta": np.zeros(1440),
        "bn_0_freq_running_mean": np.full(1440, 0.1),
        "bn_0_freq_running_std": np.ones(1440),
        "output_W": rng.normal(size=(2, 50)),
        "output_b": rng.normal(size=50),
    }
    n_in = 1
    for number, n_out in enumerate(TINY["channels"], start=1):
        weights[f"conv{number}_W"] = rng.normal(size=(n_out, n_in, 3, 3))
        weights[f"conv{number}_b"] = rng.normal(size=n_out)
        for part in ("gamma", "running_std"):
            weights[f"bn{number}_{part}"] = rng.uniform(1.5, 2.0, n_out)
        for part in ("beta", "running_mean"):
            weights[f"bn{number}_{part}"] = rng.normal(size=n_out)
        n_in = n_out
    for name, n_in in (("gru1", 3), ("gru2", 2)):
        for gate in "zrh":
            weights[f"{name}_W_{gate}"] = rng.normal(size=(n_in, 2))
            weights[f"{name}_U_{gate}"] = rng.normal(size=(2, 2))
            weights[f"{name}_b_{gate}"] = rng.normal(size=2)
    path = tmp_path / "tags.h5"
    with h5py.File(path, "w") as file:
        for key, value in weights.items():
            file[f"{key.rsplit('_', 1)[0]}/{key}"] = value.astype(np.float32)
    return path


@pytest.fixture
def context(tmp_path: Path, tag_file: Path) -> Context:
    """One seed and one epoch of everything, with very small networks."""
    return Context(made_songs(), tmp_path / "work", tag_file, seeds=1, epochs=1, recipes=RECIPES)
