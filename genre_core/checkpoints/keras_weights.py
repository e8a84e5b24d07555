"""The published Keras 1 (Theano) weight files -> our modules.

What differs between the two worlds, and is undone here: Theano convolves where torch correlates
(kernels are flipped on both axes); dense and recurrent matrices are stored (in, out).

`running_std` holds the running variance in the ten-genre file, whatever its name says. In the tag
files it was the deviation, of standardised input: squared, it agrees with the ten-genre file's
values. The tags' printed scores came from a later version that took it for the variance, so
`load_keras_weights` does too; `initialise_convolutions` squares it.
"""

import copy
import math
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genre_core.errors import ModelError
from genre_core.models.base import sequence_of
from genre_core.models.crnn import Crnn, StartStep
from genre_core.models.crnn_choi import (
    N_COLUMNS,
    PADDING,
    SQUARED_MEAN_DB,
    SQUARED_VARIANCE_DB,
    CrnnChoi,
)
from genre_core.models.input_scaling import DB_PER_UNIT
from genre_core.models.layers import KERAS_BATCH_NORM_EPS, LowRankConv2d, low_rank_kernels

MAX_FILE_BYTES = 64 * 2**20
EXPECTED = (
    "expected the HDF5 weights of the published CRNN "
    "(choi_msd_crnn_theano.h5 or jimenez_gtzan10_crnn_theano.h5)"
)

# Loudest point of an average GTZAN training clip, which `InputScaling` subtracts (measured on 57
# clips; deviation 6 dB).
TYPICAL_MAX_DB = 16.7

KerasWeights = dict[str, Tensor]


