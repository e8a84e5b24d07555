"""The interface of every network.

The rest of the program uses a network through `GenreNetwork` only. `ConvNetwork` implements it for
networks whose parts follow in this order:

log-mel -> `entrance` -> `convolutions` -> `sequence_of` -> `begin` -> `read` -> `decide` -> logits
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn

from genre_core.models.layers import ConvBlock

# Former settings, each with the one value it ever had; older checkpoints name them.
_RETIRED: dict[str, Any] = {"level": "max", "spread": 1}


@dataclass(frozen=True)
class BlockDescription:
    """What one block does with a frame.

    Attributes
    ----------
    does : in plain words
    shape : of its output: (maps, bands, columns), or (numbers,)
    """

    does: str
    shape: tuple[int, ...]


class Summaries(NamedTuple):
    """What a network makes of each frame on the way to its logits.

    Attributes
    ----------
    embedding : float32 (B, width), the input of the classifier, before dropout
    inner, outer : float32 (B, n_maps), the means of the maps of the last convolution block but one,
        and of the last
    """

    embedding: Tensor
    inner: Tensor
    outer: Tensor

    @property
    def timbre(self) -> Tensor:
        """`inner` and `outer` side by side."""
        return torch.cat([self.inner, self.outer], dim=1)


class GenreNetwork(nn.Module):
    """A network that turns log-mel-spectrograms into one logit a genre.

    A subclass sets the attributes and defines `blocks`, `summaries`, `decide`, `trace` and
    `describe`.

    Attributes
    ----------
    hyperparameters : what `registry.build` needs to build it again, besides its name and the number
        of genres
    n_mels : bands of the input
    min_columns, max_columns : fewest and most columns of the input; the most may be infinite
    reader : name in `trace` of the classifier's input
    """

    reader: str = "recurrent"
    hyperparameters: dict[str, Any]
    n_mels: int
    min_columns: int
    max_columns: float

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """All modules with parameters, as blocks by name, from input to output.

        A block can be frozen.
        """
        raise NotImplementedError

    def summaries(self, log_mel: Tensor) -> Summaries:
        """Return what each frame of `log_mel` float32 (B, n_mels, n_columns) in dB amounts to."""
        raise NotImplementedError

    def embed(self, log_mel: Tensor) -> Tensor:
        """Return the input of the classifier, the last linear layer, for each frame: (B, width)."""
        return self.summaries(log_mel).embedding

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from what `embed` returns; scores are softmax(logits)."""
        raise NotImplementedError

    def trace(self, log_mel: Tensor) -> dict[str, Tensor]:
        """Return each block's output, in order, for `log_mel` (B, n_mels, n_columns) in dB.

        "input": (B, 1, n_mels, T), the input of the first convolution block. Each convolution
        block, by its name in `blocks`: its feature maps (B, C, F, T). `reader`: (B, T, width), the
        summary after the first 1, 2, ... T steps. "classifier": (B, T, n_genres), the logits after
        as many steps; the last are those of `forward`.
        """
        raise NotImplementedError

    def describe(self, log_mel: Tensor) -> dict[str, BlockDescription]:
        """Return what each of `blocks` does, with shapes for `log_mel` (1, n_mels, n_columns)."""
        raise NotImplementedError

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return logits float32 (B, n_genres) from `log_mel` float32 (B, n_mels, n_columns) in dB.

        Scores are softmax(logits).
        """
        return self.decide(self.embed(log_mel))

    def check_input(self, log_mel: Tensor) -> None:
        """Raise ValueError where the network cannot take the shape of `log_mel`."""
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


class ConvNetwork(GenreNetwork):
    """Convolution blocks, a reader of their maps in order, a classifier.

    A subclass defines `blocks`, `entrance`, `read`, `decide` and `describe_reader`.

    Attributes
    ----------
    convolutions : the convolution blocks (`layers.ConvBlock`) by name; each maps (B, C, F, T) to
        (B, C', F', T')
    """

    convolutions: nn.Sequential

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return the first block's input, (B, 1, n_mels, T'), from (B, n_mels, T) in dB."""
        raise NotImplementedError

    def begin(self, sequence: Tensor) -> Tensor:
        """Return the input of `read` from the last block's maps as a sequence."""
        return sequence

    def read(self, sequence: Tensor) -> Tensor:
        """Return one vector for a whole sequence: (B, width) from (B, T, n_features), T >= 1."""
        raise NotImplementedError

    def describe_reader(self, steps: str) -> str:
        """Return what `read` does with `steps`, e.g. "15 steps of 128 numbers"."""
        raise NotImplementedError

    def summaries(self, log_mel: Tensor) -> Summaries:
        """Return what each frame amounts to; see `GenreNetwork.summaries`."""
        self.check_input(log_mel)
        maps = [self.entrance(log_mel)]
        for block in self.convolutions:
            maps = [maps[-1], block(maps[-1])]  # (B, C, F, T)
        embedding = self.read(self.begin(sequence_of(maps[-1])))
        return Summaries(embedding, *(block.mean(dim=(2, 3)) for block in maps))

    def trace(self, log_mel: Tensor) -> dict[str, Tensor]:
        """Return each block's output for `log_mel`; see `GenreNetwork.trace`."""
        self.check_input(log_mel)
        x = self.entrance(log_mel)
        traced = {"input": x}
        for name, block in self.convolutions.named_children():
            x = traced[name] = block(x)
        sequence = self.begin(sequence_of(x))
        summaries = [self.read(sequence[:, :n]) for n in range(1, sequence.shape[1] + 1)]
        traced[self.reader] = torch.stack(summaries, dim=1)
        traced["classifier"] = torch.stack([self.decide(each) for each in summaries], dim=1)
        return traced

    def describe(self, log_mel: Tensor) -> dict[str, BlockDescription]:
        """Return what each block does; see `GenreNetwork.describe`."""
        self.check_input(log_mel)
        x = self.entrance(log_mel)
        described = {"input": BlockDescription(self._describe_entrance(), tuple(x.shape[1:]))}
        for name, block in self.convolutions.named_children():
            x = block(x)
            does = cast("ConvBlock", block).describe()
            described[name] = BlockDescription(does, tuple(x.shape[1:]))
        sequence = sequence_of(x)
        summary = self.read(self.begin(sequence))
        steps = f"{sequence.shape[1]} steps of {sequence.shape[2]:,} numbers"
        does = self.describe_reader(steps)
        described[self.reader] = BlockDescription(does, tuple(summary.shape[1:]))
        logits = self.decide(summary)
        does = "one number a label, from all of these"
        described["classifier"] = BlockDescription(does, tuple(logits.shape[1:]))
        return described

    def _describe_entrance(self) -> str:
        pooled = self.hyperparameters.get("pool_columns", 1)
        scaled = "log-mel-spectrogram, brought to one scale"
        return f"{scaled}; {pooled} columns averaged to one" if pooled > 1 else scaled


def sequence_of(maps: Tensor) -> Tensor:
    """Return feature maps (B, C, F, T) as a sequence over time, (B, T, C * F)."""
    return maps.flatten(1, 2).transpose(1, 2)


def without_retired(hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return hyperparameters of an older checkpoint without the retired ones."""
    return {
        name: value
        for name, value in hyperparameters.items()
        if (name, value) not in _RETIRED.items()
    }
