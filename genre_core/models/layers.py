"""The layers that the networks of this package share.

References
----------
Clevert, Unterthiner, Hochreiter (2016): Fast and accurate deep network learning by exponential
    linear units (ELUs). ICLR.
Cho et al. (2014): Learning phrase representations using RNN encoder-decoder for statistical
    machine translation. EMNLP. (the gated recurrent unit; `KerasGRU` is its equations 5 to 8)
Ioffe, Szegedy (2015): Batch normalization. ICML.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

KERAS_BATCH_NORM_EPS = 1e-6  # added to the variance by Keras 1 and so by the published networks

Activation = Literal["softmax", "sigmoid"]


class ConvBlock(nn.Module):
    """Convolution, batch normalisation, ELU or ReLU, max-pooling, dropout.

    Parameters
    ----------
    in_channels, out_channels : int
    kernel : (int, int)
        Odd sizes along frequency and time; the borders are padded with zeros ("same").
    pool : (int, int)
        Max-pooling along frequency and time.
    dropout : float
        Probability, after pooling.
    activation : "elu" or "relu"
    keep_rest : bool
        Pool an incomplete rest at the end too, instead of dropping it.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: tuple[int, int] = (3, 3),
        pool: tuple[int, int] = (2, 2),
        dropout: float = 0.0,
        *,
        activation: Literal["elu", "relu"] = "elu",
        keep_rest: bool = False,
    ) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2)
        self.conv = nn.Conv2d(in_channels, out_channels, kernel, padding=padding)
        self.norm: nn.Module = nn.BatchNorm2d(out_channels, eps=KERAS_BATCH_NORM_EPS)
        self.pool = nn.MaxPool2d(pool, ceil_mode=keep_rest)
        self.activation = F.elu if activation == "elu" else F.relu
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, out_channels, F // pool[0], T // pool[1]) from (B, in_channels, F, T)."""
        x = self.norm(self.conv(x))
        # Neither ever falls, so they may follow the pooling: the same values for less work.
        return self.dropout(self.activation(self.pool(x)))

    def describe(self) -> str:
        """Return what the block does, in plain words."""
        height, width = self.conv.kernel_size
        rows, columns = self.pool.kernel_size  # type: ignore[misc]
        return (
            f"filters of {height} × {width} (bands × columns), then the strongest of each "
            f"{rows} × {columns}"
        )


def conv_blocks(
    channels: Sequence[int],
    kernels: Sequence[tuple[int, int]],
    pools: Sequence[tuple[int, int]],
    dropout: float,
) -> nn.Sequential:
    """Return one `ConvBlock` after another from one map on, named conv1, conv2, ...

    Parameters
    ----------
    channels : sequence of int
        Output channels of each block.
    kernels, pools : sequence of (int, int)
        As many.
    dropout : float
    """
    blocks: OrderedDict[str, nn.Module] = OrderedDict()
    in_channels = 1
    for number, (out_channels, kernel, pool) in enumerate(
        zip(channels, kernels, pools, strict=True), start=1
    ):
        blocks[f"conv{number}"] = ConvBlock(in_channels, out_channels, kernel, pool, dropout)
        in_channels = out_channels
    return nn.Sequential(blocks)


class KerasGRU(nn.Module):
    """The gated recurrent unit as Keras 1 computed it, over (B, T, input_size).

    It differs from `torch.nn.GRU` in three ways: the gates are piecewise linear
    (`clip(0.2 x + 0.5, 0, 1)`), the reset gate acts on the state before the recurrent product,
    and there is one bias. With gates z (update) and r (reset):

        z = gate(W_z x + U_z h + b_z)
        r = gate(W_r x + U_r h + b_r)
        candidate = tanh(W_h x + U_h (r * h) + b_h)
        h = z * h + (1 - z) * candidate

    Parameters
    ----------
    input_size, hidden_size : int

    Attributes
    ----------
    weight_input : (3 * hidden_size, input_size), rows W_z, W_r, W_h
    bias : (3 * hidden_size,)
    weight_gates : (2 * hidden_size, hidden_size), rows U_z, U_r
    weight_candidate : (hidden_size, hidden_size), U_h
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.weight_input = nn.Parameter(torch.empty(3 * hidden_size, input_size))
        self.bias = nn.Parameter(torch.zeros(3 * hidden_size))
        self.weight_gates = nn.Parameter(torch.empty(2 * hidden_size, hidden_size))
        self.weight_candidate = nn.Parameter(torch.empty(hidden_size, hidden_size))
        for rows in self.weight_input.split(hidden_size):
            nn.init.xavier_uniform_(rows)
        for rows in (*self.weight_gates.split(hidden_size), self.weight_candidate):
            nn.init.orthogonal_(rows)

    def forward(self, x: Tensor) -> Tensor:
        """Return the state after every step, (B, T, hidden_size), starting from zeros."""
        size = self.hidden_size
        projected = F.linear(x, self.weight_input, self.bias)  # (B, T, 3 H), all steps at once
        state = x.new_zeros(x.shape[0], size)
        states = []
        for step in projected.unbind(1):
            gates = step[:, : 2 * size] + F.linear(state, self.weight_gates)
            update, reset = (0.2 * gates + 0.5).clamp(0.0, 1.0).split(size, dim=1)
            candidate = torch.tanh(
                step[:, 2 * size :] + F.linear(reset * state, self.weight_candidate)
            )
            state = update * state + (1.0 - update) * candidate
            states.append(state)
        return torch.stack(states, dim=1)  # (B, T, H)

    def multiply_adds(self, x: Tensor, output: Tensor) -> int:
        """Return the multiply-adds for `x` (B, T, input_size): each matrix once in each step."""
        matrices = (weight for weight in self.parameters() if weight.ndim == 2)
        return x.shape[0] * x.shape[1] * sum(weight.numel() for weight in matrices)


def repeat_columns(x: Tensor, n_columns: int) -> Tensor:
    """Return (..., n_columns): the last axis of `x` (..., T) played again and again until full."""
    times = -(-n_columns // x.shape[-1])
    return torch.cat([x] * times, dim=-1)[..., :n_columns]


def activate(z: Tensor, activation: Activation) -> Tensor:
    """Return the logits of the last layer's output `z` (B, n_genres), so that softmax gives scores.

    "softmax": `z` itself. "sigmoid": log sigmoid(z), so that `exp(logits)` are independent scores
    and `softmax(logits)` is sigmoid(z) divided by its sum over the genres.
    """
    return F.logsigmoid(z) if activation == "sigmoid" else z
