"""Fixtures for every test: the data that stays outside the repository, and synthetic songs."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import settings

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DATA_ROOT = PROJECT_ROOT.parent / "shared" / "data"

settings.register_profile("any_machine", deadline=None)  # a busy machine is slow
settings.load_profile("any_machine")


@pytest.fixture(scope="session")
def project_root() -> Path:
    return PROJECT_ROOT


@pytest.fixture(scope="session")
def data_root() -> Path:
    """../shared/data; nothing of it is ever committed, so most machines do not have it."""
    if not DATA_ROOT.is_dir():
        pytest.skip(f"needs the data sets in {DATA_ROOT}, which are not there")
    return DATA_ROOT


@pytest.fixture
def wav_bytes() -> Callable[..., bytes]:
    """Return a maker of WAV files: a seeded chord in noise, or any samples."""

    def make(
        seconds: float = 5.0,
        sample_rate: int = 22_050,
        channels: int = 1,
        *,
        samples: np.ndarray | None = None,
        subtype: str = "PCM_16",
    ) -> bytes:
        if samples is None:
            samples = synthetic_song(seconds, sample_rate, channels)
        buffer = io.BytesIO()
        soundfile.write(buffer, samples, sample_rate, format="WAV", subtype=subtype)
        return buffer.getvalue()

    return make


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A very small network with random weights: fast, and never right."""
    import torch

    from genre_core.checkpoints.checkpoint import save_checkpoint
    from genre_core.config import GENRES
    from genre_core.models import registry

    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = registry.build("crnn", len(GENRES), channels=(4, 4, 4, 4), hidden=4)
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    save_checkpoint(path, model, name="tiny", genres=GENRES)
    return path


def synthetic_song(seconds: float, sample_rate: int, channels: int = 1) -> np.ndarray:
    """Return float64 (n_samples, channels) under full scale: three partials, a pulse and noise."""
    n_samples = round(seconds * sample_rate)
    time = np.arange(n_samples)[:, np.newaxis] / sample_rate  # s
    chord = sum(np.sin(2 * np.pi * hz * time) for hz in (220.0, 277.2, 329.6)) / 3
    pulse = np.exp(-8 * (time % 0.5))
    noise = np.random.default_rng(0).standard_normal((n_samples, channels))
    return 0.5 * chord * pulse + 0.02 * noise
