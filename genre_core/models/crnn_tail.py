"""The end of a `crnn`, from a given block on, for training while the blocks before it stay.

What frozen blocks make of a song never changes, so it is computed once (see
`experiments.published`) and takes the place of the spectrogram: its rows are channels times bands,
its columns are steps. Weights have the names that they have in the whole network, so that a
checkpoint of that one can be the start.
"""

import math
from collections import OrderedDict
from typing import Any

from torch import Tensor, nn

from genre_core.models.base import ConvNetwork
from genre_core.models.crnn import Crnn
from genre_core.models.layers import ConvBlock, activate


class CrnnTail(ConvNetwork):
    """What follows after the blocks before `start`.

    Parameters
    ----------
    n_genres : int
    start : str
        First block that is left: "conv2" and so on, "recurrent" or "classifier". The input is what
        the block before makes: (channels * bands, steps) of a convolution; for "classifier",
        (width, steps), the states of the recurrent layers, of which the last counts.
    **network
        Hyperparameters of the whole network, see `Crnn`; `summary="last"` and forwards only.

    Raises
    ------
    ValueError
        If there is no such block, or the network is of another kind.
    """

    max_columns = math.inf

    def __init__(self, n_genres: int, *, start: str, **network: Any) -> None:
        super().__init__()
        whole = Crnn(n_genres, **network)
        names = list(whole.blocks)
        if start not in names[2:]:
            raise ValueError(f"start is one of {', '.join(names[2:])}, not {start!r}")
        if whole.settings.summary != "last" or whole.settings.bidirectional:
            raise ValueError('a tail needs summary="last" and bidirectional=False')
        self.hyperparameters = {"start": start, **whole.hyperparameters}
        self.activation = whole.settings.activation
        left = names[names.index(start) :]
        channels, bands, shrink = 1, whole.n_mels, 1
        blocks: OrderedDict[str, nn.Module] = OrderedDict()
        for name, block in whole.convolutions.named_children():
            assert isinstance(block, ConvBlock)
            height, width = block.pool.kernel_size  # type: ignore[misc]
            if name in left:
                blocks[name] = block
                shrink *= width
            else:
                channels, bands = block.conv.out_channels, bands // height
        self.convolutions = nn.Sequential(blocks)
        self.gru = whole.gru if "recurrent" in left else nn.Identity()
        self.dropout = whole.dropout
        self.classifier = whole.classifier
        if "recurrent" not in left:
            channels, bands = self.classifier.in_features, 1
        self._map = (channels, bands)
        self.n_mels = channels * bands
        self.min_columns = shrink

    @property
    def blocks(self) -> dict[str, list[nn.Module]]:
        """The parts that are left, from input to output."""
        recurrent = [] if isinstance(self.gru, nn.Identity) else [self.gru]
        return {
            **{name: [block] for name, block in self.convolutions.named_children()},
            "recurrent": recurrent,
            "classifier": [self.classifier],
        }

    def entrance(self, log_mel: Tensor) -> Tensor:
        """Return maps (B, channels, bands, T) from `log_mel` (B, channels * bands, T)."""
        return log_mel.unflatten(1, self._map)

    def read(self, sequence: Tensor) -> Tensor:
        """Return the last state (B, width) from (B, T'', C * F')."""
        states = self.gru(sequence)
        return (states[0] if isinstance(states, tuple) else states)[:, -1]

    def decide(self, summary: Tensor) -> Tensor:
        """Return logits (B, n_genres) from (B, width)."""
        return activate(self.classifier(self.dropout(summary)), self.activation)
