"""The input of the networks that take frames of any length: log-mel in dB, brought to one scale."""

import math

import torch
from torch import Tensor, nn

DB_PER_UNIT = 20.0  # dB that become 1 at the entrance: about the deviation of music, in dB


class InputScaling(nn.Module):
    """Standard log-mel in dB -> about unit range, in the order of the parameters.

    The loudest point of each frame becomes the same, so that a network does not hear how loud a
    song is.

    Parameters
    ----------
    pool_columns : int
        Average the power over so many columns (1: none); a rest at the end is dropped.
    dynamic_range_db : float or None
        Raise everything to at least so many dB under the frame's loudest point.

    Raises
    ------
    ValueError
        If a number is impossible.
    """

    def __init__(self, pool_columns: int, dynamic_range_db: float | None) -> None:
        super().__init__()
        if pool_columns < 1:
            raise ValueError(f"pool_columns must be at least 1, not {pool_columns}")
        if dynamic_range_db is not None and not dynamic_range_db > 0.0:
            raise ValueError(f"dynamic_range_db must be above 0, not {dynamic_range_db}")
        self.pool_columns = pool_columns
        # A record may hold true, which torch does not subtract.
        self.dynamic_range_db = None if dynamic_range_db is None else float(dynamic_range_db)
        # With the maximum at 0 dB, half of the range is put in the middle.
        self.centre_db = -(dynamic_range_db or 0.0) / 2.0

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return (B, n_mels, T // pool_columns) from (B, n_mels, T) in dB."""
        x = log_mel
        if self.pool_columns > 1:
            x = x[..., : x.shape[-1] // self.pool_columns * self.pool_columns]
            x = x.unflatten(-1, (-1, self.pool_columns))  # (B, n_mels, T', pool_columns)
            # dB of the mean power, in a form that neither overflows nor takes the log of zero
            nepers = x * (math.log(10.0) / 10.0)
            mean = torch.logsumexp(nepers, dim=-1) - math.log(self.pool_columns)
            x = mean * (10.0 / math.log(10.0))  # (B, n_mels, T')
        if self.dynamic_range_db is not None:
            loudest = x.amax(dim=(1, 2), keepdim=True)  # (B, 1, 1)
            x = torch.maximum(x, loudest - self.dynamic_range_db)
        x = x - x.amax(dim=(1, 2), keepdim=True)
        return (x - self.centre_db) / DB_PER_UNIT


class LevelScaling(nn.Module):
    """Log-mel in dB -> about unit range, relative to the frame's mean power.

    Parameters
    ----------
    dynamic_range_db : float
        Raise everything to at least so many dB under the level; music seldom lies lower.

    Raises
    ------
    ValueError
        If it is not above 0.
    """

    def __init__(self, dynamic_range_db: float) -> None:
        super().__init__()
        if not dynamic_range_db > 0.0:
            raise ValueError(f"dynamic_range_db must be above 0, not {dynamic_range_db}")
        self.dynamic_range_db = dynamic_range_db

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return (B, n_mels, T) from (B, n_mels, T) in dB."""
        return (log_mel - level_db(log_mel)).clamp(min=-self.dynamic_range_db) / DB_PER_UNIT


def level_db(log_mel: Tensor) -> Tensor:
    """Return the mean power of each frame in dB, (B, 1, 1), from (B, n_mels, T) in dB."""
    n_points = log_mel.shape[1] * log_mel.shape[2]
    nepers = log_mel * (math.log(10.0) / 10.0)
    mean = torch.logsumexp(nepers, dim=(1, 2), keepdim=True) - math.log(n_points)
    return mean * (10.0 / math.log(10.0))
