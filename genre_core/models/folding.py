"""Batch norms with fixed statistics, stored as a scale and a shift, or folded into convolutions.

References
----------
Ioffe, Szegedy (2015): Batch normalization. ICML. (section 3.1: at inference, a fixed linear
    transform of each channel)
"""

import copy

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.utils.fusion import fuse_conv_bn_eval

from genre_core.models.base import GenreNetwork
from genre_core.models.layers import ConvBlock


@torch.no_grad()
def absorb_statistics(model: nn.Module) -> None:
    """Move each batch norm's statistics into its scale and shift, in place.

    In eval mode the network computes the same as before, up to rounding:
    `(x - mean) / sqrt(var + eps) * scale + shift`, now with mean 0 and var 1 - eps.
    """
    for module in model.modules():
        if not isinstance(module, _BatchNorm) or not module.affine:
            continue
        mean, variance = module.running_mean, module.running_var
        if mean is None or variance is None:
            continue
        module.weight.div_(torch.sqrt(variance + module.eps))
        module.bias.sub_(mean * module.weight)
        mean.zero_()
        variance.fill_(1.0 - module.eps)


def inference_copy(model: GenreNetwork) -> GenreNetwork:
    """Return a copy of `model` that computes the same logits faster.

    Each batch normalisation is folded into the convolution before it, and the memory is laid out
    as the CPU's convolutions want it. The copy cannot be trained.
    """
    model = copy.deepcopy(model).eval().requires_grad_(False)
    for module in model.modules():
        if isinstance(module, ConvBlock) and isinstance(module.norm, nn.BatchNorm2d):
            module.conv = fuse_conv_bn_eval(module.conv, module.norm)
            module.norm = nn.Identity()
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return model
