"""Mixtures of two examples and of their labels.

References
----------
Zhang, Cissé, Dauphin, Lopez-Paz (2018): mixup: beyond empirical risk minimization. ICLR.
"""

import torch
from torch import Generator, Tensor


def draw_mixup(n_examples: int, alpha: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """Draw each example's partner, int64 (B,), and its own share, float32 (B,), at least 0.5.

    Parameters
    ----------
    alpha : both parameters of the beta distribution
    """
    partner = torch.randperm(n_examples, generator=generator)
    # A beta variable from two gamma variables; torch's Beta takes no generator.
    concentration = torch.full((2, n_examples), alpha)
    gamma = torch._standard_gamma(concentration, generator=generator).clamp(min=1e-30)
    share = gamma[0] / gamma.sum(dim=0)
    return partner, torch.maximum(share, 1 - share)


def mix(x: Tensor, partner: Tensor, share: Tensor) -> Tensor:
    """Mix each example with its partner.

    Parameters
    ----------
    x : float32 (B, ...), log-mel in dB or labels
    partner, share : as `draw_mixup` returns them
    """
    share = share.to(x.device).reshape(-1, *[1] * (x.ndim - 1))
    return share * x + (1 - share) * x[partner]
