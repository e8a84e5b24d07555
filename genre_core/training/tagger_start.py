"""The first weights of our own trunk: it learns, block by block, to give a tagger's maps.

Each block gets fewer channels than the tagger has. The kernels of the first are random. Those of
the others are the ones that come closest to the tagger's maps, in the least squares, from the maps
that our block before gives. `map_distillation` then teaches all of them by gradient descent.

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
from genre_core.models.won_taggers import WonBlock, WonTagger
from genre_core.training.tagger_features import set_level

N_FRAMES = 128  # about so many, for the least squares
N_COLUMNS = 512  # of each of them
N_POINTS = 60_000  # of the maps
RIDGE = 1e-5  # of the mean square of the inputs
STRIDE = 7  # of the points that channels are chosen by


@torch.no_grad()
def start_from_tagger(
    model: GenreNetwork, tagger: WonTagger, frames: Tensor, seed: int
) -> tuple[str, ...]:
    """Give the convolutions of `model` their first weights, in place.

    Parameters
    ----------
    model : CrnnGru of two blocks or more
    tagger : WonTagger
        An fcn: its blocks pool as ours do.
    frames : float32 (B, n_mels, n_columns), dB
        Sounds to fit to.
    seed : int
        Of the random kernels and the choice of points.

    Returns
    -------
    tuple of str
        Names of the blocks.

    Raises
    ------
    SettingsError
        If the network and the tagger do not fit together.
    """
    check_pair(model, tagger)
    assert isinstance(model, CrnnGru)
    generator = torch.Generator().manual_seed(seed)
    model.eval()
    part = some_of(frames)
    channels = matched_channels(model, tagger, part)
    theirs = tagger.spec_bn(set_level(part)[:, None])
    ours = model.entrance(part)
    for index, (learner, block) in enumerate(pairs(model, tagger)):
        if index == 0:
            _randomise(learner, ours, generator)
        else:
            target = block.bn(block.conv(theirs))[:, channels[index]]
            _fit_block(learner, ours, target, generator)
        theirs = learner.pool(block.activations(theirs))
        ours = learner(ours)
    last = max(channels)
    sequence = sequence_of(theirs[:, channels[last]])
    _set_statistics(model.sequence_norm, sequence.flatten(0, 1))
    return tuple(name for name, _ in model.convolutions.named_children())


def check_pair(model: GenreNetwork, tagger: WonTagger) -> None:
    """Raise SettingsError if `model` cannot learn the maps of `tagger`."""
    if not isinstance(model, CrnnGru) or tagger.kind != "fcn" or len(model.convolutions) < 2:
        raise SettingsError("Only crnn_gru starts from a tagger, and only from an fcn.")
    names = [name for name, _ in model.convolutions.named_children()]
    for name, (learner, block) in list(zip(names, pairs(model, tagger), strict=False))[1:]:
        n_ours, n_theirs = learner.conv.out_channels, block.conv.out_channels
        if n_ours > n_theirs:
            raise SettingsError(f"{name}: the tagger has {n_theirs} channels, not {n_ours}.")


def pairs(model: CrnnGru, tagger: WonTagger) -> list[tuple[ConvBlock, WonBlock]]:
    """Return each of our blocks with the tagger's block of the same place."""
    learners = [cast("ConvBlock", child) for child in model.convolutions]
    return list(zip(learners, conv_blocks(tagger), strict=False))


def some_of(frames: Tensor) -> Tensor:
    """Return a part of some frames: enough for the least squares."""
    return frames[:: max(1, len(frames) // N_FRAMES), :, :N_COLUMNS]


@torch.no_grad()
def matched_channels(model: CrnnGru, tagger: WonTagger, frames: Tensor) -> dict[int, list[int]]:
    """Return the tagger's channels that each of our blocks but the first learns, by its index."""
    channels = {}
    following = [block.conv.weight for block in conv_blocks(tagger)[1:]]
    x = tagger.spec_bn(set_level(frames)[:, None])
    for index, ((learner, block), kernels) in enumerate(
        zip(pairs(model, tagger), following, strict=False)
    ):
        x = learner.pool(block.activations(x))
        if index > 0:
            channels[index] = choose_channels(x, kernels, learner.conv.out_channels)
    return channels


def _randomise(block: ConvBlock, inputs: Tensor, generator: torch.Generator) -> None:
    """Give a block random kernels, and its batch norm the statistics of its maps of `inputs`."""
    conv, norm = block.conv, cast("nn.BatchNorm2d", block.norm)
    bound = conv.weight[0].numel() ** -0.5
    conv.weight.uniform_(-bound, bound, generator=generator)
    cast("Tensor", conv.bias).zero_()
    _set_statistics(norm, conv(inputs).transpose(0, 1).flatten(1).T)
    norm.weight.fill_(1.0)
    norm.bias.normal_(0.0, 0.5, generator=generator)


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


def _set_statistics(norm: nn.BatchNorm1d | nn.BatchNorm2d, values: Tensor) -> tuple[Tensor, Tensor]:
    """Give a batch norm the mean and variance of values (n, channels), and return them."""
    mean, variance = values.mean(dim=0), values.var(dim=0).clamp(min=1e-8)
    norm.running_mean, norm.running_var = mean, variance
    return mean, variance
