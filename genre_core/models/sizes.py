"""Networks of one family, made wider or narrower to reach a given number of parameters.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. Section 3.2. (networks compared at equal numbers of parameters; within
    a network, the ratio of its layers' widths stays)
"""

from typing import Any

import torch

from genre_core.models import registry

FAMILIES: tuple[str, ...] = ("k1c2", "k2c2", "crnn")  # those whose widths can be scaled
TOLERANCE = 0.03  # of the target number of parameters

MIN_PARAMETERS = 5_000
MAX_PARAMETERS = 10_000_000
_WIDTHS = ("channels", "hidden")


def n_parameters(name: str, n_genres: int, **hyperparameters: Any) -> int:
    """Return the number of trainable numbers of a network, without allocating them."""
    with torch.device("meta"):
        model = registry.build(name, n_genres, **hyperparameters)
    return sum(parameter.numel() for parameter in model.parameters())


def scaled(name: str, width: float, **hyperparameters: Any) -> dict[str, Any]:
    """Return hyperparameters with every layer `width` times as wide as the family's default.

    Raises ValueError if the name is none of `FAMILIES`.

    Parameters
    ----------
    name : one of `FAMILIES`
    width : factor on channels and hidden units, rounded to at least 1
    **hyperparameters : others of the network, or widths to scale instead of the defaults
    """
    if name not in FAMILIES:
        raise ValueError(f"no width factor for {name!r}; it scales {', '.join(FAMILIES)}")
    with torch.device("meta"):
        defaults = registry.build(name, 2, **hyperparameters).hyperparameters
    result = dict(hyperparameters)
    for key in _WIDTHS:
        if key in defaults:
            result[key] = _times(defaults[key], width)
    return result


def for_size(name: str, target: int, n_genres: int = 10, **hyperparameters: Any) -> dict[str, Any]:
    """Return hyperparameters of the network whose number of parameters is nearest to `target`.

    Raises ValueError if no width comes within 3 %, or the name is none of `FAMILIES`.

    Parameters
    ----------
    name : one of `FAMILIES`
    target : parameters, `MIN_PARAMETERS` to `MAX_PARAMETERS`
    **hyperparameters : others of the network
    """
    if not MIN_PARAMETERS <= target <= MAX_PARAMETERS:
        raise ValueError(f"{MIN_PARAMETERS:,} to {MAX_PARAMETERS:,} parameters, not {target:,}")

    def count(width: float) -> int:
        return n_parameters(name, n_genres, **scaled(name, width, **hyperparameters))

    low, high = 0.01, 100.0
    for _ in range(24):  # the count never falls as the width rises; steps of a millionth
        middle = (low * high) ** 0.5
        low, high = (middle, high) if count(middle) < target else (low, middle)
    best = min((low, high), key=lambda width: abs(count(width) - target))
    if abs(count(best) - target) > TOLERANCE * target:
        raise ValueError(f"{name} cannot have {target:,} parameters: {count(best):,} is nearest")
    return scaled(name, best, **hyperparameters)


def _times(value: Any, width: float) -> Any:
    if isinstance(value, int):
        return max(1, round(value * width))
    return tuple(max(1, round(item * width)) for item in value)
