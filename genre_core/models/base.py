"""What every network of this package offers, and the order in which its parts follow.

log-mel -> `entrance` -> `convolutions` -> `sequence_of` -> `begin` -> `read` -> `decide` -> logits
"""

from typing import Any

import torch
from torch import Tensor, nn


class GenreNetwork(nn.Module):
    """A network that turns log-mel-spectrograms into one logit a genre.

    A subclass gives `blocks`, `entrance`, `read` and `decide`.

    Attributes
    ----------
    convolutions : nn.Sequential
        The convolution blocks by name; each maps (B, C, F, T) to (B, C', F', T').
    hyperparameters : dict
        What `registry.build` needs to build it again, besides its name and the number of genres.
    n_mels : int
        Bands that it takes.
    min_columns, max_columns : int, float
        Fewest and most columns that it takes; the most may be infinite.
    reader : str
        Name of the block that `read` belongs to.
    """

    reader: str = "recurrent"
    convolutions: nn.Sequential
    hyperparameters: dict[str, Any]
    n_mels: int
    min_columns: int
    max_columns: float

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that can be frozen, by name, from input to output."""
        raise NotImplementedError

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return what the first block sees, (B, 1, n_mels, T'), from (B, n_mels, T) in dB."""
        raise NotImplementedError

    def begin(self, sequence: Tensor) -> Tensor:
        """Return what `read` is given for a whole frame: `sequence`, or more steps before it."""
        return sequence

    def read(self, sequence: Tensor) -> Tensor:
        """Return one vector for a whole sequence: (B, width) from (B, T, n_features), T >= 1."""
        raise NotImplementedError

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from what `read` returns; scores are softmax(logits)."""
        raise NotImplementedError

    def embed(self, log_mel: Tensor) -> Tensor:
        """Return what the classifier, the last linear layer, sees of each frame.

        float32 (B, width) from `log_mel` float32 (B, n_mels, n_columns) in dB, before dropout.
        """
        self.check_input(log_mel)
        maps = self.convolutions(self.entrance(log_mel))  # (B, C, F, T)
        return self.read(self.begin(sequence_of(maps)))

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return logits float32 (B, n_genres) from `log_mel` float32 (B, n_mels, n_columns) in dB.

        Scores are softmax(logits).
        """
        return self.decide(self.embed(log_mel))

    def trace(self, log_mel: Tensor) -> dict[str, Tensor]:
        """Return what each block makes of `log_mel` (B, n_mels, n_columns) in dB, in order.

        Returns
        -------
        dict of str to Tensor
            Under the names of `blocks`. "input": (B, 1, n_mels, T), what the first convolution
            block sees. Each convolution block: its feature maps (B, C, F, T). `reader`:
            (B, T, width), what `read` returns after the first 1, 2, ... T steps. "classifier":
            (B, T, n_genres), the logits after so many steps; the last are those of `forward`.
        """
        self.check_input(log_mel)
        x = self.entrance(log_mel)
        traced = {"input": x}
        for name, block in self.convolutions.named_children():
            x = traced[name] = block(x)
        sequence = sequence_of(x)
        begun = self.begin(sequence)
        before = begun.shape[1] - sequence.shape[1]
        steps = range(before + 1, begun.shape[1] + 1)
        summaries = [self.read(begun[:, :n]) for n in steps]
        traced[self.reader] = torch.stack(summaries, dim=1)
        traced["classifier"] = torch.stack([self.decide(each) for each in summaries], dim=1)
        return traced

    def check_input(self, log_mel: Tensor) -> None:
        """Raise ValueError where `log_mel` has not a shape that this network takes."""
        fits = (
            log_mel.ndim == 3
            and log_mel.shape[1] == self.n_mels
            and self.min_columns <= log_mel.shape[2] <= self.max_columns
        )
        if not fits:
            raise ValueError(
                f"{type(self).__name__} takes (B, {self.n_mels} bands, {self.min_columns} to "
                f"{self.max_columns:g} columns), not {tuple(log_mel.shape)}"
            )


def sequence_of(maps: Tensor) -> Tensor:
    """Return feature maps (B, C, F, T) as a sequence over time, (B, T, C * F)."""
    return maps.flatten(1, 2).transpose(1, 2)
