"""The published Keras weights, in the published network and as a start of another."""

import copy
import math
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch
from torch.nn import functional as F

from genre_core.checkpoints.keras_start import (
    TYPICAL_MAX_DB,
    initialise_convolutions,
    initialise_recurrent,
)
from genre_core.checkpoints.keras_weights import load_keras_weights, n_outputs, read_keras_weights
from genre_core.errors import ModelError
from genre_core.models.crnn import Crnn
from genre_core.models.crnn_choi import CrnnChoi
from tests.unit.models.builders import PUBLISHED, spectrogram


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def keras_file(path: Path, *, standardised: bool = False, **changes: np.ndarray | None) -> Path:
    """Write random weights of the published sizes, laid out as Keras 1 did."""
    rng = np.random.default_rng(0)
    weights: dict[str, np.ndarray | None] = {}

    def batch_norm(name: str, n: int) -> None:
        weights[f"{name}_gamma"] = rng.uniform(0.5, 1.5, n)
        weights[f"{name}_beta"] = rng.normal(size=n)
        weights[f"{name}_running_mean"] = rng.normal(size=n)
        weights[f"{name}_running_std"] = rng.uniform(0.5, 2.0, n)

    batch_norm("bn_0_freq", 1440)
    # one value for all columns: then a norm by band can do the same
    for statistic, value in {
        "gamma": 1.5,
        "beta": 0.06,
        "running_mean": 0.1 if standardised else -32.3,
        "running_std": 1.0 if standardised else 343.0,
    }.items():
        weights[f"bn_0_freq_{statistic}"] = np.full(1440, value)
    n_in = 1
    for number, n_out in enumerate((64, 128, 128, 128), start=1):
        weights[f"conv{number}_W"] = rng.normal(size=(n_out, n_in, 3, 3)) / math.sqrt(9 * n_in)
        weights[f"conv{number}_b"] = rng.normal(size=n_out)
        batch_norm(f"bn{number}", n_out)
        n_in = n_out
    for name, n_in in (("gru1", 128), ("gru2", 32)):
        for gate in "zrh":
            weights[f"{name}_W_{gate}"] = rng.normal(size=(n_in, 32)) / math.sqrt(n_in)
            weights[f"{name}_U_{gate}"] = rng.normal(size=(32, 32)) / math.sqrt(32)
            weights[f"{name}_b_{gate}"] = rng.normal(size=32)
    weights["preds_W"] = rng.normal(size=(32, 10))
    weights["preds_b"] = rng.normal(size=10)
    weights |= changes
    with h5py.File(path, "w") as file:
        for name, value in weights.items():
            if value is not None:
                file[f"{name.rsplit('_', 1)[0]}/{name}"] = value.astype(np.float32)
    return path


