"""A convolutional recurrent network for frames of any length from 3 s: the default of this package.

The idea is the published one (see `crnn_choi.py`): convolution blocks shrink the mel-spectrogram
to a short sequence of feature vectors, two recurrent layers read the sequence, a linear layer names
the genre. What is different makes it independent of length, level and sharpness: the input is
normalised by mel band instead of by column, a frame's level can be taken out, columns can be
averaged in power first, and the recurrent output can be summarised over all of the frame.

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
from typing import Literal

import torch
from torch import Tensor, nn

from genre_core.config import MIN_FRAME_SECONDS, SAMPLE_RATE, FeatureSettings
from genre_core.models.band_extension import BandExtension
from genre_core.models.base import GenreNetwork
from genre_core.models.layers import Activation, KerasGRU, activate, conv_blocks

DB_PER_UNIT = 20.0  # dB that become 1 at the entrance: about the deviation of music, in dB
MAX_BLOCKS = 12  # convolution blocks; a checkpoint that asks for more is not ours
MAX_SPREAD = 16  # columns made of one; the same

Level = Literal["none", "max", "mean"]
Recurrent = Literal["gru", "keras_gru"]
Summary = Literal["last", "mean", "attention"]


class InputScaling(nn.Module):
    """Standard log-mel in dB -> about unit range, in the order of the parameters.

    Parameters
    ----------
    pool_columns : int
        Average the power over so many columns (1: none); a rest at the end is dropped.
    dynamic_range_db : float or None
        Raise everything to at least so many dB under the frame's loudest point.
    level : "max", "mean" or "none"
        What is subtracted from each frame. With "max" or "mean" the network does not hear how loud
        the song is; "none" keeps the absolute level.
    spread : int
        Repeat each column so often (1: none), so that filters learnt on sharp columns fit averaged
        ones.

    Raises
    ------
    ValueError
        If an option is unknown or impossible.
    """

    def __init__(
        self, pool_columns: int, dynamic_range_db: float | None, level: Level, spread: int = 1
    ) -> None:
        super().__init__()
        _check_choice("level", level, ("none", "max", "mean"))
        if min(pool_columns, spread) < 1:
            raise ValueError("sizes must be at least 1")
        if spread > MAX_SPREAD:
            raise ValueError(f"spread is at most {MAX_SPREAD}, not {spread}")
        if dynamic_range_db is not None and not dynamic_range_db > 0.0:
            raise ValueError(f"dynamic_range_db must be above 0, not {dynamic_range_db}")
        self.pool_columns = pool_columns
        self.dynamic_range_db = dynamic_range_db
        self.level = level
        self.spread = spread
        # With the maximum at 0 dB, half of the range is put in the middle.
        self.centre_db = -(dynamic_range_db or 0.0) / 2.0 if level == "max" else 0.0

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return (B, n_mels, T // pool_columns * spread) from (B, n_mels, T) in dB."""
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
        if self.level == "max":
            x = x - x.amax(dim=(1, 2), keepdim=True)
        elif self.level == "mean":
            x = x - x.mean(dim=(1, 2), keepdim=True)
        x = (x - self.centre_db) / DB_PER_UNIT
        return x.repeat_interleave(self.spread, dim=-1) if self.spread > 1 else x


class StartStep(nn.Module):
    """A learnt step before each sequence, by which the recurrent layers know where it starts.

    Parameters
    ----------
    n_features : int
    min_steps : int
        Shorter sequences are left as they are: after so little, the step would outweigh the rest.
    """

    def __init__(self, n_features: int, min_steps: int) -> None:
        super().__init__()
        self.min_steps = min_steps
        self.step = nn.Parameter(torch.zeros(n_features))

    def forward(self, sequence: Tensor) -> Tensor:
        """Return (B, 1 + T, n_features) from (B, T, n_features), or the same if T is too small."""
        if sequence.shape[1] < self.min_steps:
            return sequence
        step = self.step.to(sequence.dtype).expand(len(sequence), 1, -1)
        return torch.cat([step, sequence], dim=1)


