"""Batch norms whose statistics no longer change are a scale and a shift: store them as that.

References
----------
Ioffe, Szegedy (2015): Batch normalization. ICML. (section 3.1: at inference, a fixed linear
    transform of each channel)
"""

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


@torch.no_grad()
def absorb_statistics(model: nn.Module) -> None:
    """Move each batch norm's statistics into its scale and shift, in place.

    In eval mode the network computes the same as before, up to rounding:
    `(x - mean) / sqrt(var + eps) * scale + shift`, now with mean 0 and var 1 - eps.

    Parameters
    ----------
    model : nn.Module
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
