"""A checkpoint brings the familiarity along, and a damaged one is refused."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from genre_core.checkpoints.checkpoint import load_checkpoint, save_checkpoint
from genre_core.checkpoints.familiarity import familiarity_tensors, take_familiarity
from genre_core.errors import ModelError
from genre_core.models import registry
from genre_core.models.familiarity import Familiarity, fit_familiarity


@pytest.fixture
def familiarity() -> Familiarity:
    frames = np.random.default_rng(0).standard_normal((60, 12)).astype(np.float32)
    return fit_familiarity(frames[:40], frames[40:], 5)


def test_it_comes_back_to_the_bit(tmp_path: Path, familiarity: Familiarity) -> None:
    path = tmp_path / "tiny.safetensors"
    model = registry.build("crnn", 2, channels=(4, 5), pools=((8, 4), (12, 4)), hidden=3)
    saved = save_checkpoint(path, model, name="tiny", genres=("a", "b"), familiarity=familiarity)
    _, info = load_checkpoint(path)
    assert info == saved
    assert info.familiarity is not None
    for name, array in asdict(familiarity).items():
        np.testing.assert_array_equal(getattr(info.familiarity, name), array)


def test_without_one_there_is_none() -> None:
    tensors = {"weight": torch.zeros(2)}
    assert take_familiarity(tensors) is None
    assert list(tensors) == ["weight"]


def test_that_of_an_older_checkpoint_is_left_out(familiarity: Familiarity) -> None:
    tensors = familiarity_tensors(familiarity) | {"weight": torch.zeros(2)}
    del tensors["familiarity.is_inner"]
    assert take_familiarity(tensors) is None
    assert list(tensors) == ["weight"]


@pytest.mark.parametrize(
    ("name", "tensor"),
    [
        ("mean", torch.zeros(3)),
        ("spread", torch.zeros(12)),
        ("is_inner", torch.ones(12)),
        ("is_inner", torch.zeros(12)),
        ("is_inner", torch.ones(3)),
        ("units", torch.ones(3)),
        ("examples", torch.zeros(0, 12)),
        ("levels", torch.zeros(7)),
        ("levels", torch.linspace(1, 0, 101)),
        ("examples", torch.full((40, 12), torch.nan)),
        ("mean", torch.zeros(12, dtype=torch.int64)),
    ],
)
def test_a_damaged_one_is_refused(familiarity: Familiarity, name: str, tensor) -> None:
    tensors = familiarity_tensors(familiarity) | {f"familiarity.{name}": tensor}
    with pytest.raises(ModelError):
        take_familiarity(tensors)


def test_a_part_of_one_is_refused(familiarity: Familiarity) -> None:
    tensors = familiarity_tensors(familiarity)
    del tensors["familiarity.levels"]
    with pytest.raises(ModelError, match=r"familiarity\.levels"):
        take_familiarity(tensors)