class Crnn(GenreNetwork):
    """Convolution blocks, two recurrent layers, a summary over time, a linear layer.

    Parameters
    ----------
    n_genres : int
    n_mels : int
        Bands of the input.
    extend_bands : bool
        Fill in what a telephone takes away; see `BandExtension`.
    pool_columns, dynamic_range_db, level, spread
        See `InputScaling`.
    channels : sequence of int
        Output channels of each convolution block.
    kernels, pools : sequence of (int, int)
        Kernel and max-pooling of each block, along frequency and time. One pair serves all blocks.
    ranks : sequence of int
        Of each block's convolution, see `layers.LowRankConv2d`; 0: a whole convolution. One rank
        serves all blocks.
    hidden : int
        Size of each recurrent layer, each way.
    bidirectional : bool
    start_step : int
        Let the recurrent layers read a learnt step before each frame of at least so many steps;
        see `StartStep`. 0: never.
    recurrent : "gru" or "keras_gru"
        torch's GRU, or the one of the published weights (forwards only).
    summary : "last", "mean" or "attention"
        What the classifier sees of the recurrent output: the state after the whole frame, the mean
        over time, or a mean over time with learnt weights.
    activation : "softmax" or "sigmoid"
        See `layers.activate`.
    conv_dropout, recurrent_dropout : float
        Probabilities after each block; between the recurrent layers and before the classifier.

    Raises
    ------
    ValueError
        If an option is unknown, sizes do not fit together, or a frame of 3 s would vanish in the
        pooling.
    """

    max_columns = math.inf

    def __init__(
        self,
        n_genres: int,
        *,
        n_mels: int = 96,
        extend_bands: bool = False,
        pool_columns: int = 4,
        dynamic_range_db: float | None = 60.0,
        level: Level = "max",
        spread: int = 1,
        channels: Sequence[int] = (64, 128, 128, 128),
        kernels: Sequence[Sequence[int]] = ((3, 3),),
        pools: Sequence[Sequence[int]] = ((2, 2), (3, 2), (4, 2), (4, 2)),
        ranks: Sequence[int] = (0,),
        hidden: int = 64,
        bidirectional: bool = True,
        start_step: int = 0,
        recurrent: Recurrent = "gru",
        summary: Summary = "attention",
        activation: Activation = "softmax",
        conv_dropout: float = 0.1,
        recurrent_dropout: float = 0.3,
    ) -> None:
        super().__init__()
        kernel_pairs = _pairs("kernels", kernels, len(channels))
        pool_pairs = _pairs("pools", pools, len(channels))
        each_rank = tuple(ranks) * (len(channels) if len(ranks) == 1 else 1)
        if len(each_rank) != len(channels) or min(each_rank, default=0) < 0:
            raise ValueError(f"ranks: 1 or {len(channels)} of at least 0, not {ranks!r}")
        _check_choice("recurrent", recurrent, ("gru", "keras_gru"))
        _check_choice("summary", summary, ("last", "mean", "attention"))
        _check_choice("activation", activation, ("softmax", "sigmoid"))
        if not 1 <= len(channels) <= MAX_BLOCKS:
            raise ValueError(f"1 to {MAX_BLOCKS} convolution blocks, not {len(channels)}")
        if min(hidden, n_genres, n_mels, *channels) < 1:
            raise ValueError("sizes must be at least 1")
        if start_step < 0:
            raise ValueError(f"start_step is at least 0, not {start_step}")
        if bidirectional and recurrent == "keras_gru":
            raise ValueError("keras_gru runs forwards only: set bidirectional=False")
        self.hyperparameters = {
            "n_mels": n_mels,
            "extend_bands": extend_bands,
            "pool_columns": pool_columns,
            "dynamic_range_db": dynamic_range_db,
            "level": level,
            "spread": spread,
            "channels": tuple(channels),
            "kernels": kernel_pairs,
            "pools": pool_pairs,
            "ranks": each_rank,
            "hidden": hidden,
            "bidirectional": bidirectional,
            "start_step": start_step,
            "recurrent": recurrent,
            "summary": summary,
            "activation": activation,
            "conv_dropout": conv_dropout,
            "recurrent_dropout": recurrent_dropout,
        }
        self.n_mels = n_mels
        self.bidirectional = bidirectional
        self.summary = summary
        self.activation = activation

        self.band_extension = BandExtension(n_mels) if extend_bands else nn.Identity()
        self.input_scaling = InputScaling(pool_columns, dynamic_range_db, level, spread)
        self.band_norm = nn.BatchNorm1d(n_mels)
        height = n_mels // math.prod(pool[0] for pool in pool_pairs)
        if height < 1:
            raise ValueError(f"the pools {pool_pairs} leave nothing of {n_mels} bands")
        self.convolutions = conv_blocks(channels, kernel_pairs, pool_pairs, conv_dropout, each_rank)

        # Columns that leave one step for the recurrent layers.
        shrink = math.prod(pool[1] for pool in pool_pairs)
        self.min_columns = -(-shrink // spread) * pool_columns
        shortest = FeatureSettings().n_columns(round(MIN_FRAME_SECONDS * SAMPLE_RATE))
        if self.min_columns > shortest:
            raise ValueError(
                f"needs {self.min_columns} columns, but a frame of {MIN_FRAME_SECONDS:g} s has "
                f"{shortest}: pool less along time"
            )

        features = channels[-1] * height
        self.start_step = StartStep(features, start_step) if start_step else nn.Identity()
        self.gru: nn.Module
        if recurrent == "gru":
            self.gru = nn.GRU(
                features,
                hidden,
                num_layers=2,
                batch_first=True,
                bidirectional=bidirectional,
                dropout=recurrent_dropout,
            )
        else:
            self.gru = nn.Sequential(KerasGRU(features, hidden), KerasGRU(hidden, hidden))
        width = 2 * hidden if bidirectional else hidden
        self.attention = nn.Linear(width, 1) if summary == "attention" else None
        self.dropout = nn.Dropout(recurrent_dropout)
        self.classifier = nn.Linear(width, n_genres)

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, from input to output."""
        attention = [] if self.attention is None else [self.attention]
        return {
            "input": [self.band_norm],
            **{name: [block] for name, block in self.convolutions.named_children()},
            "recurrent": [self.start_step, self.gru, *attention],
            "classifier": [self.classifier],
        }

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return (B, 1, n_mels, T') from `log_mel` (B, n_mels, T) in dB, T >= `min_columns`."""
        whole = self.band_extension(log_mel)
        return self.band_norm(self.input_scaling(whole)).unsqueeze(1)

    def begin(self, sequence: Tensor) -> Tensor:
        """Return `sequence` (B, T'', C * F') with the step at the start, if there is one."""
        begun: Tensor = self.start_step(sequence)
        return begun

    def read(self, sequence: Tensor) -> Tensor:
        """Return (B, width) from (B, T'', C * F')."""
        states = self.gru(sequence)  # (B, T'', width), torch's GRU with its last states beside
        return self._summarise(states[0] if isinstance(states, tuple) else states)

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from (B, width)."""
        return activate(self.classifier(self.dropout(summary)), self.activation)

    def _summarise(self, states: Tensor) -> Tensor:
        """Return (B, width) from `states` (B, T'', width)."""
        if self.attention is not None:
            weights = self.attention(states).softmax(dim=1)  # (B, T'', 1)
            return (weights * states).sum(dim=1)
        if self.summary == "mean":
            return states.mean(dim=1)
        if self.bidirectional:  # each direction after it has read the whole frame
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


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name} is one of {', '.join(choices)}, not {value!r}")
