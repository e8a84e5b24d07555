"""The published Keras 1 (Theano) weight files -> our modules.

What differs between the two worlds, and is undone here: Theano convolves where torch correlates
(kernels are flipped on both axes); dense and recurrent matrices are stored (in, out).

`running_std` holds the running variance in the ten-genre file, whatever its name says. In the tag
files it was the deviation, of standardised input: squared, it agrees with the ten-genre file's
values. The tags' printed scores came from a later version that took it for the variance, so
`load_keras_weights` does too; `keras_start.initialise_convolutions` squares it.
"""

from pathlib import Path

import h5py
import numpy as np
import torch
from torch import Tensor, nn

from genre_core.errors import ModelError
from genre_core.models.crnn_choi import CrnnChoi

MAX_FILE_BYTES = 64 * 2**20
EXPECTED = (
    "expected the HDF5 weights of the published CRNN "
    "(choi_msd_crnn_theano.h5 or jimenez_gtzan10_crnn_theano.h5)"
)

KerasWeights = dict[str, Tensor]


def read_keras_weights(path: str | Path) -> KerasWeights:
    """Read every weight of a Keras 1 file that `model.save_weights` wrote, as stored, float32.

    They have their Keras names, e.g. "conv1_W" (64, 1, 3, 3). Raises ModelError if the file is
    missing, larger than 64 MiB, not HDF5, or holds no usable weights.
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
    """Return the number of outputs: 50 tags or 10 genres; ModelError if there is no dense layer."""
    return len(tensor_of(weights, f"{_output_layer(weights)}_b"))


def load_keras_weights(path: str | Path, model: CrnnChoi, *, classifier: bool = True) -> None:
    """Load a published file into `model`, in place.

    Raises ModelError if the file is not one of the published CRNNs or does not fit `model`; the
    model is then unchanged.

    Parameters
    ----------
    model : with as many outputs as the file has, if `classifier`
    classifier : whether the dense layer is loaded too; False keeps the model's own, for another set
        of genres
    """
    weights = read_keras_weights(path)
    try:
        state = batch_norm(weights, "bn_0_freq", "column_norm")
        for name, _ in model.convolutions.named_children():
            state |= convolution(weights, name, f"convolutions.{name}")
        for name in ("gru1", "gru2"):
            state |= gru(weights, name, name)
        if classifier:
            state |= classifier_layer(weights)
        copy_into(state, model)
    except ModelError as error:
        raise ModelError(f"{path}: {error} {EXPECTED}.") from error


def tensor_of(weights: KerasWeights, name: str) -> Tensor:
    """Return the weight with a Keras name; ModelError if there is none."""
    if name not in weights:
        raise ModelError(f"no weight named {name};")
    return weights[name]


def _output_layer(weights: KerasWeights) -> str:
    for layer in ("preds", "output"):
        if f"{layer}_W" in weights:
            return layer
    raise ModelError("no output layer named output or preds;")


def batch_norm(weights: KerasWeights, keras: str, ours: str) -> KerasWeights:
    """Return the tensors of a batch norm under our names."""
    return {
        f"{ours}.weight": tensor_of(weights, f"{keras}_gamma"),
        f"{ours}.bias": tensor_of(weights, f"{keras}_beta"),
        f"{ours}.running_mean": tensor_of(weights, f"{keras}_running_mean"),
        f"{ours}.running_var": tensor_of(weights, f"{keras}_running_std"),
    }


def convolution(weights: KerasWeights, keras: str, ours: str) -> KerasWeights:
    """Return the tensors of a convolution and its batch norm under our names."""
    kernel = tensor_of(weights, f"{keras}_W")
    if kernel.ndim != 4:
        raise ModelError(f"{keras}_W has {kernel.ndim} axes instead of 4;")
    return {
        f"{ours}.conv.weight": kernel.flip(2, 3),
        f"{ours}.conv.bias": tensor_of(weights, f"{keras}_b"),
        **batch_norm(weights, keras.replace("conv", "bn"), f"{ours}.norm"),
    }


def classifier_layer(weights: KerasWeights) -> KerasWeights:
    """Return the tensors of the dense layer under our names."""
    layer = _output_layer(weights)
    return {
        "classifier.weight": tensor_of(weights, f"{layer}_W").T,
        "classifier.bias": tensor_of(weights, f"{layer}_b"),
    }


def gru(weights: KerasWeights, name: str, ours: str) -> KerasWeights:
    """Return the tensors of a recurrent layer under our names."""

    def stacked(letter: str, gates: str) -> Tensor:
        parts = [tensor_of(weights, f"{name}_{letter}_{gate}") for gate in gates]
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


def copy_into(state: KerasWeights, model: nn.Module) -> None:
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
