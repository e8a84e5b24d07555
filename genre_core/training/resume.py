"""The state file from which an interrupted training continues to the same result."""

import pickle
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genre_core.errors import ModelError
from genre_core.records import atomic_write

STATE_VERSION = 2


class StateError(ModelError):
    """A saved training cannot be continued."""


def save_state(path: Path, state: Mapping[str, Any], identity: Mapping[str, str]) -> None:
    """Write a trainer's state and the random generators' to a file, whole or not at all.

    Parameters
    ----------
    state : tensors, numbers, texts, and lists and dicts of these
    identity : what must be the same when the training continues: settings, data
    """
    record = {
        "version": STATE_VERSION,
        "identity": dict(identity),
        "random": _random_states(),
        "state": dict(state),
    }
    with atomic_write(path) as file:
        torch.save(record, file)


def load_state(path: Path, identity: Mapping[str, str]) -> dict[str, Any]:
    """Read a state and restore the random generators.

    Raises StateError if the file is damaged, of another version, or belongs to other settings or
    data.
    """
    try:
        # weights_only: a state file can hold numbers, but run nothing.
        record = torch.load(path, map_location="cpu", weights_only=True)
        version = record["version"]
    except (OSError, RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
        raise StateError(f"{path}: not a saved training state; delete it to start anew.") from error
    if version != STATE_VERSION:
        raise StateError(f"{path}: of another version; delete it to start anew.")
    if record["identity"] != dict(identity):
        raise StateError(
            f"{path}: saved by a run with other settings or data: give the same ones to "
            "continue, or leave out --resume to start anew."
        )
    _restore_random_states(record["random"])
    state: dict[str, Any] = record["state"]
    return state


def seed_everything(seed: int) -> None:
    """Seed the global generators: torch's draws weights and dropout, a network may use others."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - the global one is what is meant
    torch.manual_seed(seed)


def _random_states() -> dict[str, Any]:
    name, keys, position, has_gauss, gauss = np.random.get_state()  # noqa: NPY002
    return {
        "python": random.getstate(),
        "numpy": (
            str(name),
            np.asarray(keys).tolist(),
            int(position),
            int(has_gauss),
            float(gauss),
        ),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def _restore_random_states(states: Mapping[str, Any]) -> None:
    random.setstate(states["python"])
    np.random.set_state(states["numpy"])  # noqa: NPY002
    torch.set_rng_state(states["torch"])
    if states["cuda"] and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(states["cuda"])
