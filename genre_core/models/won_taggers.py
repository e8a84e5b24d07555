"""The published tag networks of Won et al., in PyTorch's own layers: starts and teachers.

Their outputs are 50 tags, not genres, so no checkpoint is one of them and `registry` omits them.

References
----------
Won, Ferraro, Bogdanov, Serra (2020): Evaluation of CNN-based automatic music tagging models. SMC.
    Section 2: the fully convolutional network of Choi et al. (2016) and the convolutional
    recurrent network of Choi et al. (2017), trained anew.
github.com/minzwon/sota-music-tagging-models: the released weights (MIT).
"""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from genre_core.config import FeatureSettings

FEATURES = FeatureSettings(sample_rate=16_000, mel_scale="htk")
N_TAGS = 50
MIN_COLUMNS = 8  # fewer would vanish in the first pools

Kind = Literal["fcn", "crnn"]
_CHANNELS: dict[Kind, tuple[int, ...]] = {
    "fcn": (64, 128, 128, 128, 64),
    "crnn": (64, 128, 128, 128),
}
_POOLS: dict[Kind, tuple[tuple[int, int], ...]] = {  # (bands, columns)
    "fcn": ((2, 4), (2, 4), (2, 4), (3, 5), (4, 4)),
    "crnn": ((2, 2), (3, 3), (4, 4), (4, 4)),
}
_HIDDEN = 32


class WonBlock(nn.Module):
    """Convolution 3 x 3 with bias, batch normalisation, ReLU, max-pooling."""

    def __init__(self, in_channels: int, out_channels: int, pool: tuple[int, int]) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.bn = nn.BatchNorm2d(out_channels)
        self.pool = pool

    def activations(self, x: Tensor) -> Tensor:
        """Return the maps before pooling, (B, out_channels, F, T)."""
        return torch.relu(self.bn(self.conv(x)))

    def forward(self, x: Tensor) -> Tensor:
        """Return the maps after pooling; a frame too short for the pool is pooled whole."""
        maps = self.activations(x)
        pool = (min(self.pool[0], maps.shape[2]), min(self.pool[1], maps.shape[3]))
        return F.max_pool2d(maps, pool)


class WonTagger(nn.Module):
    """One of the two networks, with random weights.

    Parameters
    ----------
    kind : "fcn": five blocks, then the maximum over the last maps; "crnn": four blocks, then the
        last state of two GRUs over the steps

    Attributes
    ----------
    layer1, layer2 ... : named as in the published files, so that their weights load by name
    """

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.spec_bn = nn.BatchNorm2d(1)
        channels = (1, *_CHANNELS[kind])
        self.blocks: list[str] = []
        for index, pool in enumerate(_POOLS[kind], start=1):
            name = f"layer{index}"
            self.blocks.append(name)
            self.add_module(name, WonBlock(channels[index - 1], channels[index], pool))
        width = channels[-1]
        if kind == "crnn":
            self.layer5 = nn.GRU(width, _HIDDEN, num_layers=2, batch_first=True)
            width = _HIDDEN
        self.dense = nn.Linear(width, N_TAGS)

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return logits (B, 50) from `log_mel` (B, 96, n_columns), dB; scores are their sigmoid."""
        tags: Tensor = self.dense(self.summary(self.maps(log_mel)[-1]))
        return tags

    def maps(self, log_mel: Tensor) -> list[Tensor]:
        """Return each block's output, (B, C, F, T), from `log_mel` (B, 96, n_columns), dB."""
        if log_mel.ndim != 3 or log_mel.shape[1] != FEATURES.n_mels:
            raise ValueError(f"log_mel is (B, {FEATURES.n_mels}, T), not {tuple(log_mel.shape)}")
        if log_mel.shape[2] < MIN_COLUMNS:
            raise ValueError(f"{log_mel.shape[2]} columns; {MIN_COLUMNS} are the fewest")
        x = self.spec_bn(log_mel[:, None])
        maps = []
        for name in self.blocks:
            x = self.get_submodule(name)(x)
            maps.append(x)
        return maps

    def summary(self, last_maps: Tensor) -> Tensor:
        """Return the dense layer's input, (B, 64) or (B, 32), from the last block's maps."""
        if self.kind == "fcn":
            return last_maps.amax(dim=(2, 3))
        states, _ = self.layer5(last_maps.flatten(1, 2).transpose(1, 2))
        last: Tensor = states[:, -1]
        return last
