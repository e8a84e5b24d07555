"""An uploaded checkpoint: what is refused before it can do harm."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from safetensors import safe_open

from genre_core.checkpoints import limits
from genre_core.checkpoints.bundled import default_model_path
from genre_core.checkpoints.checkpoint import _content_hash
from genre_core.checkpoints.limits import check_work, load_upload
from genre_core.config import FeatureSettings
from genre_core.errors import ModelError
from genre_core.models import registry


def test_a_checkpoint_is_opened_from_its_bytes(tiny_checkpoint: Path) -> None:
    _, info = load_upload(tiny_checkpoint.read_bytes())
    assert info.name == "tiny"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 pickled", "can run code"),
        (b"no checkpoint at all", "not a safetensors file"),
    ],
)
def test_other_files_are_refused_in_words(data: bytes, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        load_upload(data)


def test_half_a_checkpoint_is_refused(tiny_checkpoint: Path) -> None:
    data = tiny_checkpoint.read_bytes()
    with pytest.raises(ModelError, match=r"damaged|cut off"):
        load_upload(data[: len(data) - 100])


def test_the_bundled_network_can_be_uploaded() -> None:
    _, info = load_upload(default_model_path().read_bytes())
    assert info.genres


def test_foreign_types_of_number_are_refused(tiny_checkpoint: Path) -> None:
    data = tiny_checkpoint.read_bytes()
    with safe_open(tiny_checkpoint, "pt") as file:
        metadata = file.metadata()
    tensors = {
        key: tensor.to(torch.float8_e4m3fn) if tensor.is_floating_point() else tensor
        for key, tensor in safetensors.torch.load(data).items()
    }
    metadata["sha256"] = _content_hash(metadata["genre_core"], tensors)
    with pytest.raises(ModelError, match="float8"):
        load_upload(safetensors.torch.save(tensors, metadata))


@pytest.mark.parametrize(
    ("options", "limit", "value", "says"),
    [
        ({"channels": (3_000, 1, 1, 1, 1)}, "MAX_VALUES", 2**26, "numbers for a frame"),
        ({}, "MAX_MULTIPLY_ADDS", 1_000_000, "multiply-adds"),
        ({}, "MAX_COLUMNS", 1_000, "columns"),
        ({}, "MAX_VALUES", 100_000, "spectrogram"),
    ],
)
def test_too_much_work_is_refused_without_doing_it(
    options: dict[str, Any],
    limit: str,
    value: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = registry.build("k2c2", 3, **options)
    monkeypatch.setattr(limits, limit, value)
    with pytest.raises(ModelError, match=says):
        check_work(model, FeatureSettings())


def test_a_recurrent_layer_of_very_many_steps_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_STEPS", 10)
    model = registry.build("crnn", 3, channels=(2, 2, 2, 2), hidden=2)
    with pytest.raises(ModelError, match="steps a frame"):
        check_work(model, FeatureSettings())


def test_the_networks_of_this_program_are_let_in() -> None:
    check_work(registry.build("k2c2", 10), FeatureSettings())
    check_work(registry.build("crnn_choi", 10), FeatureSettings())
    fine = replace(FeatureSettings(), n_fft=1024, n_mels=96)
    check_work(registry.build("k1c2", 10), fine)
