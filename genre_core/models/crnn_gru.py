"""Convolution blocks, one GRU, the mean over time, one linear layer.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP.
Cho et al. (2014): Learning phrase representations using RNN encoder-decoder for statistical
    machine translation. EMNLP. (gated recurrent unit, GRU)
Won, Ferraro, Bogdanov, Serra (2020): Evaluation of CNN-based automatic music tagging models. SMC.
    (the shape of the blocks: 3 x 3, ReLU, pools of 2 bands and 4 columns)
"""

import math
from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from genre_core.models.base import ConvNetwork
from genre_core.models.input_scaling import LevelScaling
from genre_core.models.layers import ConvBlock

KERNEL = (3, 3)
MAX_BLOCKS = 12  # a checkpoint that asks for more is not ours


class CrnnGru(ConvNetwork):
    """A convolutional recurrent network for frames of any length.

    Parameters
    ----------
    n_genres : int
    n_mels : int
        Bands of the input.
    dynamic_range_db : float
        See `LevelScaling`.
    channels : sequence of int
        Output channels of each convolution block.
    pools : sequence of (int, int)
        Max-pooling of each block, along bands and columns.
    hidden : int
        Size of the GRU, each way.
    dropout : float
        Probability, before the classifier.

    Raises
    ------
    ValueError
        If an option is impossible.
    """

    max_columns = math.inf

    def __init__(
        self,
        n_genres: int,
        *,
        n_mels: int = 96,
        dynamic_range_db: float = 60.0,
        channels: Sequence[int] = (24, 64, 128, 128),
        pools: Sequence[Sequence[int]] = ((2, 4), (2, 4), (2, 4), (4, 1)),
        hidden: int = 64,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        if not 1 <= len(channels) == len(pools) <= MAX_BLOCKS:
            raise ValueError(f"channels and pools: as many of both, 1 to {MAX_BLOCKS}")
        if min(n_genres, n_mels, hidden, *channels) < 1:
            raise ValueError("sizes must be at least 1")
        pairs = tuple((int(bands), int(columns)) for bands, columns in pools)
        if min(size for pair in pairs for size in pair) < 1:
            raise ValueError(f"pools: sizes of at least 1, not {pools!r}")
        self.n_mels = n_mels
        self.min_columns = math.prod(columns for _, columns in pairs)
        self.hyperparameters = {
            "n_mels": n_mels,
            "dynamic_range_db": dynamic_range_db,
            "channels": tuple(channels),
            "pools": pairs,
            "hidden": hidden,
            "dropout": dropout,
        }
        self.level_scaling = LevelScaling(dynamic_range_db)
        blocks: OrderedDict[str, nn.Module] = OrderedDict()
        n_inputs, n_bands = 1, n_mels
        for number, (n_outputs, pool) in enumerate(zip(channels, pairs, strict=True), start=1):
            blocks[f"conv{number}"] = ConvBlock(
                n_inputs, n_outputs, KERNEL, pool, activation="relu", keep_rest=True
            )
            n_inputs, n_bands = n_outputs, -(-n_bands // pool[0])
        self.convolutions = nn.Sequential(blocks)
        # Maps differ by orders of magnitude: the GRU learns little from them as they are.
        self.sequence_norm = nn.BatchNorm1d(n_inputs * n_bands)
        self.gru = nn.GRU(n_inputs * n_bands, hidden, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(2 * hidden, n_genres)

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, from input to output; the entrance learns nothing."""
        return {
            "input": [],
            **{name: [block] for name, block in self.convolutions.named_children()},
            "recurrent": [self.sequence_norm, self.gru],
            "classifier": [self.classifier],
        }

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return (B, 1, n_mels, T) from `log_mel` (B, n_mels, T) in dB."""
        scaled: Tensor = self.level_scaling(log_mel)
        return scaled.unsqueeze(1).contiguous(memory_format=torch.channels_last)

    def begin(self, sequence: Tensor) -> Tensor:
        """Return `sequence` (B, T'', n_features) with every feature brought to one scale."""
        normalised: Tensor = self.sequence_norm(sequence.transpose(1, 2))
        return normalised.transpose(1, 2)

    def read(self, sequence: Tensor) -> Tensor:
        """Return (B, 2 * hidden), the mean of the GRU's outputs, from (B, T'', n_features)."""
        outputs: Tensor = self.gru(sequence)[0]
        return outputs.mean(dim=1)

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from (B, 2 * hidden)."""
        logits: Tensor = self.classifier(self.dropout(summary))
        return logits

    def describe_reader(self, steps: str) -> str:
        """Return what the GRU does with `steps`."""
        return f"reads {steps} in order, forwards and backwards, and averages over time"
