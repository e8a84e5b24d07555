from pathlib import Path

import pytest
import torch

from genre_core.checkpoints.checkpoint import save_checkpoint
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.models import registry
from genre_core.training.initialisation import initialise, set_training_mode
from tests.unit.training.builders import (
    FEATURES,
    GENRES,
    HYPERPARAMETERS,
)


def test_start_from_a_checkpoint(tmp_path: Path) -> None:
    source = registry.build("crnn", 2, **HYPERPARAMETERS)
    save_checkpoint(
        tmp_path / "start.safetensors", source, name="start", genres=GENRES, features=FEATURES
    )
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    assert initialise(model, tmp_path / "start.safetensors") == tuple(model.blocks)
    for name, tensor in source.state_dict().items():
        assert torch.equal(tensor, model.state_dict()[name])


def test_start_from_a_checkpoint_with_other_genres(tmp_path: Path) -> None:
    source = registry.build("crnn", 3, **HYPERPARAMETERS)
    path = tmp_path / "start.safetensors"
    save_checkpoint(path, source, name="start", genres=("a", "b", "c"), features=FEATURES)
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    before = model.classifier.weight.clone()
    copied = initialise(model, path)
    assert "classifier" not in copied
    assert {"input", "conv1", "conv2", "recurrent"} <= set(copied)
    assert torch.equal(model.classifier.weight, before)


@pytest.mark.data
def test_start_from_published_weights(data_root: Path) -> None:
    weights = data_root / "weights"
    model = registry.build("crnn_choi", 10)
    assert "classifier" in initialise(model, weights / f"{PUBLISHED}.h5")
    assert "classifier" not in initialise(model, weights / "choi_msd_crnn_theano.h5")
    ours = registry.build("crnn", 10)
    assert "conv1" in initialise(ours, weights / "choi_msd_crnn_theano.h5")


def test_dropout_stays_active_in_frozen_blocks() -> None:
    model = registry.build("crnn", 2, **HYPERPARAMETERS)
    set_training_mode(model, ("conv1",))
    block = model.blocks["conv1"][0]
    assert not block.norm.training
    assert block.dropout.training
    assert model.blocks["conv2"][0].norm.training
