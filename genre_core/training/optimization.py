"""Optimisers, the learning rate over time, and the moving average of the weights.

References
----------
Kingma, Ba (2015): Adam: a method for stochastic optimization. ICLR.
Loshchilov, Hutter (2019): Decoupled weight decay regularization. ICLR. (AdamW)
Shazeer, Stern (2018): Adafactor: adaptive learning rates with sublinear memory cost. ICML.
    (section 8: steps in proportion to the root mean square of each tensor, here of its first
    values)
Sutskever, Martens, Dahl, Hinton (2013): On the importance of initialization and momentum in deep
    learning. ICML. (Nesterov momentum)
Loshchilov, Hutter (2017): SGDR: stochastic gradient descent with warm restarts. ICLR. Equation 5.
    (cosine, here without restarts)
Polyak, Juditsky (1992): Acceleration of stochastic approximation by averaging. SIAM Journal on
    Control and Optimization 30(4).
"""

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from torch.optim.swa_utils import AveragedModel

from genre_core.errors import SettingsError
from genre_core.models.base import GenreNetwork
from genre_core.training.settings import TrainingSettings

SMALLEST_SIZE = 0.01  # of a tensor, for relative rates: those of zeros must learn too
FINAL_RATE_SHARE = 0.01  # of the highest learning rate, where the cosine ends


def make_optimizer(
    model: GenreNetwork, settings: TrainingSettings, others: Iterable[nn.Parameter] = ()
) -> Optimizer:
    """Return the optimiser of `settings` for every weight that is not frozen, and for `others`.

    Each parameter group has a "factor" on the learning rate; vectors (biases, norms) are not
    decayed.

    Raises SettingsError if `block_rates` names no block of the network, or every block is frozen.
    """
    unknown = sorted(set(settings.block_rates) - set(model.blocks))
    if unknown:
        raise SettingsError(
            f"The network has no block {unknown[0]!r}; it has {', '.join(model.blocks)}."
        )
    factors = {
        id(parameter): settings.block_rates.get(block, 1.0)
        for block, modules in model.blocks.items()
        for module in modules
        for parameter in module.parameters()
    }
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    for parameter in (*model.parameters(), *others):
        if parameter.requires_grad:
            size = _size(parameter) if settings.relative_rates else 1.0
            key = size * factors.get(id(parameter), 1.0), parameter.ndim > 1
            groups.setdefault(key, []).append(parameter)
    if not groups:
        raise SettingsError("Every block is frozen: nothing is left to learn.")
    parameters = [
        {"params": members, "factor": factor, "weight_decay": settings.weight_decay * decayed}
        for (factor, decayed), members in groups.items()
    ]
    rate = settings.learning_rate
    if settings.optimizer == "adam":
        return Adam(parameters, lr=rate)
    if settings.optimizer == "adamw":
        return AdamW(parameters, lr=rate)
    return SGD(parameters, lr=rate, momentum=settings.momentum, nesterov=settings.momentum > 0)


def _size(parameter: nn.Parameter) -> float:
    return max(SMALLEST_SIZE, float(parameter.detach().square().mean().sqrt()))


def learning_rate(step: int, n_steps: int, settings: TrainingSettings) -> float:
    """Return the learning rate of one step, before the blocks' factors.

    Parameters
    ----------
    step : 0 to n_steps - 1
    n_steps : in the whole run
    """
    n_warmup = math.ceil(settings.warmup_share * n_steps)
    if step < n_warmup:
        return settings.learning_rate * (step + 1) / n_warmup
    if settings.schedule == "constant":
        return settings.learning_rate
    progress = (step - n_warmup) / max(1, n_steps - n_warmup)
    share = 0.5 * (1 + math.cos(math.pi * progress))
    return settings.learning_rate * (FINAL_RATE_SHARE + (1 - FINAL_RATE_SHARE) * share)


def set_learning_rate(optimizer: Optimizer, rate: float) -> None:
    """Give every parameter group `rate` times its own factor."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group["factor"]


def moving_average(model: nn.Module, decay: float) -> AveragedModel:
    """Return an exponential moving average of all weights and statistics of `model`.

    The decay rises to `decay` over the first steps, so that the first weights do not
    dominate a short run.
    """

    def update(
        averaged: tuple[Tensor, ...] | list[Tensor],
        current: tuple[Tensor, ...] | list[Tensor],
        n_averaged: Tensor | int,
    ) -> None:
        n = int(n_averaged)
        share = 1 - min(decay, (1 + n) / (10 + n))
        for target, source in zip(averaged, current, strict=True):
            if target.is_floating_point():
                target.lerp_(source, share)
            else:  # a counter
                target.copy_(source)

    with torch.no_grad():
        return AveragedModel(model, multi_avg_fn=update, use_buffers=True)


def autocast(device: torch.device, settings: TrainingSettings) -> torch.autocast:
    """Return a context in which torch computes in the precision of the settings where it can."""
    return torch.autocast(device.type, torch.bfloat16, enabled=settings.precision == "bfloat16")
