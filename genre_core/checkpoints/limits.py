"""Limits on the memory and time that an uploaded checkpoint may need for a frame.

`load_checkpoint` never runs code from a file and builds nothing larger than the file. But few
weights can ask for much work: a filter may be small and its maps huge. So an empty frame first goes
through the network on torch's device "meta", where shapes are worked out and nothing is computed.
"""

import copy

from torch import Tensor, nn

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.config import MAX_FRAME_SECONDS, FeatureSettings
from genre_core.errors import ModelError
from genre_core.models.base import GenreNetwork
from genre_core.models.complexity import measure
from genre_core.models.layers import KerasGRU

MAX_COLUMNS = 16_384  # of a frame; the default has 1366
MAX_STEPS = 2_048  # of a recurrent layer, which takes them one after another
MAX_VALUES = 2**26  # that a layer may give for a frame, 256 MB; the bundled network's most: 8.4 M
MAX_MULTIPLY_ADDS = 20 * 10**9  # for a frame, about 20 s on a slow core; the default: 0.4 * 10**9


def load_upload(data: bytes) -> tuple[GenreNetwork, CheckpointInfo]:
    """Read an uploaded checkpoint as `load_checkpoint` does.

    ModelError also if a frame would need too much memory or time.
    """
    model, info = load_checkpoint(data)
    check_work(model, info.features)
    return model, info


def check_work(model: GenreNetwork, features: FeatureSettings) -> None:
    """Refuse, with a ModelError, a network that needs too much for one frame of 29.12 s."""
    n_columns = features.n_columns_of(MAX_FRAME_SECONDS)
    if n_columns > MAX_COLUMNS:
        raise _refusal(f"a frame would have {n_columns:,} columns", f"{MAX_COLUMNS:,}")
    if n_columns * max(features.n_fft, features.n_mels) > MAX_VALUES:
        raise _refusal("a frame’s spectrogram would be too large", f"{MAX_VALUES:,} numbers")
    empty = copy.deepcopy(model).to("meta")
    for module in empty.modules():
        module.register_forward_hook(_check_output)
        if isinstance(module, nn.GRU | KerasGRU):
            module.register_forward_pre_hook(_check_steps)
    multiply_adds = measure(empty, n_columns).multiply_adds
    if multiply_adds > MAX_MULTIPLY_ADDS:
        raise _refusal(
            f"a frame would take {multiply_adds:,} multiply-adds", f"{MAX_MULTIPLY_ADDS:,}"
        )


def _check_output(module: nn.Module, inputs: tuple[Tensor, ...], output: object) -> None:
    for tensor in output if isinstance(output, tuple) else (output,):
        if isinstance(tensor, Tensor) and tensor.numel() > MAX_VALUES:
            raise _refusal(
                f"a layer would give {tensor.numel():,} numbers for a frame", f"{MAX_VALUES:,}"
            )


def _check_steps(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    n_steps = inputs[0].shape[1]
    if n_steps > MAX_STEPS:
        raise _refusal(f"a recurrent layer would take {n_steps:,} steps a frame", f"{MAX_STEPS:,}")


def _refusal(what: str, limit: str) -> ModelError:
    return ModelError(
        f"The uploaded model asks for too much: {what}; at most {limit} are allowed here. "
        "Train a smaller network, or run the app on a machine of your own and name the file in "
        "GENRE_MODEL."
    )
