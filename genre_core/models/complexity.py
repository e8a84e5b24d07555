"""How large a network is, and how much arithmetic a frame costs it.

`python -m genre_core.models.complexity` prints the table for the published network and every
bundled checkpoint.
"""

import copy
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from genre_core.config import FeatureSettings, FrameSettings
from genre_core.models.base import GenreNetwork
from genre_core.models.crnn import StartStep
from genre_core.models.crnn_pair import Product
from genre_core.models.layers import KerasGRU

# One or two operations a value: together under one per cent of what is counted.
_NOT_COUNTED = (nn.BatchNorm1d, nn.BatchNorm2d, StartStep)


@dataclass(frozen=True)
class Complexity:
    """Size and cost of a network.

    Attributes
    ----------
    parameters : int
        Trainable numbers (running statistics are not among them).
    multiply_adds : int
        For one frame, in convolutions, linear and recurrent layers.
    layers : dict of str to int
        Multiply-adds of each of these layers, by its name in the network.
    """

    parameters: int
    multiply_adds: int
    layers: dict[str, int]


def frame_columns() -> int:
    """Return the number of columns of a frame of standard length, 1366."""
    features = FeatureSettings()
    return features.n_columns(round(FrameSettings().frame_seconds * features.sample_rate))


def measure(model: GenreNetwork, n_columns: int | None = None) -> Complexity:
    """Count the parameters of `model` and its multiply-adds for one frame.

    A private copy runs once over an empty frame, with a hook at each layer that reads off the
    shapes; `model` itself is left as it is. On the device "meta" nothing is computed.

    Parameters
    ----------
    model : GenreNetwork
    n_columns : int, optional
        Columns of the frame; those of 29.12 s by default.

    Returns
    -------
    Complexity

    Raises
    ------
    TypeError
        If the network holds a layer with parameters that this module cannot count.
    """
    layers: dict[str, int] = {}
    model = copy.deepcopy(model).eval()
    for name, module in model.named_modules():
        if isinstance(module, (nn.Conv2d, nn.Linear, nn.GRU, KerasGRU, Product)):
            module.register_forward_hook(_counter(name, layers))
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


def _counter(name: str, layers: dict[str, int]):  # type: ignore[no-untyped-def]
    """Return a forward hook that adds the multiply-adds of one call to `layers[name]`."""

    def hook(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        layers[name] = layers.get(name, 0) + _multiply_adds(module, inputs[0], output)

    return hook


def _multiply_adds(module: nn.Module, x: Tensor, output: Tensor) -> int:
    if isinstance(module, nn.Conv2d):
        return output.numel() * math.prod(module.weight.shape[1:])  # (out, in / groups, h, w)
    if isinstance(module, nn.Linear):
        return output.numel() * module.in_features
    if isinstance(module, Product):
        return x.numel()
    # A recurrent layer multiplies every step, of B * T in `x`, with each of its matrices once.
    matrices = (weight for weight in module.parameters() if weight.ndim == 2)
    return x.shape[0] * x.shape[1] * sum(weight.numel() for weight in matrices)


def main() -> None:
    """Print a table: the published network, then every bundled checkpoint."""
    from genre_core.checkpoints.bundled import bundled_models
    from genre_core.checkpoints.checkpoint import load_checkpoint
    from genre_core.models import registry

    published = measure(registry.build("crnn_choi", 10))
    print(f"{'network':24} {'parameters':>12} {'multiply-adds a frame':>22} {'of crnn_choi':>13}")
    rows = [("crnn_choi (published)", published)]
    rows += [(name, measure(load_checkpoint(path)[0])) for name, path in bundled_models().items()]
    for name, complexity in rows:
        share = complexity.multiply_adds / published.multiply_adds
        print(f"{name:24} {complexity.parameters:12,} {complexity.multiply_adds:22,} {share:13.0%}")


if __name__ == "__main__":
    main()
