"""Every weight of the bundled networks comes from our training, none from a downloaded file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from genre_core.checkpoints.bundled import bundled_models
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.keras_weights import load_keras_weights, read_keras_weights
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.config import GENRES
from genre_core.models import registry
from genre_core.models.complexity import measure
from genre_core.models.crnn_choi import CrnnChoi

MAX_PARAMETERS = 1_500_000
MAX_FILE_BYTES = 6_000_000
ANCESTOR = f"{PUBLISHED}.h5"

BUNDLED = [pytest.param(path, id=name) for name, path in bundled_models().items()]
each_bundled = pytest.mark.parametrize("path", BUNDLED)

Published = dict[int, list[tuple[str, np.ndarray]]]


@pytest.fixture(scope="module")
def published(data_root: Path) -> Published:
    """Size -> names and sorted values of every published tensor of that size."""
    files = sorted((data_root / "weights").glob("*.h5"))
    if not files:
        pytest.skip(f"needs the published weights in {data_root / 'weights'}")
    found: Published = {}
    for file in files:
        for name, tensor in read_keras_weights(file).items():
            values = fingerprint(tensor)
            if values[0] != values[-1]:  # all zeros or ones are nobody's
                found.setdefault(len(values), []).append((f"{file.stem} {name}", values))
    return found


def test_a_network_is_bundled() -> None:
    assert BUNDLED


def fingerprint(tensor: torch.Tensor) -> np.ndarray:
    """Return the values in order of size: the same however they are flipped or transposed.

    Rounded to float16, as a checkpoint may store them.
    """
    return np.sort(tensor.detach().half().float().numpy().ravel())


def parts(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield the tensor, and each half and third of its rows: the gates of a recurrent layer."""
    yield tensor
    for number in (2, 3):
        if tensor.ndim and len(tensor) % number == 0:
            yield from tensor.chunk(number)


def taken_over(state: dict[str, torch.Tensor], published: Published) -> dict[str, str]:
    """Return our tensor's name -> the published one that it, or a part of it, equals."""
    return {
        ours: theirs
        for ours, tensor in state.items()
        for part in parts(tensor)
        for theirs, values in published.get(part.numel(), ())
        if np.array_equal(fingerprint(part), values)
    }


@pytest.mark.data
@each_bundled
def test_no_tensor_is_a_published_one(path: Path, published: Published) -> None:
    model, _ = load_checkpoint(path)
    assert taken_over(model.state_dict(), published) == {}


@pytest.mark.data
def test_a_published_tensor_would_be_found(data_root: Path, published: Published) -> None:
    model = CrnnChoi(len(GENRES))
    load_keras_weights(data_root / "weights" / ANCESTOR, model)
    state = model.state_dict()
    expected = {name for name in state if not name.endswith("num_batches_tracked")}
    assert set(taken_over(state, published)) == expected
    # one that is moved by a thousandth is not
    moved = {
        name: tensor + 1e-3 * tensor.abs().mean()
        for name, tensor in state.items()
        if tensor.is_floating_point()
    }
    assert taken_over(moved, published) == {}


@each_bundled
def test_small_and_no_more_arithmetic_than_the_published_network(path: Path) -> None:
    model, _ = load_checkpoint(path)
    ours, theirs = measure(model), measure(registry.build("crnn_choi", len(GENRES)))
    assert ours.parameters <= MAX_PARAMETERS
    assert ours.multiply_adds <= theirs.multiply_adds
    assert path.stat().st_size <= MAX_FILE_BYTES


def test_flips_transposes_and_parts_are_seen_through() -> None:
    tensor = torch.randn(6, 4, 3, 3, generator=torch.Generator().manual_seed(0))
    known = {tensor.numel(): [("theirs", fingerprint(tensor))]}
    assert taken_over({"ours": tensor.flip(2, 3).transpose(0, 1)}, known) == {"ours": "theirs"}
    assert taken_over({"ours": torch.cat([tensor * 2, tensor])}, known) == {"ours": "theirs"}
    assert taken_over({"ours": tensor + 0.01}, known) == {}
