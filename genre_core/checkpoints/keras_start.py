"""The published Keras weights as the first weights of a network of our own."""

from pathlib import Path

import torch
from torch import Tensor, nn

from genre_core.checkpoints.keras_weights import (
    EXPECTED,
    KerasWeights,
    classifier_layer,
    convolution,
    copy_into,
    gru,
    read_keras_weights,
    tensor_of,
)
from genre_core.errors import ModelError
from genre_core.models.crnn import Crnn
from genre_core.models.crnn_choi import (
    N_COLUMNS,
    PADDING,
    SQUARED_MEAN_DB,
    SQUARED_VARIANCE_DB,
)
from genre_core.models.input_scaling import DB_PER_UNIT

# Loudest point of an average GTZAN training clip, which `InputScaling` subtracts (measured on 57
# clips; deviation 6 dB).
TYPICAL_MAX_DB = 16.7


def initialise_convolutions(path: str | Path, model: Crnn) -> tuple[str, ...]:
    """Copy the published convolutions into `model` wherever they fit, in place.

    The normalisation of the input follows, so that the filters meet the contrast that they learnt:
    the median of the published per-column values serves every mel band. The tag networks' files
    hold statistics of input that had been standardised before; the input's mean and variance in the
    ten-genre file stand in for what was taken away.

    A block with fewer channels than the published one takes those that count most in the block
    after it.

    Blocks with another kernel or more channels are left as they are. Returns the names of the
    blocks that now hold published weights, "input" first. Raises ModelError if the file is not one
    of the published CRNNs; the model is then unchanged.
    """
    weights = read_keras_weights(path)
    targets = model.state_dict()
    try:
        standardised = _is_standardised(weights)
        state = _band_norm(weights, model)
        copied = ["input"]
        names = [name for name, _ in model.convolutions.named_children()]
        channels = None  # which of the block before were taken, where not all were
        for name, following in zip(names, [*names[1:], ""], strict=True):
            ours = f"convolutions.{name}"
            if f"{name}_W" not in weights:
                continue  # more blocks than the published network has
            block = convolution(weights, name, ours)
            if standardised:
                block[f"{ours}.norm.running_var"] = block[f"{ours}.norm.running_var"] ** 2
            if channels is not None:
                block[f"{ours}.conv.weight"] = block[f"{ours}.conv.weight"][:, channels]
            n_channels = getattr(model.convolutions, name).conv.out_channels
            channels = _strongest_channels(weights, name, following, n_channels)
            if channels is not None:
                block = {key: tensor[channels] for key, tensor in block.items()}
            if all(tensor.shape == targets[key].shape for key, tensor in block.items()):
                state |= block
                copied.append(name)
        copy_into(state, model)
    except ModelError as error:
        raise ModelError(f"{path}: {error} {EXPECTED}.") from error
    return tuple(copied)


def initialise_recurrent(path: str | Path, model: Crnn, *, classifier: bool = False) -> None:
    """Copy the published recurrent layers into `model`, in place.

    Raises ModelError if the file is not one of the published CRNNs or does not fit `model`; the
    model is then unchanged.

    Parameters
    ----------
    model : with `recurrent="keras_gru"`, `hidden=32`, and blocks that end in 128 channels and one
        band
    classifier : whether the dense layer is copied too; it was learnt with `activation="sigmoid"`
        and `summary="last"`
    """
    if not isinstance(model.gru, nn.Sequential):
        raise ModelError(f'{path}: the published recurrent layers need recurrent="keras_gru".')
    weights = read_keras_weights(path)
    try:
        state = gru(weights, "gru1", "gru.0") | gru(weights, "gru2", "gru.1")
        if classifier:
            state |= classifier_layer(weights)
        copy_into(state, model)
    except ModelError as error:
        raise ModelError(f"{path}: {error} {EXPECTED}.") from error


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
    scale = tensor_of(weights, f"{name.replace('conv', 'bn')}_gamma").abs()
    importance = scale * readers.pow(2).sum(dim=(0, 2, 3)).sqrt()
    return importance.topk(n_channels).indices.sort().values


def _input_statistic(weights: KerasWeights, name: str) -> float:
    """Return the median of the input's per-column values, its padding left out."""
    values = tensor_of(weights, f"bn_0_freq_{name}")
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