def read_keras_weights(path: str | Path) -> KerasWeights:
    """Read every weight of a Keras 1 file.

    Parameters
    ----------
    path : str or Path
        An HDF5 file written by `model.save_weights`.

    Returns
    -------
    dict of str to float32 Tensor
        By Keras name, e.g. "conv1_W" (64, 1, 3, 3), as stored.

    Raises
    ------
    ModelError
        If the file is missing, larger than 64 MiB, not HDF5, or holds no usable weights.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(f"{path}: no such file; {EXPECTED}.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ModelError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
    weights: KerasWeights = {}

    def collect(name: str, item: h5py.Group | h5py.Dataset) -> None:
        if isinstance(item, h5py.Dataset):
            array = np.asarray(item, dtype=np.float32)
            weights[name.rsplit("/", 1)[-1]] = torch.from_numpy(array)

    try:
        with h5py.File(path, "r") as file:
            file.visititems(collect)
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: not a readable HDF5 file ({error}); {EXPECTED}.") from error
    if not weights:
        raise ModelError(f"{path}: holds no weights; {EXPECTED}.")
    return weights


def n_outputs(weights: KerasWeights) -> int:
    """Return how many outputs the file's dense layer has: 50 tags or 10 genres.

    Raises
    ------
    ModelError
        If there is no dense layer.
    """
    return len(_get(weights, f"{_output_layer(weights)}_b"))


def load_keras_weights(path: str | Path, model: CrnnChoi, *, classifier: bool = True) -> None:
    """Load a published file into `model`, in place.

    Parameters
    ----------
    path : str or Path
    model : CrnnChoi
        With as many outputs as the file has, if `classifier`.
    classifier : bool
        Whether the dense layer is loaded too; False keeps the model's own, for another set of
        genres.

    Raises
    ------
    ModelError
        If the file is not one of the published CRNNs or does not fit `model`; the model is then
        unchanged.
    """
    weights = read_keras_weights(path)
    try:
        state = _batch_norm(weights, "bn_0_freq", "column_norm")
        for name, _ in model.convolutions.named_children():
            state |= _convolution(weights, name, f"convolutions.{name}")
        for name in ("gru1", "gru2"):
            state |= _gru(weights, name, name)
        if classifier:
            state |= _classifier(weights)
        _copy(state, model)
    except ModelError as error:
        raise ModelError(f"{path}: {error} {EXPECTED}.") from error


def initialise_convolutions(path: str | Path, model: Crnn) -> tuple[str, ...]:
    """Copy the published convolutions into `model` wherever they fit, in place.

    The normalisation of the input follows, so that the filters meet the contrast that they learnt:
    the middle of the published per-column values serves every mel band. The tag networks' files
    hold statistics of input that had been standardised before; the input's mean and variance in the
    ten-genre file stand in for what was taken away.

    A block with fewer channels than the published one takes those that count most in the block
    after it; one of low rank comes as close to the published kernels as its rank allows.

    Parameters
    ----------
    path : str or Path
    model : Crnn
        Blocks whose kernel is another, or that have more channels, keep their own weights.

    Returns
    -------
    tuple of str
        Names of the blocks that now hold published weights, "input" first.

    Raises
    ------
    ModelError
        If the file is not one of the published CRNNs; the model is then unchanged.
    """
    weights = read_keras_weights(path)
    targets = model.state_dict()
    try:
        standardised = _is_standardised(weights)
        state = _band_norm(weights, model)
        copied = ["input"]
        names = [name for name, _ in model.convolutions.named_children()]
        kept = None  # which channels of the block before were taken, where not all were
        for name, following in zip(names, [*names[1:], ""], strict=True):
            ours = f"convolutions.{name}"
            if f"{name}_W" not in weights:
                continue  # more blocks than the published network has
            block = _convolution(weights, name, ours)
            if standardised:
                block[f"{ours}.norm.running_var"] = block[f"{ours}.norm.running_var"] ** 2
            if kept is not None:
                block[f"{ours}.conv.weight"] = block[f"{ours}.conv.weight"][:, kept]
            conv = getattr(model.convolutions, name).conv
            n_channels = conv.out_channels
            kept = _strongest_channels(weights, name, following, n_channels)
            if kept is not None:
                block = {key: tensor[kept] for key, tensor in block.items()}
            if isinstance(conv, LowRankConv2d):
                block = _low_rank(block, ours, conv.along_frequency.out_channels)
            if all(tensor.shape == targets[key].shape for key, tensor in block.items()):
                state |= block
                copied.append(name)
        _copy(state, model)
    except ModelError as error:
        raise ModelError(f"{path}: {error} {EXPECTED}.") from error
    return tuple(copied)


def initialise_recurrent(path: str | Path, model: Crnn, *, classifier: bool = False) -> None:
    """Copy the published recurrent layers into `model`, in place.

    The published networks were given 37 empty columns before each frame, which their input
    normalisation filled with numbers of its own. What the convolutions make of these, silence
    after them, becomes the step at the start, if `model` has one.

    Parameters
    ----------
    path : str or Path
    model : Crnn
        With `recurrent="keras_gru"`, `hidden=32`, and blocks that end in 128 channels and one band;
        for a step at the start, with its convolutions initialised.
    classifier : bool
        Whether the dense layer is copied too; it was learnt with `activation="sigmoid"` and
        `summary="last"`.

    Raises
    ------
    ModelError
        If the file is not one of the published CRNNs or does not fit `model`; the model is then
        unchanged.
    """
    if not isinstance(model.gru, nn.Sequential):
        raise ModelError(f'{path}: the published recurrent layers need recurrent="keras_gru".')
    weights = read_keras_weights(path)
    try:
        state = _gru(weights, "gru1", "gru.0") | _gru(weights, "gru2", "gru.1")
        if isinstance(model.start_step, StartStep):
            state["start_step.step"] = _start_step(weights, model)
        if classifier:
            state |= _classifier(weights)
        _copy(state, model)
    except ModelError as error:
        raise ModelError(f"{path}: {error} {EXPECTED}.") from error


@torch.no_grad()
def _start_step(weights: KerasWeights, model: Crnn) -> Tensor:
    """Return the step that `model` makes of the published empty columns, float32 (n_features,)."""
    columns = _empty_columns(weights)
    pools: Sequence[tuple[int, int]] = model.hyperparameters["pools"]
    step_columns = math.prod(pool[1] for pool in pools)
    start = F.pad(columns[-step_columns:], (0, max(0, step_columns - len(columns))))
    evaluated = copy.deepcopy(model.convolutions).eval()
    maps: Tensor = evaluated(start.expand(1, 1, model.n_mels, -1))
    return sequence_of(maps)[0, 0]


def _empty_columns(weights: KerasWeights) -> Tensor:
    """Return what the published normalisation makes of the empty columns before a frame."""
    variance = _get(weights, "bn_0_freq_running_std")
    if _is_standardised(weights):
        variance = variance**2
    scale = _get(weights, "bn_0_freq_gamma") / (variance + KERAS_BATCH_NORM_EPS).sqrt()
    made = _get(weights, "bn_0_freq_beta") - _get(weights, "bn_0_freq_running_mean") * scale
    return made[:PADDING]


def _get(weights: KerasWeights, name: str) -> Tensor:
    if name not in weights:
        raise ModelError(f"no weight named {name};")
    return weights[name]


def _output_layer(weights: KerasWeights) -> str:
    for layer in ("preds", "output"):
        if f"{layer}_W" in weights:
            return layer
    raise ModelError("no output layer named output or preds;")


def _batch_norm(weights: KerasWeights, keras: str, ours: str) -> KerasWeights:
    return {
        f"{ours}.weight": _get(weights, f"{keras}_gamma"),
        f"{ours}.bias": _get(weights, f"{keras}_beta"),
        f"{ours}.running_mean": _get(weights, f"{keras}_running_mean"),
        f"{ours}.running_var": _get(weights, f"{keras}_running_std"),
    }


def _convolution(weights: KerasWeights, keras: str, ours: str) -> KerasWeights:
    kernel = _get(weights, f"{keras}_W")
    if kernel.ndim != 4:
        raise ModelError(f"{keras}_W has {kernel.ndim} axes instead of 4;")
    return {
        f"{ours}.conv.weight": kernel.flip(2, 3),
        f"{ours}.conv.bias": _get(weights, f"{keras}_b"),
        **_batch_norm(weights, keras.replace("conv", "bn"), f"{ours}.norm"),
    }


def _low_rank(block: KerasWeights, ours: str, rank: int) -> KerasWeights:
    """Return `block` with its convolution approximated by one of low rank."""
    conv = f"{ours}.conv"
    along_frequency, along_time = low_rank_kernels(block[f"{conv}.weight"], rank)
    return {
        **{key: tensor for key, tensor in block.items() if not key.startswith(f"{conv}.")},
        f"{conv}.along_frequency.weight": along_frequency,
        f"{conv}.along_time.weight": along_time,
        f"{conv}.along_time.bias": block[f"{conv}.bias"],
    }


def _classifier(weights: KerasWeights) -> KerasWeights:
    layer = _output_layer(weights)
    return {
        "classifier.weight": _get(weights, f"{layer}_W").T,
        "classifier.bias": _get(weights, f"{layer}_b"),
    }


def _strongest_channels(
    weights: KerasWeights, name: str, following: str, n_channels: int
) -> Tensor | None:
    """Return which `n_channels` of a block count most, in order; None where there are not more.

    A channel counts as much as its scale times the norm of the kernels that read it (Li, Kadav,
    Durdanovic, Samet, Graf 2017: Pruning filters for efficient ConvNets. ICLR; there, the norm of
    the kernels that write it).
    """
    readers = weights.get(f"{following}_W")  # (out, in, 3, 3)
    if readers is None or n_channels >= readers.shape[1]:
        return None
    scale = _get(weights, f"{name.replace('conv', 'bn')}_gamma").abs()
    importance = scale * readers.pow(2).sum(dim=(0, 2, 3)).sqrt()
    return importance.topk(n_channels).indices.sort().values


def _input_statistic(weights: KerasWeights, name: str) -> float:
    """Return the middle of the input's per-column values, its padding left out."""
    values = _get(weights, f"bn_0_freq_{name}")
    padded = len(values) > N_COLUMNS
    return float((values[PADDING:-PADDING] if padded else values).median())


