"""What is alive in a published tagger: most of its channels give 0 whatever the music.

References
----------
Li, Kadav, Durdanovic, Samet, Graf (2017): Pruning filters for efficient ConvNets. ICLR.
    (a channel that is taken out takes its column of the next kernels with it)
"""

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn

from genre_core.models.won_taggers import WonBlock, WonTagger

DEAD = 0.01  # of the batch norm's scale: dead channels have 0.001 at most, others 0.05 at least


def conv_blocks(tagger: WonTagger) -> list[WonBlock]:
    """Return the convolution blocks in order."""
    return [cast("WonBlock", tagger.get_submodule(name)) for name in tagger.blocks]


def live_channels(block: WonBlock) -> Tensor:
    """Return int64 (n,): the channels of a block that can be anything but 0.

    Weight decay has shrunk the scale of the others to nothing. Alive are, of 64, 128, 128, 128:
    in won_msd_fcn 40, 81, 120, 127, in won_msd_crnn 20, 54, 61, 75.
    """
    return (block.bn.weight.abs() > DEAD).nonzero()[:, 0]


@torch.no_grad()
def drop_dead_channels(tagger: WonTagger) -> None:
    """Take the dead channels between the first three blocks out, in place: the same for less."""
    blocks = conv_blocks(tagger)
    for block, following in pairwise(blocks[:3]):
        live = live_channels(block)
        for owner, name in (
            (block.conv, "weight"),
            (block.conv, "bias"),
            (block.bn, "weight"),
            (block.bn, "bias"),
        ):
            setattr(owner, name, nn.Parameter(getattr(owner, name)[live]))
        for name in ("running_mean", "running_var"):
            setattr(block.bn, name, getattr(block.bn, name)[live])
        block.conv.out_channels = block.bn.num_features = len(live)
        following.conv.weight = nn.Parameter(following.conv.weight[:, live])
        following.conv.in_channels = len(live)
