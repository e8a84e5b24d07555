"""Logits of one frame with parts of it hidden; maps of the whole frame serve again.

A hidden part changes a map no further than the kernels reach. A network whose entrance keeps the
columns apart computes these points alone, and takes all others from the frame as it is: the same
numbers for a small share of the work. Other networks compute every map anew.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

from torch import Tensor
from torch.nn import functional as F

from genre_core.models.base import ConvNetwork, GenreNetwork, sequence_of
from genre_core.models.layers import ConvBlock


class Box(NamedTuple):
    """Bands from `low` and columns from `start`; `high` and `end` are the first outside."""

    low: int
    high: int
    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether there is no point in it."""
        return self.high <= self.low or self.end <= self.start


class HiddenParts:
    """One frame of which parts can be hidden. Any number of threads may use it.

    In a hidden part every band has its mean over the frame. Where `reuses_maps`, that is the mean
    of the network's input, and the level that the input refers to stays that of the whole frame;
    else it is the mean in dB.

    Parameters
    ----------
    network : in eval mode
    log_mel : float32 (1, n_mels, n_columns), dB
    """

    def __init__(self, network: GenreNetwork, log_mel: Tensor) -> None:
        self._network = network
        maps = [log_mel.unsqueeze(1)]
        if isinstance(network, ConvNetwork):
            network.check_input(log_mel)
            entered = network.entrance(log_mel)
            if entered.shape == maps[0].shape and all(map(_is_same_size, _blocks(network))):
                maps = [entered]
                for block in network.convolutions:
                    maps.append(block(maps[-1]))
        self._maps = maps  # (1, C, F, T) each
        self._neutral = maps[0].double().mean(dim=3, keepdim=True).to(maps[0].dtype)

    @property
    def reuses_maps(self) -> bool:
        """Whether the maps of the whole frame serve again."""
        return len(self._maps) > 1

    def logits(self, boxes: Sequence[Box]) -> Tensor:
        """Return logits (1, n_genres) with `boxes` of bands and columns hidden."""
        x = self._maps[0].clone()
        for box in boxes:
            x[_points(box)] = self._neutral[:, :, box.low : box.high]
        if not self.reuses_maps:
            logits: Tensor = self._network(x.squeeze(1))
            return logits
        network = cast("ConvNetwork", self._network)
        for block, whole in zip(_blocks(network), self._maps[1:], strict=True):
            pooled = whole.clone()
            changed = (_update(block, x, pooled, box) for box in boxes)
            boxes = [box for box in changed if not box.is_empty]
            x = pooled
        return network.decide(network.read(network.begin(sequence_of(x))))


def _blocks(network: ConvNetwork) -> list[ConvBlock]:
    return [cast("ConvBlock", block) for block in network.convolutions]


def _is_same_size(block: ConvBlock) -> bool:
    """Return whether the convolution's maps are as large as its input."""
    return all(size % 2 == 1 for size in block.conv.kernel_size)


def _points(box: Box) -> tuple[slice, slice, slice, slice]:
    return slice(None), slice(None), slice(box.low, box.high), slice(box.start, box.end)


def _update(block: ConvBlock, x: Tensor, pooled: Tensor, box: Box) -> Box:
    """Compute the points of `pooled` that `box` of `x` reaches, in place; return where they lie."""
    sizes = cast("tuple[int, int]", block.pool.kernel_size)
    bands, columns = (
        _reach(edges, size, kernel, pool, n_pooled)
        for edges, size, kernel, pool, n_pooled in zip(
            (box[:2], box[2:]),
            x.shape[2:],
            block.conv.kernel_size,
            sizes,
            pooled.shape[2:],
            strict=True,
        )
    )
    changed = Box(*bands.pooled, *columns.pooled)
    if changed.is_empty:  # the pooling drops it
        return changed
    patch = x[:, :, slice(*bands.inside), slice(*columns.inside)]
    patch = F.pad(patch, (*columns.padding, *bands.padding))
    maps = F.conv2d(patch, block.conv.weight, block.conv.bias)
    pooled[_points(changed)] = block.activation(block.pool(block.norm(maps)))
    return changed


class _Reach(NamedTuple):
    """Along one axis: the points of the pooled maps, those of the input that they see, zeros."""

    pooled: tuple[int, int]
    inside: tuple[int, int]
    padding: tuple[int, int]


def _reach(edges: tuple[int, int], size: int, kernel: int, pool: int, n_pooled: int) -> _Reach:
    """Return how far a change of the input's points from edges[0] to edges[1] - 1 reaches."""
    side = kernel // 2
    first = max(edges[0] - side, 0) // pool
    last = min(-(-min(edges[1] + side, size) // pool), n_pooled)
    start, end = first * pool - side, min(last * pool, size) + side
    return _Reach(
        (first, last),
        (max(start, 0), min(end, size)),
        (max(-start, 0), max(end - size, 0)),
    )
