"""The first weights of our own trunk: it learns, block by block, to give a tagger's maps.

Each block gets fewer channels than the tagger has. The first two learn from random weights by
gradient descent (`first_blocks`). The kernels of the others are those that come closest to the
tagger's maps, in the least squares, from the maps that our block before gives.

References
----------
He, Zhang, Sun (2017): Channel pruning for accelerating very deep neural networks. ICCV.
    (few channels, and kernels fitted anew by least squares)
Won, Ferraro, Bogdanov, Serra (2020): Evaluation of CNN-based automatic music tagging models. SMC.
"""

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genre_core.errors import SettingsError
from genre_core.models.base import GenreNetwork, sequence_of
from genre_core.models.crnn_gru import CrnnGru
from genre_core.models.layers import ConvBlock
from genre_core.models.won_live import conv_blocks
from genre_core.models.won_taggers import WonTagger
from genre_core.training.first_blocks import N_STEPS, random_first_block, teach_first_blocks
from genre_core.training.tagger_features import BATCH, set_level

N_FRAMES = 128  # about so many, for the least squares
N_COLUMNS = 512  # of each of them
N_POINTS = 60_000  # of the maps
RIDGE = 1e-5  # of the mean square of the inputs
STRIDE = 7  # of the points that channels are chosen by


def start_from_tagger(
    model: GenreNetwork, tagger: WonTagger, frames: Tensor, seed: int, n_steps: int = N_STEPS
) -> tuple[str, ...]:
    """Teach the convolutions of `model` a tagger's maps, in place.

    Parameters
    ----------
    model : CrnnGru of two blocks or more
    tagger : WonTagger
        An fcn: its blocks pool as ours do.
    frames : float32 (B, n_mels, n_columns), dB
        Sounds to learn from.
    seed : int
        Of the random weights and the choice of points.
    n_steps : int
        Of gradient descent, in the first two blocks.

    Returns
    -------
    tuple of str
        Names of the blocks that were taught.

    Raises
    ------
    SettingsError
        If the network and the tagger do not fit together.
    """
    if not isinstance(model, CrnnGru) or tagger.kind != "fcn" or len(model.convolutions) < 2:
        raise SettingsError("Only crnn_gru starts from a tagger, and only from an fcn.")
    learners = [cast("ConvBlock", child) for child in model.convolutions]
    blocks = conv_blocks(tagger)
    names = [name for name, _ in model.convolutions.named_children()]
    for name, learner, block in list(zip(names, learners, blocks, strict=False))[1:]:
        _check_channels(name, learner, block.conv.out_channels)
    generator = torch.Generator().manual_seed(seed)
    model.eval()
    every = max(1, len(frames) // N_FRAMES)
    part = frames[::every, :, :N_COLUMNS]
    with torch.no_grad():
        random_first_block(model, part, generator)
        first_maps = blocks[0](tagger.spec_bn(set_level(part)[:, None]))
        target = blocks[1].bn(blocks[1].conv(first_maps))
        theirs = blocks[1](first_maps)
        n_channels = learners[1].conv.out_channels
        chosen = choose_channels(theirs, blocks[2].conv.weight, n_channels)
        _fit_block(learners[1], learners[0](model.entrance(part)), target[:, chosen], generator)
        del first_maps, target
    teach_first_blocks(model, tagger, chosen, frames, generator, n_steps)
    with torch.no_grad():
        ours = learners[1](learners[0](model.entrance(part)))
        for learner, block, following in zip(learners[2:], blocks[2:], blocks[3:], strict=False):
            target = block.bn(block.conv(theirs))
            theirs = block(theirs)
            n_channels = learner.conv.out_channels
            chosen = choose_channels(theirs, following.conv.weight, n_channels)
            _fit_block(learner, ours, target[:, chosen], generator)
            ours = learner(ours)
        _fit_sequence_norm(model, frames[::every])
    return tuple(names)


def _check_channels(name: str, learner: ConvBlock, n_theirs: int) -> None:
    n_ours = learner.conv.out_channels
    if n_ours > n_theirs:
        raise SettingsError(f"{name}: the tagger has {n_theirs} channels, not {n_ours}.")


def choose_channels(maps: Tensor, following: Tensor, n_channels: int) -> list[int]:
    """Return the channels that matter most to the next block, in order.

    One after another is left out: the one of which the others explain most, as far as the next
    kernels use it.

    Parameters
    ----------
    maps : float32 (B, C, F, T)
    following : float32 (C', C, 3, 3)
        Kernels of the next block.
    n_channels : int
    """
    points = maps.transpose(0, 1).flatten(1)[:, ::STRIDE].double()
    covariance = torch.cov(points)
    energy = following.double().square().sum(dim=(0, 2, 3))
    ridge = 1e-4 * covariance.diagonal().mean()
    chosen = list(range(len(points)))
    while len(chosen) > n_channels:
        some = covariance[chosen][:, chosen]
        inverse = torch.linalg.inv(some + ridge * torch.eye(len(chosen)).double())
        unexplained = 1.0 / inverse.diagonal()
        chosen.pop(int((unexplained * energy[chosen]).argmin()))
    return chosen


def _fit_block(
    block: ConvBlock, inputs: Tensor, target: Tensor, generator: torch.Generator
) -> None:
    """Give `block` the kernels that bring (B, C, F, T) closest to (B, C', F, T) before pooling."""
    conv, norm = block.conv, cast("nn.BatchNorm2d", block.norm)
    n_each = -(-N_POINTS // len(inputs))
    patches, wanted = [], []
    for frame, maps in zip(inputs, target, strict=True):  # one at a time: memory stays small
        every = F.unfold(frame[None], 3, padding=1)[0].T  # (points, 9 C)
        points = torch.randperm(len(every), generator=generator)[:n_each]
        patches.append(every[points])
        wanted.append(maps.flatten(1).T[points])  # (points, C')
    outputs = torch.cat(wanted).double()
    rows = torch.cat([torch.cat(patches), torch.ones(len(outputs), 1)], dim=1).double()
    gram = rows.T @ rows
    gram += RIDGE * gram.diagonal().mean() * torch.eye(len(gram)).double()
    solution = torch.linalg.solve(gram, rows.T @ outputs).float()
    conv.weight.copy_(solution[:-1].T.reshape(conv.weight.shape))
    assert conv.bias is not None
    conv.bias.copy_(solution[-1])
    mean, variance = _set_statistics(norm, outputs.float())
    norm.weight.copy_((variance + norm.eps).sqrt())  # so that it changes nothing yet
    norm.bias.copy_(mean)


def _fit_sequence_norm(model: CrnnGru, frames: Tensor) -> None:
    """Bring what the GRU will read to one scale."""
    steps = [
        sequence_of(model.convolutions(model.entrance(part))).flatten(0, 1)
        for part in frames.split(BATCH)
    ]
    _set_statistics(model.sequence_norm, torch.cat(steps))


def _set_statistics(norm: nn.BatchNorm1d | nn.BatchNorm2d, values: Tensor) -> tuple[Tensor, Tensor]:
    """Give a batch norm the mean and variance of values (n, channels), and return them."""
    mean, variance = values.mean(dim=0), values.var(dim=0).clamp(min=1e-8)
    norm.running_mean, norm.running_var = mean, variance
    return mean, variance
