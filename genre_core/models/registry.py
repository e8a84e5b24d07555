"""Name -> constructor of every network that a checkpoint may name."""

import re
from collections.abc import Callable
from typing import Any

from torch import nn

from genre_core.models.base import GenreNetwork, without_retired
from genre_core.models.crnn import Crnn
from genre_core.models.crnn_choi import CrnnChoi
from genre_core.models.crnn_gru import CrnnGru
from genre_core.models.k1c2 import K1c2
from genre_core.models.k2c2 import K2c2

_CONSTRUCTORS: dict[str, Callable[..., GenreNetwork]] = {
    "crnn": Crnn,
    "crnn_choi": CrnnChoi,
    "crnn_gru": CrnnGru,
    "k1c2": K1c2,
    "k2c2": K2c2,
}


def names() -> tuple[str, ...]:
    """Return the names of the networks that `build` knows."""
    return tuple(_CONSTRUCTORS)


def build(name: str, n_genres: int, **hyperparameters: Any) -> GenreNetwork:
    """Build a network with random weights.

    Parameters
    ----------
    name : str
        One of `names()`.
    n_genres : int
        Number of outputs.
    **hyperparameters
        As the network's constructor takes them; the network keeps them in `.hyperparameters`.

    Returns
    -------
    GenreNetwork

    Raises
    ------
    ValueError
        If the name is unknown or a hyperparameter is not possible.
    """
    if name not in _CONSTRUCTORS:
        raise ValueError(f"no network named {name!r}; known: {', '.join(names())}")
    try:
        return _CONSTRUCTORS[name](n_genres, **without_retired(hyperparameters))
    except TypeError as error:
        unknown = re.search(r"unexpected keyword argument '(\w+)'", str(error))
        reason = (
            f"no setting {unknown[1]} here, but in another version of this program"
            if unknown
            else error
        )
        raise ValueError(f"{name}: {reason}") from error


def name_of(model: nn.Module) -> str:
    """Return the name under which `build` makes networks of this kind.

    Raises
    ------
    ValueError
        If it makes none.
    """
    for name, constructor in _CONSTRUCTORS.items():
        if constructor is type(model):
            return name
    raise ValueError(f"{type(model).__name__} is not a registered network")
