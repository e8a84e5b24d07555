"""Two convolutional recurrent networks that hear the same frame at two time resolutions.

One reads every column and hears attacks; the other reads columns averaged in power and hears what
stays when detail is lost: in old recordings, behind telephones, in spectrograms that were stored
coarsely. Each names the genre; the answer is a product of both, which both must find likely.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. (each of the two; see `crnn.py`)
Hinton (2002): Training products of experts by minimizing contrastive divergence. Neural
    Computation 14(8). Section 1. (the product of their scores)
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from genre_core.models.base import GenreNetwork
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


class Product(nn.Module):
    """A weighted product of scores: the weighted sum of their logarithms, each share learnt.

    Parameters
    ----------
    n_experts : int
    """

    def __init__(self, n_experts: int) -> None:
        super().__init__()
        self.share = nn.Parameter(torch.full((n_experts,), 1.0 / n_experts))

    def forward(self, logits: Tensor) -> Tensor:
        """Return logits (..., n_genres) from those of each expert, (..., n_experts, n_genres)."""
        return (self.share[:, None] * logits.log_softmax(dim=-1)).sum(dim=-2)


class CrnnPair(GenreNetwork):
    """A sharp and a smooth `Crnn`, and how much each counts.

    Parameters
    ----------
    n_genres : int
    sharp, smooth : mapping
        Hyperparameters of each `Crnn`.

    Raises
    ------
    ValueError
        If the hyperparameters of either are not possible, or they take other bands.
    """

    def __init__(
        self, n_genres: int, *, sharp: Mapping[str, Any] = SHARP, smooth: Mapping[str, Any] = SMOOTH
    ) -> None:
        super().__init__()
        if not isinstance(sharp, Mapping) or not isinstance(smooth, Mapping):
            raise ValueError("sharp and smooth are the hyperparameters of a crnn each")
        self.sharp = Crnn(n_genres, **sharp)
        self.smooth = Crnn(n_genres, **smooth)
        if self.sharp.n_mels != self.smooth.n_mels:
            raise ValueError("sharp and smooth must take the same bands")
        self.product = Product(2)
        self.hyperparameters = {
            "sharp": self.sharp.hyperparameters,
            "smooth": self.smooth.hyperparameters,
        }
        self.n_mels = self.sharp.n_mels
        self.min_columns = max(self.sharp.min_columns, self.smooth.min_columns)
        self.max_columns = min(self.sharp.max_columns, self.smooth.max_columns)

    @property
    def parts(self) -> dict[str, GenreNetwork]:
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
        """Return what both classifiers see of each frame, one after the other: (B, width)."""
        self.check_input(log_mel)
        return torch.cat([part.embed(log_mel) for part in self.parts.values()], dim=-1)

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from what `embed` returns, (B, width)."""
        width = self.sharp.classifier.in_features
        sharp = self.sharp.decide(summary[..., :width])
        smooth = self.smooth.decide(summary[..., width:])
        return self.product(torch.stack([sharp, smooth], dim=-2))

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
        reading = torch.cat([sharp, smooth[:, reached]], dim=-1)
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
