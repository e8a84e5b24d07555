"""The published convolutional recurrent network, exactly.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. (the architecture, trained on 50 tags of the Million Song Dataset)
Jiménez, José: the same network fine-tuned for the ten genres of GTZAN: every layer kept, the
    50 outputs replaced by 10.
github.com/keunwoochoi/music-auto_tagging-keras: the released network (MIT), whose sizes, dropout
    and input scale are the ones below.
"""

from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genre_core.models.base import ConvNetwork
from genre_core.models.layers import (
    KERAS_BATCH_NORM_EPS,
    Activation,
    KerasGRU,
    activate,
    conv_blocks,
    repeat_columns,
)

N_MELS = 96
N_COLUMNS = 1366  # 29.12 s
PADDING = 37  # columns of zeros before and after: 1440 columns, which the pooling divides to 15
CHANNELS = (64, 128, 128, 128)
POOLS = (2, 3, 4, 4)  # on both axes; 2 * 3 * 4 * 4 = 96 bands
HIDDEN = 32
SQUARED_FLOOR_DB = -100.0  # 10 log10(amin) with amin = 1e-10
SQUARED_TOP_DB = 80.0
# Mean and variance of that input over music, from the ten-genre network's normalisation.
SQUARED_MEAN_DB = -32.3
SQUARED_VARIANCE_DB = 343.0

InputScale = Literal["db_squared", "db"]


def squared_db(log_mel: Tensor) -> Tensor:
    """Turn the standard log-mel, (B, n_mels, n_columns) in dB, into the published networks' input.

    They were trained on `power_to_db(S**2, amin=1e-10, top_db=80)`, that is on a power spectrogram
    squared once more. As 10 log10(S**2) = 2 * 10 log10(S), this is exactly twice the standard one,
    with its own floor and its own 80 dB; after doubling, the standard clipping leaves 160 dB, which
    is enough.
    """
    doubled = (2.0 * log_mel).clamp_min(SQUARED_FLOOR_DB)
    return torch.maximum(doubled, doubled.amax(dim=(1, 2), keepdim=True) - SQUARED_TOP_DB)


class CrnnChoi(ConvNetwork):
    """Four convolution blocks, two Keras-1 GRUs, one dense layer; for frames of 29.12 s.

    The input is normalised column by column, which ties the network to 1366 columns: a shorter
    frame is repeated until it fills them.

    Parameters
    ----------
    n_genres : outputs: 10 genres, or 50 tags
    activation : "sigmoid" returns log sigmoid(z) as logits: `exp(logits)` are the published tag
        scores and `softmax(logits)` is sigmoid(z) divided by its sum, as the authors of the
        ten-genre network do; "softmax" returns z itself
    input_scale : "db_squared" takes the standard log-mel and applies `squared_db`, as both
        published networks were used; "db" takes the input unchanged
    conv_dropout, recurrent_dropout : probabilities after each convolution block and before the
        dense layer
    """

    n_mels = N_MELS
    min_columns = 1
    max_columns = float(N_COLUMNS)

    def __init__(
        self,
        n_genres: int,
        *,
        activation: Activation = "sigmoid",
        input_scale: InputScale = "db_squared",
        conv_dropout: float = 0.1,
        recurrent_dropout: float = 0.3,
    ) -> None:
        super().__init__()
        if activation not in ("sigmoid", "softmax"):
            raise ValueError(f'activation is "sigmoid" or "softmax", not {activation!r}')
        if input_scale not in get_args(InputScale):
            raise ValueError(
                f"input_scale is one of {', '.join(get_args(InputScale))}, not {input_scale!r}"
            )
        self.hyperparameters = {
            "activation": activation,
            "input_scale": input_scale,
            "conv_dropout": conv_dropout,
            "recurrent_dropout": recurrent_dropout,
        }
        self.activation = activation
        self.input_scale = input_scale
        self.column_norm = nn.BatchNorm1d(N_COLUMNS + 2 * PADDING, eps=KERAS_BATCH_NORM_EPS)
        pools = [(pool, pool) for pool in POOLS]
        self.convolutions = conv_blocks(CHANNELS, [(3, 3)] * len(POOLS), pools, conv_dropout)
        self.gru1 = KerasGRU(CHANNELS[-1], HIDDEN)
        self.gru2 = KerasGRU(HIDDEN, HIDDEN)
        self.dropout = nn.Dropout(recurrent_dropout)
        self.classifier = nn.Linear(HIDDEN, n_genres)

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, from input to output."""
        return {
            "input": [self.column_norm],
            **{name: [block] for name, block in self.convolutions.named_children()},
            "recurrent": [self.gru1, self.gru2],
            "classifier": [self.classifier],
        }

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return (B, 1, 96, 1440) from `log_mel` (B, 96, T) in dB, 1 <= T <= 1366."""
        x = log_mel if self.input_scale == "db" else squared_db(log_mel)
        x = F.pad(repeat_columns(x, N_COLUMNS), (PADDING, PADDING))  # (B, 96, 1440)
        return self.column_norm(x.transpose(1, 2)).transpose(1, 2).unsqueeze(1)

    def read(self, sequence: Tensor) -> Tensor:
        """Return the state after the last step, (B, 32), from (B, 15, 128)."""
        return self.gru2(self.gru1(sequence))[:, -1]

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from (B, 32)."""
        return activate(self.classifier(self.dropout(summary)), self.activation)

    def describe_reader(self, steps: str) -> str:
        """Return what the recurrent layers do with `steps`."""
        return f"reads {steps} in order: 2 recurrent layers"
