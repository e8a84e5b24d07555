"""Parameters of a network, and its multiply-adds for a frame."""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from genre_core.config import FeatureSettings, FrameSettings
from genre_core.models.base import GenreNetwork

# One or two operations a value: together less than one per cent of the total.
_NOT_COUNTED = (nn.BatchNorm1d, nn.BatchNorm2d)

Counter = Callable[[Tensor, Tensor], int]


@dataclass(frozen=True)
class Complexity:
    """Size and cost of a network.

    Attributes
    ----------
    parameters : trainable numbers (running statistics are not among them)
    multiply_adds : for one frame, in convolutions, linear and recurrent layers
    layers : multiply-adds of each of these layers, by its name in the network
    """

    parameters: int
    multiply_adds: int
    layers: dict[str, int]


def frame_columns() -> int:
    """Return the number of columns of a frame of standard length, 1366."""
    features = FeatureSettings()
    return features.n_columns_of(FrameSettings().frame_seconds)


def measure(model: GenreNetwork, n_columns: int | None = None) -> Complexity:
    """Count the parameters of `model` and its multiply-adds for one frame.

    A copy runs once over an empty frame, with a hook at each layer that reads the shapes; `model`
    itself stays unchanged. On the device "meta" nothing is computed. A layer of this package that
    has parameters defines `multiply_adds(input, output)`.

    Raises TypeError if the network holds a layer with parameters that this module cannot count.

    Parameters
    ----------
    n_columns : columns of the frame; those of 29.12 s by default
    """
    layers: dict[str, int] = {}
    model = copy.deepcopy(model).eval()
    for name, module in model.named_modules():
        counter = _counter(module)
        if counter is not None:
            _count_calls(module, name, counter, layers)
        elif next(module.parameters(recurse=False), None) is not None and not isinstance(
            module, _NOT_COUNTED
        ):
            raise TypeError(f"cannot count {name}: {type(module).__name__}")
    with torch.inference_mode():
        device = next(model.parameters()).device
        model(torch.zeros(1, model.n_mels, n_columns or frame_columns(), device=device))
    return Complexity(
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        multiply_adds=sum(layers.values()),
        layers=layers,
    )


def _count_calls(
    module: nn.Module, name: str, counter: Counter, layers: dict[str, int]
) -> RemovableHandle:
    """Add the multiply-adds of every call of `module` to `layers[name]`."""

    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        layers[name] = layers.get(name, 0) + counter(inputs[0], output)

    return module.register_forward_hook(hook)


def _counter(module: nn.Module) -> Counter | None:
    """Return the counter of multiply-adds of one call; None where there are none to count."""
    if isinstance(module, nn.Conv2d):
        kernel = math.prod(module.weight.shape[1:])  # in / groups, height, width
        return lambda x, output: output.numel() * kernel
    if isinstance(module, nn.Linear):
        return lambda x, output: output.numel() * module.in_features
    if isinstance(module, nn.GRU):
        # Every step, of B * T in `x`, is multiplied with each of the matrices once.
        n_weights = sum(weight.numel() for weight in module.parameters() if weight.ndim == 2)
        return lambda x, output: x.shape[0] * x.shape[1] * n_weights
    counter: Counter | None = getattr(module, "multiply_adds", None)
    return counter
