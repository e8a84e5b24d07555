"""Two convolutional recurrent networks that hear the same frame at two time resolutions.

One reads every column and hears attacks; the other reads columns averaged in power and hears what
stays when detail is lost, as in spectrograms that were stored coarsely. Each names the genre; the
answer is a product of both, which both must find likely, and in which the sharp one counts more
where the input is sharp.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. (each of the two; see `crnn.py`)
Hinton (2002): Training products of experts by minimizing contrastive divergence. Neural
    Computation 14(8). Section 1. (the product of their scores)
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from genre_core.models.base import BlockDescription, GenreNetwork, without_retired
from genre_core.models.crnn import Crnn

# The published network's shape with fewer channels in its costliest block, and one for averaged
# columns: together no more multiply-adds than the published network.
SHARP: Mapping[str, Any] = {
    "pool_columns": 1,
    "dynamic_range_db": 40.0,
    "channels": (64, 112, 128, 128),
    "pools": ((2, 2), (3, 3), (4, 4), (4, 4)),
    "hidden": 32,
    "bidirectional": False,
    "recurrent": "keras_gru",
    "summary": "last",
    "activation": "sigmoid",
}
SMOOTH: Mapping[str, Any] = {
    "pool_columns": 4,
    "dynamic_range_db": 40.0,
    "channels": (32, 128, 128, 192),
    "pools": ((2, 2), (2, 4), (2, 2), (4, 1)),
    "recurrent_dropout": 0.4,
}
SHARES: Sequence[Sequence[float]] = ((0.5, 0.5), (0.5, 0.5))

# How much neighbouring columns differ, over how much those four apart do. On the validation clips:
# real sound, behind a telephone too, 0.47 to 0.88; converted spectrograms 0.29 to 0.37.
BLURRED_RATIO, SHARP_RATIO = 0.38, 0.47
HEARD_RANGE_DB = 40.0  # below the loudest point: what lies deeper is noise


def sharpness(log_mel: Tensor) -> Tensor:
    """Return how sharp each example is in time: 0 as from averaged columns, 1 as real sound.

    Parameters
    ----------
    log_mel : float32 (B, n_mels, T), dB

    Returns
    -------
    float32 (B, 1)
        It depends neither on level nor on how strongly the sound varies.
    """
    loudest = log_mel.amax(dim=(1, 2), keepdim=True)
    x = torch.maximum(log_mel, loudest - HEARD_RANGE_DB)
    near = (x[..., 1:] - x[..., :-1]).abs().mean(dim=(1, 2))
    far = (x[..., 4:] - x[..., :-4]).abs().mean(dim=(1, 2))
    ratio = near / far.clamp(min=1e-6)
    return ((ratio - BLURRED_RATIO) / (SHARP_RATIO - BLURRED_RATIO)).clamp(0.0, 1.0)[:, None]


class Product(nn.Module):
    """A weighted product of scores: the weighted sum of their logarithms.

    Parameters
    ----------
    shares : (2, n_experts)
        How much each expert counts to begin with, for blurred and for sharp input; in between, in
        between.
    """

    def __init__(self, shares: Sequence[Sequence[float]]) -> None:
        super().__init__()
        self.share = nn.Parameter(torch.tensor(shares, dtype=torch.float32))

    def forward(self, logits: Tensor, sharp: Tensor) -> Tensor:
        """Return logits (..., n_genres).

        Parameters
        ----------
        logits : float32 (..., n_experts, n_genres)
        sharp : float32 (..., 1)
            See `sharpness`.
        """
        share = torch.lerp(self.share[0], self.share[1], sharp)  # (..., n_experts)
        return (share[..., None] * logits.log_softmax(dim=-1)).sum(dim=-2)

    def multiply_adds(self, x: Tensor, output: Tensor) -> int:
        """Return the multiply-adds for the logits `x`."""
        return x.numel()


class CrnnPair(GenreNetwork):
    """A sharp and a smooth `Crnn`, and how much each counts.

    Parameters
    ----------
    n_genres : int
    sharp, smooth : mapping
        Hyperparameters of each `Crnn`.
    shares : (2, 2)
        What the sharp and the smooth one count to begin with: for blurred input, then for sharp.

    Raises
    ------
    ValueError
        If the hyperparameters of either are not possible, or they take other bands.
    """

    def __init__(
        self,
        n_genres: int,
        *,
        sharp: Mapping[str, Any] = SHARP,
        smooth: Mapping[str, Any] = SMOOTH,
        shares: Sequence[Sequence[float]] = SHARES,
    ) -> None:
        super().__init__()
        if not isinstance(sharp, Mapping) or not isinstance(smooth, Mapping):
            raise ValueError("sharp and smooth are the hyperparameters of a crnn each")
        if [len(pair) for pair in shares] != [2, 2]:
            raise ValueError(f"shares are two pairs of numbers, not {shares!r}")
        self.sharp = Crnn(n_genres, **without_retired(sharp))
        self.smooth = Crnn(n_genres, **without_retired(smooth))
        if self.sharp.n_mels != self.smooth.n_mels:
            raise ValueError("sharp and smooth must take the same bands")
        self.product = Product(shares)
        self.hyperparameters = {
            "sharp": self.sharp.hyperparameters,
            "smooth": self.smooth.hyperparameters,
            "shares": tuple(tuple(float(share) for share in pair) for pair in shares),
        }
        self.n_mels = self.sharp.n_mels
        self.min_columns = max(self.sharp.min_columns, self.smooth.min_columns)
        self.max_columns = min(self.sharp.max_columns, self.smooth.max_columns)

    @property
    def parts(self) -> dict[str, Crnn]:
        """The networks that it is made of, by name."""
        return {"sharp": self.sharp, "smooth": self.smooth}

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The blocks of both, e.g. "sharp.conv1", and their product."""
        return {
            **{
                f"{part}.{name}": modules
                for part, network in self.parts.items()
                for name, modules in network.blocks.items()
            },
            "product": [self.product],
        }

    def embed(self, log_mel: Tensor) -> Tensor:
        """Return (B, width): what both classifiers see of each frame, then its sharpness."""
        self.check_input(log_mel)
        seen = [part.embed(log_mel) for part in self.parts.values()]
        return torch.cat([*seen, sharpness(log_mel)], dim=-1)

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from what `embed` returns, (B, width)."""
        width = self.sharp.classifier.in_features
        sharp = self.sharp.decide(summary[..., :width])
        smooth = self.smooth.decide(summary[..., width:-1])
        return self.product(torch.stack([sharp, smooth], dim=-2), summary[..., -1:])

    def trace(self, log_mel: Tensor) -> dict[str, Tensor]:
        """Return what each block of both makes of `log_mel`; see `GenreNetwork.trace`.

        "input" and the steps of the reader are the sharp one's; the smooth one has read as far.
        """
        self.check_input(log_mel)
        traces = {name: part.trace(log_mel) for name, part in self.parts.items()}
        sharp, smooth = (
            trace[part.reader]
            for trace, part in zip(traces.values(), self.parts.values(), strict=True)
        )
        n_steps, n_smooth = sharp.shape[1], smooth.shape[1]
        reached = [-(-step * n_smooth // n_steps) - 1 for step in range(1, n_steps + 1)]
        how_sharp = sharpness(log_mel)[:, None].expand(-1, n_steps, -1)
        reading = torch.cat([sharp, smooth[:, reached], how_sharp], dim=-1)
        return {
            "input": traces["sharp"]["input"],
            **{
                f"{name}.{block}": traces[name][block]
                for name, part in self.parts.items()
                for block, _ in part.convolutions.named_children()
            },
            self.reader: reading,
            "classifier": self.decide(reading),
        }

    def describe(self, log_mel: Tensor) -> dict[str, BlockDescription]:
        """Return what each block of both does, and the product; see `GenreNetwork.describe`."""
        described = {
            f"{name}.{block}": each
            for name, part in self.parts.items()
            for block, each in part.describe(log_mel).items()
        }
        does = "weighs both answers and multiplies them"
        shape = described["sharp.classifier"].shape
        return {**described, "product": BlockDescription(does, shape)}