def _is_standardised(weights: KerasWeights) -> bool:
    """Return whether the network learnt on input of mean 0 and deviation 1, as for the tags."""
    mean, variance = (_input_statistic(weights, name) for name in ("running_mean", "running_std"))
    return abs(mean) < 1.0 and variance < 4.0


def _band_norm(weights: KerasWeights, model: Crnn) -> KerasWeights:
    """Return the published input normalisation for `model.band_norm`, one value for all bands."""
    mean, variance = (_input_statistic(weights, name) for name in ("running_mean", "running_std"))
    if _is_standardised(weights):
        deviation = SQUARED_VARIANCE_DB**0.5
        mean = SQUARED_MEAN_DB + mean * deviation
        variance = variance**2 * SQUARED_VARIANCE_DB
    scaling = model.input_scaling
    # published input = 2 dB = 2 (DB_PER_UNIT * ours + centre + loudest point)
    removed_db = scaling.centre_db + TYPICAL_MAX_DB
    ones = torch.ones(model.n_mels)
    return {
        "band_norm.weight": ones * _input_statistic(weights, "gamma"),
        "band_norm.bias": ones * _input_statistic(weights, "beta"),
        "band_norm.running_mean": ones * (mean / 2.0 - removed_db) / DB_PER_UNIT,
        "band_norm.running_var": ones * variance / (2.0 * DB_PER_UNIT) ** 2,
    }


def _gru(weights: KerasWeights, name: str, ours: str) -> KerasWeights:
    def stacked(letter: str, gates: str) -> Tensor:
        parts = [_get(weights, f"{name}_{letter}_{gate}") for gate in gates]
        return torch.cat([part.T if part.ndim == 2 else part for part in parts])

    try:
        return {
            f"{ours}.weight_input": stacked("W", "zrh"),
            f"{ours}.bias": stacked("b", "zrh"),
            f"{ours}.weight_gates": stacked("U", "zr"),
            f"{ours}.weight_candidate": stacked("U", "h"),
        }
    except RuntimeError as error:  # parts of different sizes
        raise ModelError(f"the parts of {name} do not fit together;") from error


def _copy(state: KerasWeights, model: nn.Module) -> None:
    """Copy `state` into the tensors of `model` with the same names; all of it or nothing."""
    targets = model.state_dict()
    for name, tensor in state.items():
        if tensor.shape != targets[name].shape:
            raise ModelError(
                f"{name} is {tuple(tensor.shape)} in the file and {tuple(targets[name].shape)} "
                "in the network;"
            )
        if not torch.isfinite(tensor).all():
            raise ModelError(f"{name} holds values that are not finite;")
    for name, tensor in state.items():
        targets[name].copy_(tensor)  # the dict shares memory with the model
