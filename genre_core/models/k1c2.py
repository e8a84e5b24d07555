"""A convolutional network that treats each mel band by itself until its dense layers.

Four blocks convolve and pool along time only, with the same filters in every band; two dense layers
then combine the bands.

"1-D" is one kernel row, (1, 4) of bands and columns. It runs along time: the paper's pooling,
4 * 5 * 8 * 8 = 1,280, fits into its 1,366 columns and not into its 96 bands.

Departures from the paper, so that frames of any length from 3 s fit: columns are first averaged in
power, the pooling leaves more than one step (the paper's 4, 5, 8 and 8 leave one of 29 s), and the
steps are averaged. The dense layer has batch normalisation as the blocks have.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. Section 2.1, figure 1a, table 1. (k1c2; its widths are in the ratio of
    the default ones)
Ioffe, Szegedy (2015): Batch normalization. ICML.
Clevert, Unterthiner, Hochreiter (2016): Fast and accurate deep network learning by exponential
    linear units (ELUs). ICLR.
"""

import math
from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from genre_core.models.base import ConvNetwork
from genre_core.models.input_scaling import InputScaling
from genre_core.models.layers import conv_blocks

KERNEL = (1, 4)  # bands, columns; even: a map grows by one column, which the pooling drops
POOLS = ((1, 2), (1, 2), (1, 2), (1, 4))


class K1c2(ConvNetwork):
    """Four blocks along time, the mean over time, two dense layers.

    Raises ValueError if an option is impossible.

    Parameters
    ----------
    n_mels : bands of the input; all of them reach the dense layers
    pool_columns, dynamic_range_db : see `InputScaling`
    channels : output channels of each of the four blocks
    hidden : size of the first dense layer
    conv_dropout, dense_dropout : probabilities after each block; before the classifier
    """

    reader = "dense"
    max_columns = math.inf

    def __init__(
        self,
        n_genres: int,
        *,
        n_mels: int = 96,
        pool_columns: int = 4,
        dynamic_range_db: float | None = 60.0,
        channels: Sequence[int] = (16, 32, 32, 32),
        hidden: int = 32,
        conv_dropout: float = 0.1,
        dense_dropout: float = 0.3,
    ) -> None:
        super().__init__()
        if len(channels) != len(POOLS):
            raise ValueError(f"channels: {len(POOLS)} sizes, not {channels!r}")
        if min(n_genres, n_mels, hidden, *channels) < 1:
            raise ValueError("sizes must be at least 1")
        self.hyperparameters = {
            "n_mels": n_mels,
            "pool_columns": pool_columns,
            "dynamic_range_db": dynamic_range_db,
            "channels": tuple(channels),
            "hidden": hidden,
            "conv_dropout": conv_dropout,
            "dense_dropout": dense_dropout,
        }
        self.n_mels = n_mels
        self.input_scaling = InputScaling(pool_columns, dynamic_range_db)
        self.band_norm = nn.BatchNorm1d(n_mels)
        self.convolutions = conv_blocks(channels, [KERNEL] * len(POOLS), POOLS, conv_dropout)
        self.min_columns = math.prod(pool[1] for pool in POOLS) * pool_columns
        self.dense = nn.Linear(channels[-1] * n_mels, hidden)
        self.dense_norm = nn.BatchNorm1d(hidden)
        self.dropout = nn.Dropout(dense_dropout)
        self.classifier = nn.Linear(hidden, n_genres)

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, from input to output."""
        return {
            "input": [self.band_norm],
            **{name: [block] for name, block in self.convolutions.named_children()},
            "dense": [self.dense, self.dense_norm],
            "classifier": [self.classifier],
        }

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return (B, 1, n_mels, T') from `log_mel` (B, n_mels, T) in dB, T >= `min_columns`."""
        return self.band_norm(self.input_scaling(log_mel)).unsqueeze(1)

    def read(self, sequence: Tensor) -> Tensor:
        """Return (B, hidden) from (B, T'', C * n_mels)."""
        return F.elu(self.dense_norm(self.dense(sequence.mean(dim=1))))

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from (B, hidden)."""
        return self.classifier(self.dropout(summary))

    def describe_reader(self, steps: str) -> str:
        """Return what the dense layer does with `steps`."""
        return f"averages {steps}, then a dense layer looks across all bands"
