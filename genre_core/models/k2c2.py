"""A fully convolutional network: five blocks of 3 x 3 filters until only channels are left.

Departures from the paper, so that frames of any length from 3 s fit: columns are first averaged in
power, each block halves the time (the paper's pools leave one step of 29 s), and the steps that
remain are averaged.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. Section 2.3, figure 1c, table 1. (k2c2; its widths are in the ratio of
    the default ones)
Choi, Fazekas, Sandler (2016): Automatic tagging using deep convolutional neural networks. ISMIR.
    (the same structure before)
"""

import math
from collections.abc import Sequence

from torch import Tensor, nn

from genre_core.models.base import ConvNetwork
from genre_core.models.input_scaling import InputScaling
from genre_core.models.layers import conv_blocks

KERNEL = (3, 3)
POOLS = ((2, 2), (2, 2), (2, 2), (3, 2), (4, 2))  # 2 * 2 * 2 * 3 * 4 = 96 bands
N_MELS = math.prod(pool[0] for pool in POOLS)


class K2c2(ConvNetwork):
    """Five blocks along both axes, the mean over time, one linear layer.

    Raises ValueError if an option is impossible.

    Parameters
    ----------
    pool_columns, dynamic_range_db : see `InputScaling`
    channels : output channels of each of the five blocks
    conv_dropout : probability after each block
    """

    reader = "pooling"
    n_mels = N_MELS
    max_columns = math.inf

    def __init__(
        self,
        n_genres: int,
        *,
        pool_columns: int = 4,
        dynamic_range_db: float | None = 60.0,
        channels: Sequence[int] = (32, 64, 64, 96, 128),
        conv_dropout: float = 0.1,
    ) -> None:
        super().__init__()
        if len(channels) != len(POOLS):
            raise ValueError(f"channels: {len(POOLS)} sizes, not {channels!r}")
        if min(n_genres, *channels) < 1:
            raise ValueError("sizes must be at least 1")
        self.hyperparameters = {
            "pool_columns": pool_columns,
            "dynamic_range_db": dynamic_range_db,
            "channels": tuple(channels),
            "conv_dropout": conv_dropout,
        }
        self.input_scaling = InputScaling(pool_columns, dynamic_range_db)
        self.band_norm = nn.BatchNorm1d(N_MELS)
        self.convolutions = conv_blocks(channels, [KERNEL] * len(POOLS), POOLS, conv_dropout)
        self.min_columns = math.prod(pool[1] for pool in POOLS) * pool_columns
        self.classifier = nn.Linear(channels[-1], n_genres)

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, from input to output; pooling has nothing to learn."""
        return {
            "input": [self.band_norm],
            **{name: [block] for name, block in self.convolutions.named_children()},
            "pooling": [],
            "classifier": [self.classifier],
        }

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return (B, 1, 96, T') from `log_mel` (B, 96, T) in dB, T >= `min_columns`."""
        return self.band_norm(self.input_scaling(log_mel)).unsqueeze(1)

    def read(self, sequence: Tensor) -> Tensor:
        """Return (B, C), the mean over time, from (B, T'', C)."""
        return sequence.mean(dim=1)

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from (B, C)."""
        return self.classifier(summary)

    def describe_reader(self, steps: str) -> str:
        """Return what the pooling does with `steps`."""
        return f"averages {steps}"
