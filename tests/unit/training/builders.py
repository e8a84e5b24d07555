"""Clips with a pattern, small networks, and short settings for the tests of training."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.training.augmentation_settings import NO_AUGMENTATION, AugmentationSettings
from genre_core.training.data import TrainingData
from genre_core.training.distillation import Teacher
from genre_core.training.fit import TrainedNetwork, fit
from genre_core.training.initialisation import build_network
from genre_core.training.objective import GenreObjective
from genre_core.training.resume import seed_everything
from genre_core.training.settings import TrainingSettings
from genre_core.training.tasks import genre_task
from genre_core.training.trainer import Trainer

GENRES = ("high", "low")
FEATURES = FeatureSettings(n_mels=16)
HYPERPARAMETERS = {
    "n_mels": 16,
    "pool_columns": 4,
    "channels": (4, 6),
    "pools": ((2, 2), (4, 2)),
    "hidden": 4,
    "conv_dropout": 0.1,
    "recurrent_dropout": 0.1,
}
# Everything random is on, so that a resumed run has every generator to restore.
VARIED = AugmentationSettings(
    crop_seconds=(3.0, 4.0),
    full_length_probability=0.3,
    telephone_probability=0.2,
    low_pass_probability=0.2,
    noise_probability=0.3,
    mixup_alpha=0.3,
)
PLAIN = replace(NO_AUGMENTATION, crop_seconds=(3.0, 3.0))
SETTINGS = TrainingSettings(
    hyperparameters=HYPERPARAMETERS,
    learning_rate=5e-3,
    epochs=3,
    batch_size=4,
    batches_per_epoch=3,
    ema_decay=0.9,
    augmentation=VARIED,
)


def made_clips(n: int = 5, seed: int = 0) -> dict[Clip, np.ndarray]:
    """Return clips of 5 s whose loud bands are at the top or at the bottom."""
    generator = np.random.default_rng(seed)
    clips = {}
    for label in GENRES:
        for index in range(n):
            log_mel = generator.normal(-50, 5, (16, 235))
            bands = slice(8, 16) if label == "high" else slice(0, 8)
            log_mel[bands] += 15
            clip_id = f"{label}.{seed}.{index}"
            clip = Clip(clip_id, label, "", "", "", Path(clip_id))
            clips[clip] = log_mel.astype(np.float16)
    return clips


def made_data(**clips: dict[Clip, np.ndarray]) -> TrainingData:
    """Return training and validation clips, those of `clips` or made ones."""
    made = {"train": made_clips(), "valid": made_clips(3, seed=1)} | clips
    return TrainingData(GENRES, FEATURES, **made)


def fit_made(output: Path, settings: TrainingSettings = SETTINGS, **options: Any) -> TrainedNetwork:
    """Train on made clips."""
    clips = {name: options.pop(name) for name in ("train", "valid") if name in options}
    return fit(made_data(**clips), settings, output, **options)


def made_trainer(
    settings: TrainingSettings = SETTINGS,
    teachers: Sequence[Teacher] = (),
    **clips: dict[Clip, np.ndarray],
) -> Trainer:
    """Return a trainer on made clips, with teachers that are in memory."""
    data = made_data(**clips)
    task = genre_task(settings, data, "cpu")
    objective = GenreObjective(settings, FEATURES, len(GENRES), teachers)
    seed_everything(settings.seed)
    model, _ = build_network(settings, data)
    return Trainer(model, objective, task.batches, settings, validate=task.validate)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        del row["seconds"]
    return rows


def tensors_of(path: Path) -> dict[str, torch.Tensor]:
    return load_checkpoint(path)[0].state_dict()


def assert_same(first: Path, second: Path) -> None:
    """Assert that two checkpoints and their metrics agree to the last bit."""
    one, other = tensors_of(first), tensors_of(second)
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert torch.equal(tensor, other[name]), name
    assert rows_of(first.with_suffix(".csv")) == rows_of(second.with_suffix(".csv"))
    infos = [load_checkpoint(path)[1] for path in (first, second)]
    assert infos[0].temperature == infos[1].temperature
    assert infos[0].training == infos[1].training
