"""Every weight of the bundled networks comes from our training, none from a downloaded file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from genre_core.checkpoints.bundled import bundled_models
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.keras_weights import load_keras_weights, read_keras_weights
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.checkpoints.won_weights import load_won_tagger
from genre_core.config import GENRES, MAX_FRAME_SECONDS
from genre_core.models import registry
from genre_core.models.complexity import measure
from genre_core.models.crnn_choi import CrnnChoi

MAX_PARAMETERS = 1_200_000
MAX_FILE_BYTES = 5_000_000
MAX_MULTIPLY_ADDS = 1_200_000_000  # a frame of 29.12 s at the network's own sample rate
NEAR = 0.05  # relative distance of a 3 x 3 kernel to a published one, at the best scale
MOST_NEAR = 0.02  # share of a block's kernels that may be so near; of the start by least squares,
# before any training, it is 0.3 to 1.4 % from the second block on
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


Kernels = list[list[torch.Tensor]]


@pytest.fixture(scope="module")
def published_kernels(data_root: Path) -> Kernels:
    """The 3 x 3 kernels of each published PyTorch network, block by block."""
    files = sorted((data_root / "weights").glob("won_*.safetensors"))
    if not files:
        pytest.skip(f"needs the published taggers in {data_root / 'weights'}")
    return [kernels(load_won_tagger(file).state_dict()) for file in files]


def kernels(state: dict[str, torch.Tensor]) -> list[torch.Tensor]:
    """Return the 3 x 3 kernels of each convolution, float32 (n, 9)."""
    weights = (each.float() for each in state.values() if each.shape[2:] == (3, 3))
    return [each.reshape(-1, 9) for each in weights]


def distances(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    """Return how far each of our kernels is from the nearest of theirs, 0 to 1, float32 (n,).

    That is the norm of what is left of it when the nearest, at its best scale, is taken away,
    relative to its own: the sine of the angle between them. Kernels of zeros are nobody's.
    """
    ours, theirs = (F.normalize(each[each.norm(dim=1) > 1e-8]) for each in (ours, theirs))
    cosines = [(some @ theirs.T).abs().amax(dim=1) for some in ours.split(2_048)]
    return (1.0 - torch.cat(cosines).clamp(max=1.0).square()).sqrt()


@pytest.mark.data
@each_bundled
def test_few_kernels_are_near_published_ones(path: Path, published_kernels: Kernels) -> None:
    ours = kernels(load_checkpoint(path)[0].state_dict())
    assert ours
    near = {
        (index, number): share
        for index, theirs in enumerate(published_kernels)
        for number, (block, their_block) in enumerate(zip(ours, theirs, strict=False), start=1)
        if (share := (distances(block, their_block) < NEAR).float().mean().item()) > MOST_NEAR
    }
    assert near == {}, "{(published network, block): share of kernels that are near}"


def test_scaled_and_shuffled_kernels_are_seen_through() -> None:
    generator = torch.Generator().manual_seed(0)
    theirs = torch.randn(64 * 128, 9, generator=generator)
    few = torch.randperm(len(theirs), generator=generator)[:500]
    scale = 0.1 + torch.rand(500, 1, generator=generator)
    assert (distances(-scale * theirs[few], theirs) < 1e-3).all()
    moved = theirs[few] + 0.1 * torch.randn(500, 9, generator=generator)
    assert (distances(moved, theirs) < 0.2).float().mean() > 0.9  # hardly moved
    assert (distances(torch.randn(500, 9, generator=generator), theirs) > NEAR).all()


@each_bundled
def test_small_and_less_arithmetic_than_the_published_network(path: Path) -> None:
    model, info = load_checkpoint(path)
    ours = measure(model, info.features.n_columns_of(MAX_FRAME_SECONDS))
    theirs = measure(registry.build("crnn_choi", len(GENRES)))
    assert ours.parameters <= MAX_PARAMETERS
    assert ours.multiply_adds <= MAX_MULTIPLY_ADDS < theirs.multiply_adds
    assert path.stat().st_size <= MAX_FILE_BYTES


def test_flips_transposes_and_parts_are_seen_through() -> None:
    tensor = torch.randn(6, 4, 3, 3, generator=torch.Generator().manual_seed(0))
    known = {tensor.numel(): [("theirs", fingerprint(tensor))]}
    assert taken_over({"ours": tensor.flip(2, 3).transpose(0, 1)}, known) == {"ours": "theirs"}
    assert taken_over({"ours": torch.cat([tensor * 2, tensor])}, known) == {"ours": "theirs"}
    assert taken_over({"ours": tensor + 0.01}, known) == {}
