"""The first two blocks of our own trunk: random weights learn to give a tagger's second maps.

What filters see in the first layers can be learnt from a few hours of sound; a whole trunk cannot
(docs/training.md, "Towards one network").

References
----------
Romero et al. (2015): FitNets: Hints for thin deep nets. ICLR. (section 2.2: the maps of a teacher's
    middle layer as the target)
"""

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genre_core.models.crnn_gru import CrnnGru
from genre_core.models.layers import ConvBlock
from genre_core.models.won_live import conv_blocks
from genre_core.models.won_taggers import WonTagger
from genre_core.training.tagger_features import set_level

N_STEPS = 400
LEARNING_RATE = 3e-3
N_WARM_UP = 50
BATCH_SIZE = 16
N_COLUMNS = 256
FILTER_DB = 4.0
POOL = (2, 4)  # of the tagger's blocks and ours
BEFORE_POOLING = 0.3  # weight of the maps before the maximum, which shows only the largest


def random_first_block(model: CrnnGru, log_mel: Tensor, generator: torch.Generator) -> None:
    """Give the first block random kernels, and its batch norm the statistics of `log_mel`."""
    block = cast("ConvBlock", model.convolutions[0])
    conv, norm = block.conv, cast("nn.BatchNorm2d", block.norm)
    with torch.no_grad():
        bound = conv.weight[0].numel() ** -0.5
        conv.weight.uniform_(-bound, bound, generator=generator)
        cast("Tensor", conv.bias).zero_()
        maps = conv(model.entrance(log_mel))
        norm.running_mean = maps.mean(dim=(0, 2, 3))
        norm.running_var = maps.var(dim=(0, 2, 3))
        norm.weight.fill_(1.0)
        norm.bias.normal_(0.0, 0.5, generator=generator)


def teach_first_blocks(
    model: CrnnGru,
    tagger: WonTagger,
    channels: list[int],
    frames: Tensor,
    generator: torch.Generator,
    n_steps: int = N_STEPS,
) -> None:
    """Let the first two blocks of `model` learn a tagger's second maps, in place.

    Pupil and tagger get the same parts of songs. A quarter are two songs at once, a quarter are
    filtered. The loss compares the maps after ReLU, before and after pooling.

    Parameters
    ----------
    model : its second block has as many channels as `channels`
    channels : of the tagger's second block
    frames : float32 (B, n_mels, n_columns), dB
    """
    first, second = (cast("ConvBlock", model.convolutions[index]) for index in (0, 1))
    norm = cast("nn.BatchNorm2d", second.norm)
    deviation = norm.running_var.sqrt()[:, None, None]  # type: ignore[union-attr]
    theirs_first, theirs_second = conv_blocks(tagger)[:2]
    weights = [*first.parameters(), *second.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=LEARNING_RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        LEARNING_RATE,
        total_steps=max(n_steps, 1),
        pct_start=min(0.5, N_WARM_UP / max(n_steps, 1)),
        cycle_momentum=False,
    )
    for _ in range(n_steps):
        part = changed(some_parts(frames, generator), generator)
        with torch.autocast("cpu", torch.bfloat16):
            with torch.no_grad():
                below = theirs_first(tagger.spec_bn(set_level(part)[:, None]))
                wanted = theirs_second.activations(below)[:, channels].float()
            given = norm(second.conv(first(model.entrance(part)))).float().relu()
        scaled = (given / deviation, wanted / deviation)
        pooled = (F.max_pool2d(scaled[0], POOL), F.max_pool2d(scaled[1], POOL))
        loss = F.mse_loss(*pooled) + BEFORE_POOLING * F.mse_loss(*scaled)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()


def some_parts(frames: Tensor, generator: torch.Generator) -> Tensor:
    """Return random parts of random frames, (BATCH_SIZE, n_mels, up to N_COLUMNS)."""
    chosen = torch.randint(len(frames), (BATCH_SIZE,), generator=generator)
    spare = max(1, frames.shape[-1] - N_COLUMNS + 1)
    starts = torch.randint(spare, (BATCH_SIZE,), generator=generator)
    pairs = zip(chosen.tolist(), starts.tolist(), strict=True)
    return torch.stack([frames[index, :, start : start + N_COLUMNS] for index, start in pairs])


def changed(log_mel: Tensor, generator: torch.Generator) -> Tensor:
    """Return parts of which a quarter are two songs at once and another quarter are filtered."""
    quarter = len(log_mel) // 4
    first, second, third, rest = (
        log_mel[:quarter],
        log_mel[quarter : 2 * quarter],
        log_mel[2 * quarter : 3 * quarter],
        log_mel[3 * quarter :],
    )
    both = 10.0 * torch.log10(10.0 ** (first / 10.0) + 10.0 ** (second / 10.0))
    gains = FILTER_DB * torch.randn(quarter, 1, 5, generator=generator)
    curve = F.interpolate(gains, size=log_mel.shape[1], mode="linear").transpose(1, 2)
    return torch.cat([both, second, third + curve, rest])
