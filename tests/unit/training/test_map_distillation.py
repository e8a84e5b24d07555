"""Our trunk learns a tagger's maps by gradient descent; the tagger here has random weights."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from genre_core.errors import SettingsError
from genre_core.models.won_taggers import FEATURES
from genre_core.training.augmentation_settings import NO_AUGMENTATION
from genre_core.training.data import TrainingData
from genre_core.training.map_distillation import MapObjective, with_mixtures
from genre_core.training.optimization import make_optimizer
from genre_core.training.sampling import Batch
from genre_core.training.settings import TrainingSettings
from genre_core.training.tasks import TASKS
from tests.unit.training.test_tagger_start import CHANNELS, fitted, frames, tagger

SETTINGS = TrainingSettings(
    task="maps",
    model="crnn_gru",
    optimizer="sgd",
    learning_rate=1e-5,
    weight_decay=0.0,
    batch_norm="frozen",
    augmentation=NO_AUGMENTATION,
)


def objective(settings: TrainingSettings = SETTINGS) -> MapObjective:
    return MapObjective(settings, FEATURES, tagger(), frames())


def batch() -> Batch:
    some = frames(4, n_columns=128)
    return Batch(some, torch.zeros(4, dtype=torch.int64), ())


def loss_of(settings: TrainingSettings, n_steps: int) -> float:
    model, teach = fitted((6, 28, 28, 28)), objective(settings)
    optimizer = make_optimizer(model, settings)
    generator = torch.Generator().manual_seed(0)
    for _ in range(n_steps):
        loss, n_correct = teach(model, batch(), generator)
        assert math.isnan(n_correct)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return teach(model, batch(), generator)[0].item()


def test_learning_brings_the_maps_closer() -> None:
    assert loss_of(SETTINGS, 15) < 0.98 * loss_of(SETTINGS, 0)


def test_the_tagger_gets_the_sound_as_it_was() -> None:
    telephone = replace(NO_AUGMENTATION, telephone_probability=1.0)
    changed = replace(SETTINGS, augmentation=telephone)
    assert loss_of(changed, 0) > 2.0 * loss_of(SETTINGS, 0)


def test_only_blocks_that_learn_are_compared() -> None:
    model, teach = fitted(CHANNELS), objective()
    generator = torch.Generator().manual_seed(0)
    for block in list(model.convolutions)[2:]:
        block.requires_grad_(False)
    teach(model, batch(), generator)[0].backward()
    first, second = list(model.convolutions)[:2]
    assert first.conv.weight.grad.abs().max() > 0
    assert second.conv.weight.grad.abs().max() > 0
    second.requires_grad_(False)
    with pytest.raises(SettingsError, match="needs a block that learns"):
        objective()(model, batch(), generator)


def test_the_tagger_learns_nothing() -> None:
    assert not list(objective().parameters())


def test_two_songs_at_once_have_the_power_of_both() -> None:
    mixed = with_mixtures(torch.zeros(8, 96, 16))
    torch.testing.assert_close(mixed[0], torch.full((96, 16), 3.0103))
    assert torch.equal(mixed[1:], torch.zeros(7, 96, 16))


@pytest.mark.parametrize("teachers", [(), ("a.safetensors",)])
def test_the_task_needs_a_tagger(teachers: tuple[str, ...], tmp_path: Path) -> None:
    for name in teachers:
        (tmp_path / name).write_bytes(b"")
    settings = replace(SETTINGS, teachers=tuple(str(tmp_path / name) for name in teachers))
    with pytest.raises(SettingsError, match="needs one teacher"):
        TASKS["maps"](settings, TrainingData(("a", "b"), FEATURES, {}), "cpu")