def test_keras_layout_is_undone(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    model = CrnnChoi(10).eval()
    load_keras_weights(path, model)
    raw = {name: value.numpy() for name, value in read_keras_weights(path).items()}
    assert n_outputs(read_keras_weights(path)) == 10
    block = model.convolutions.conv1
    # Theano's convolution of a small picture, by the definition: sum of w[i, j] x[y - i, x - j]
    picture = np.random.default_rng(1).normal(size=(5, 5)).astype(np.float32)
    kernel = raw["conv1_W"][7, 0]
    expected = sum(
        kernel[1 + i, 1 + j] * picture[2 - i, 2 - j] for i in (-1, 0, 1) for j in (-1, 0, 1)
    )
    result = block.conv(torch.from_numpy(picture)[None, None])[0, 7, 2, 2]
    assert result.item() == pytest.approx(expected + raw["conv1_b"][7], abs=1e-5)
    # the "std" of the file is a variance
    np.testing.assert_array_equal(block.norm.running_var, raw["bn1_running_std"])
    np.testing.assert_array_equal(model.classifier.weight.detach(), raw["preds_W"].T)
    np.testing.assert_array_equal(model.gru1.weight_input.detach()[32:64], raw["gru1_W_r"].T)
    np.testing.assert_array_equal(model.gru2.weight_candidate.detach(), raw["gru2_U_h"].T)


def test_crnn_with_published_weights_is_the_published_network(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    choi = CrnnChoi(10).eval()
    load_keras_weights(path, choi)
    crnn = Crnn(10, **PUBLISHED).eval()
    assert initialise_convolutions(path, crnn) == ("input", "conv1", "conv2", "conv3", "conv4")
    initialise_recurrent(path, crnn, classifier=True)
    x = spectrogram(1, 96, 1366)
    x = x - x.max() + TYPICAL_MAX_DB  # the published padding, 0 dB, stays within the 40 dB
    with torch.inference_mode():
        x_padded = F.pad(x, (37, 37))
        torch.testing.assert_close(crnn(x_padded), choi(x), atol=2e-4, rtol=0.0)


@pytest.mark.parametrize("standardised", [False, True])
def test_input_norm_meets_the_published_contrast(tmp_path: Path, standardised: bool) -> None:
    path = keras_file(tmp_path / "weights.h5", standardised=standardised)
    crnn = Crnn(10, **PUBLISHED).eval()
    initialise_convolutions(path, crnn)
    x = torch.linspace(16.7 - 40.0, 16.7, 96 * 200).reshape(1, 96, 200)  # a typical level
    own_mean = 0.1 if standardised else 0.0  # of input that had been standardised before
    expected = ((2.0 * x + 32.3) / math.sqrt(343.0) - own_mean) * 1.5 + 0.06
    with torch.inference_mode():
        normalised = crnn.band_norm(crnn.input_scaling(x))
    torch.testing.assert_close(normalised, expected, atol=2e-3, rtol=1e-3)


def test_tag_files_hold_deviations_where_the_others_hold_variances(tmp_path: Path) -> None:
    crnns = []
    for standardised in (False, True):
        path = keras_file(tmp_path / "weights.h5", standardised=standardised)
        crnns.append(Crnn(10, **PUBLISHED).eval())
        initialise_convolutions(path, crnns[-1])
    for ours, of_tags in zip(*(crnn.convolutions for crnn in crnns), strict=True):
        torch.testing.assert_close(of_tags.norm.running_var, ours.norm.running_var**2)


def test_blocks_of_other_sizes_keep_their_own_weights(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    crnn = Crnn(3, channels=(64, 128, 140, 128, 128), pools=((2, 2),), hidden=8)
    before = copy.deepcopy(crnn.state_dict())
    assert initialise_convolutions(path, crnn) == ("input", "conv1", "conv2")
    moved = {k.split(".")[1] for k, v in crnn.state_dict().items() if not v.equal(before[k])}
    assert moved == {"weight", "bias", "running_mean", "running_var", "conv1", "conv2"}
    with pytest.raises(ModelError, match="keras_gru"):
        initialise_recurrent(path, crnn)


def test_a_narrower_block_takes_the_channels_that_count(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    with h5py.File(path, "r+") as file:  # ten channels that nothing reads
        file["conv3/conv3_W"][:, 30:40] = 0.0
    whole, narrow = (
        Crnn(10, **{**PUBLISHED, "channels": (64, n, 128, 128)}).eval() for n in (128, 118)
    )
    for crnn in (whole, narrow):
        blocks = initialise_convolutions(path, crnn)
        assert blocks == ("input", "conv1", "conv2", "conv3", "conv4")
        initialise_recurrent(path, crnn, classifier=True)
    x = spectrogram(2, 96, 500)
    with torch.inference_mode():
        torch.testing.assert_close(narrow(x), whole(x), atol=1e-4, rtol=0.0)


def test_classifier_of_other_genres_is_left_alone(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "weights.h5")
    model = CrnnChoi(4)
    with pytest.raises(ModelError, match=r"classifier.weight is \(10, 32\)"):
        load_keras_weights(path, model)
    before = model.classifier.weight.clone()
    load_keras_weights(path, model, classifier=False)
    assert torch.equal(model.classifier.weight, before)
    assert model.column_norm.running_var[0] == 343.0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"conv3_W": None}, "no weight named conv3_W"),
        ({"conv2_W": np.zeros((128, 64))}, "conv2_W has 2 axes"),
        ({"conv2_W": np.zeros((128, 64, 5, 5))}, "5, 5"),
        ({"preds_W": None}, "no output layer"),
        ({"gru1_U_z": np.zeros((31, 31))}, "gru1"),
        ({"bn2_running_std": np.full(128, np.nan)}, "not finite"),
    ],
)
def test_unfitting_keras_files_change_nothing(tmp_path: Path, changes: dict, reason: str) -> None:
    path = keras_file(tmp_path / "weights.h5", **changes)
    model = CrnnChoi(10)
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(ModelError, match=reason) as caught:
        load_keras_weights(path, model)
    assert str(path) in str(caught.value)
    assert "expected the HDF5 weights" in str(caught.value)
    assert all(v.equal(before[k]) for k, v in model.state_dict().items())


def test_foreign_keras_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "text.h5"
    text.write_text("not HDF5")
    empty = tmp_path / "empty.h5"
    h5py.File(empty, "w").close()
    words = tmp_path / "words.h5"
    with h5py.File(words, "w") as file:
        file["conv1_W"] = "words"
    large = tmp_path / "large.h5"
    with large.open("wb") as stream:
        stream.truncate(64 * 2**20 + 1)
    for path, reason in {
        text: "not a readable HDF5",
        empty: "no weights",
        words: "not a readable HDF5",
        large: "64 MiB",
        tmp_path: "no such file",
        tmp_path / "none.h5": "no such file",
    }.items():
        with pytest.raises(ModelError, match=reason):
            load_keras_weights(path, CrnnChoi(10))
