"""A network's `Familiarity` among the tensors of its checkpoint."""

from dataclasses import asdict, fields

import torch
from torch import Tensor

from genre_core.errors import ModelError
from genre_core.models.familiarity import LEVELS, Familiarity

PREFIX = "familiarity."
MAX_EXAMPLES = 100_000


def familiarity_tensors(familiarity: Familiarity | None) -> dict[str, Tensor]:
    """Return the tensors that a checkpoint stores of `familiarity`, by name; none for None."""
    if familiarity is None:
        return {}
    return {
        PREFIX + name: torch.from_numpy(array).float().contiguous()
        for name, array in asdict(familiarity).items()
    }


def take_familiarity(tensors: dict[str, Tensor]) -> Familiarity | None:
    """Remove the familiarity from `tensors`; ModelError if it is damaged, None if there is none."""
    stored = {name: tensors.pop(name) for name in list(tensors) if name.startswith(PREFIX)}
    if not stored:
        return None
    expected = {PREFIX + item.name for item in fields(Familiarity)}
    if expected - set(stored) == {PREFIX + "is_inner"}:
        return None  # of an older checkpoint, whose frames were described by one layer
    if set(stored) != expected:
        names = sorted(set(stored) ^ expected)
        raise ModelError(f"tensors missing or left over: {', '.join(names[:4])}")
    for name, tensor in stored.items():
        if not tensor.is_floating_point() or not torch.isfinite(tensor).all():
            raise ModelError(f"{name} holds values that are not finite")
    arrays = {name.removeprefix(PREFIX): array.float().numpy() for name, array in stored.items()}
    familiarity = Familiarity(**arrays)
    if not _fits(familiarity):
        shapes = ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in stored.items())
        raise ModelError(f"tensors that do not fit together: {shapes}")
    return familiarity


def _fits(familiarity: Familiarity) -> bool:
    mean, examples, levels = familiarity.mean, familiarity.examples, familiarity.levels
    return (
        mean.ndim == 1
        and familiarity.spread.shape == familiarity.is_inner.shape == mean.shape
        and 0 < (familiarity.is_inner > 0).sum() < len(mean)
        and examples.ndim == 2
        and 0 < examples.shape[1] == len(mean)
        and 0 < len(examples) <= MAX_EXAMPLES
        and familiarity.units.shape == (2,)
        and bool((familiarity.spread > 0.0).all() and (familiarity.units > 0.0).all())
        and levels.shape == LEVELS.shape
        and bool((levels[1:] >= levels[:-1]).all())
    )
