"""A convolutional recurrent network for frames of any length from 3 s.

The idea is the published one (see `crnn_choi.py`): convolution blocks shrink the mel-spectrogram
to a short sequence of feature vectors, two recurrent layers read the sequence, a linear layer
gives the logits. The changes make it independent of length and level: the input is
normalised by mel band instead of by column, a frame's level is removed, columns can be averaged in
power first, and the recurrent output can be summarised over the whole frame.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP.
Cho et al. (2014): Learning phrase representations using RNN encoder-decoder for statistical
    machine translation. EMNLP. (gated recurrent unit)
Bahdanau, Cho, Bengio (2015): Neural machine translation by jointly learning to align and
    translate. ICLR. (attention; here over time, with one learnt query)
Ioffe, Szegedy (2015): Batch normalization. ICML.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import torch
from torch import Tensor, nn

from genre_core.config import MIN_FRAME_SECONDS, FeatureSettings
from genre_core.models.base import ConvNetwork
from genre_core.models.input_scaling import InputScaling
from genre_core.models.layers import Activation, KerasGRU, activate, conv_blocks

MAX_BLOCKS = 12  # convolution blocks; a checkpoint with more is refused
N_RECURRENT = 2

Recurrent = Literal["gru", "keras_gru"]
Summary = Literal["last", "mean", "attention"]


@dataclass(frozen=True)
class CrnnSettings:
    """Hyperparameters of a `Crnn`.

    Raises ValueError if a choice is unknown or sizes do not fit together.

    Attributes
    ----------
    n_mels : bands of the input
    pool_columns, dynamic_range_db : see `InputScaling`
    channels : output channels of each convolution block
    kernels, pools : kernel and max-pooling of each block, along frequency and time; one pair is for
        all blocks
    hidden : size of each recurrent layer, each way
    recurrent : torch's GRU, or that of the published weights (forwards only), for a start from them
    summary : the classifier's input from the recurrent output: the state after the whole frame, the
        mean over time, or a mean over time with learnt weights
    activation : see `layers.activate`
    conv_dropout, recurrent_dropout : probabilities after each block; between the recurrent layers
        and before the classifier
    """

    n_mels: int = 96
    pool_columns: int = 4
    dynamic_range_db: float | None = 60.0
    channels: Sequence[int] = (64, 128, 128, 128)
    kernels: Sequence[tuple[int, int]] = ((3, 3),)
    pools: Sequence[tuple[int, int]] = ((2, 2), (3, 2), (4, 2), (4, 2))
    hidden: int = 64
    bidirectional: bool = True
    recurrent: Recurrent = "gru"
    summary: Summary = "attention"
    activation: Activation = "softmax"
    conv_dropout: float = 0.1
    recurrent_dropout: float = 0.3

    def __post_init__(self) -> None:
        """Check the values, and expand kernel and pool to one for each block."""
        n_blocks = len(self.channels)
        if not 1 <= n_blocks <= MAX_BLOCKS:
            raise ValueError(f"channels: 1 to {MAX_BLOCKS} convolution blocks, not {n_blocks}")
        for name, value, choices in (
            ("recurrent", self.recurrent, get_args(Recurrent)),
            ("summary", self.summary, get_args(Summary)),
            ("activation", self.activation, get_args(Activation)),
        ):
            if value not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}, not {value!r}")
        if min(self.hidden, self.n_mels, *self.channels) < 1:
            raise ValueError("hidden, n_mels and channels must be at least 1")
        if self.bidirectional and self.recurrent == "keras_gru":
            raise ValueError("keras_gru runs forwards only: set bidirectional=False")
        for name, each in {
            "channels": tuple(self.channels),
            "kernels": _pairs("kernels", self.kernels, n_blocks),
            "pools": _pairs("pools", self.pools, n_blocks),
        }.items():
            object.__setattr__(self, name, each)
        if self.map_bands < 1:
            raise ValueError(f"the pools {self.pools} leave nothing of {self.n_mels} bands")
        shortest = FeatureSettings().n_columns_of(MIN_FRAME_SECONDS)
        if self.step_columns > shortest:
            raise ValueError(
                f"needs {self.step_columns} columns, but a frame of {MIN_FRAME_SECONDS:g} s has "
                f"{shortest}: pool less along time"
            )

    @property
    def map_bands(self) -> int:
        """Bands of the last convolution block's maps."""
        return self.n_mels // math.prod(pool[0] for pool in self.pools)

    @property
    def step_columns(self) -> int:
        """Columns of the input that become one step for the recurrent layers."""
        return math.prod(pool[1] for pool in self.pools) * self.pool_columns


class Crnn(ConvNetwork):
    """Convolution blocks, two recurrent layers, a summary over time, a linear layer.

    Raises ValueError if the hyperparameters do not fit together, or a frame of 3 s would vanish in
    the pooling. Raises TypeError if one is unknown.

    Parameters
    ----------
    **hyperparameters : see `CrnnSettings`
    """

    max_columns = math.inf

    def __init__(self, n_genres: int, **hyperparameters: Any) -> None:
        super().__init__()
        settings = CrnnSettings(**hyperparameters)
        if n_genres < 1:
            raise ValueError(f"n_genres must be at least 1, not {n_genres}")
        self.settings = settings
        self.hyperparameters = asdict(settings)
        self.n_mels = settings.n_mels
        self.min_columns = settings.step_columns

        self.input_scaling = InputScaling(settings.pool_columns, settings.dynamic_range_db)
        self.band_norm = nn.BatchNorm1d(settings.n_mels)
        self.convolutions = conv_blocks(
            settings.channels, settings.kernels, settings.pools, settings.conv_dropout
        )
        n_features = settings.channels[-1] * settings.map_bands
        hidden = settings.hidden
        self.gru: nn.Module
        if settings.recurrent == "gru":
            self.gru = nn.GRU(
                n_features,
                hidden,
                num_layers=N_RECURRENT,
                batch_first=True,
                bidirectional=settings.bidirectional,
                dropout=settings.recurrent_dropout,
            )
        else:
            self.gru = nn.Sequential(KerasGRU(n_features, hidden), KerasGRU(hidden, hidden))
        width = 2 * hidden if settings.bidirectional else hidden
        self.attention = nn.Linear(width, 1) if settings.summary == "attention" else None
        self.dropout = nn.Dropout(settings.recurrent_dropout)
        self.classifier = nn.Linear(width, n_genres)

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, from input to output."""
        attention = [] if self.attention is None else [self.attention]
        return {
            "input": [self.band_norm],
            **{name: [block] for name, block in self.convolutions.named_children()},
            "recurrent": [self.gru, *attention],
            "classifier": [self.classifier],
        }

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return (B, 1, n_mels, T') from `log_mel` (B, n_mels, T) in dB, T >= `min_columns`."""
        return self.band_norm(self.input_scaling(log_mel)).unsqueeze(1)

    def read(self, sequence: Tensor) -> Tensor:
        """Return (B, width) from (B, T'', C * F')."""
        states = self.gru(sequence)  # (B, T'', width), torch's GRU with its last states beside
        return self._summarise(states[0] if isinstance(states, tuple) else states)

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from (B, width)."""
        return activate(self.classifier(self.dropout(summary)), self.settings.activation)

    def describe_reader(self, steps: str) -> str:
        """Return what the recurrent layers do with `steps`."""
        ways = ", forwards and backwards" if self.settings.bidirectional else ""
        return f"reads {steps} in order: {N_RECURRENT} recurrent layers{ways}"

    def _summarise(self, states: Tensor) -> Tensor:
        """Return (B, width) from `states` (B, T'', width)."""
        if self.attention is not None:
            weights = self.attention(states).softmax(dim=1)  # (B, T'', 1)
            return (weights * states).sum(dim=1)
        if self.settings.summary == "mean":
            return states.mean(dim=1)
        if self.settings.bidirectional:  # each direction after it has read the whole frame
            forwards, backwards = states.chunk(2, dim=2)
            return torch.cat([forwards[:, -1], backwards[:, 0]], dim=1)
        return states[:, -1]


def _pairs(name: str, values: Sequence[Sequence[int]], n: int) -> tuple[tuple[int, int], ...]:
    """Return `n` (frequency, time) pairs; one given pair serves all."""
    pairs = tuple((int(pair[0]), int(pair[1])) for pair in values if len(pair) == 2)
    if len(pairs) != len(values) or len(pairs) not in (1, n) or min(map(min, pairs)) < 1:
        raise ValueError(f"{name}: 1 or {n} pairs of sizes of at least 1, not {values!r}")
    if name == "kernels" and any(size % 2 == 0 for pair in pairs for size in pair):
        raise ValueError(f"kernels: odd sizes, not {values!r}")
    return pairs * n if len(pairs) == 1 else pairs
