"""Convolutions in bfloat16, for processors that compute with it.

bfloat16 keeps 8 significant bits. Weights that are each rounded to the nearest number shift a map
by the sum of their errors. So the error of each weight is passed on to the next one of its slice
(error diffusion), and the sum of the slice stays.

References
----------
Floyd, Steinberg (1976): An adaptive algorithm for spatial greyscale. Proceedings of the SID.
    (error diffusion)
Nagel, Amjad, van Baalen, Louizos, Blankevoort (2020): Up or down? Adaptive rounding for
    post-training quantization. ICML. (the nearest number is not the best)
"""

import copy

import torch
from torch import Tensor, nn

from genre_core.models.base import GenreNetwork
from genre_core.models.crnn_gru import CrnnGru
from genre_core.models.layers import ConvBlock

MIN_CHANNELS = 32  # of the input; a convolution of one channel takes as long as in float32


def computes_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 faster than float32."""
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def bfloat16_copy(model: GenreNetwork) -> GenreNetwork:
    """Return a copy for inference whose wide convolutions compute in bfloat16.

    Maps between the layers, sums and all other layers stay float32. Networks of other kinds than
    `CrnnGru` are returned as they are, as the error of their scores is not measured.

    Parameters
    ----------
    model : its batch norms folded, as `inference_copy` does
    """
    if not isinstance(model, CrnnGru):
        return model
    model = copy.deepcopy(model)
    for block in model.convolutions:
        if isinstance(block, ConvBlock) and block.conv.in_channels >= MIN_CHANNELS:
            block.conv = Bfloat16Conv2d(block.conv)
    return model


class Bfloat16Conv2d(nn.Conv2d):
    """A convolution in bfloat16, from float32 to float32.

    Parameters
    ----------
    conv : nn.Conv2d
        Of an odd size, padded to keep the map's size, with a bias. Its weights are rounded by
        `diffused`.
    """

    def __init__(self, conv: nn.Conv2d) -> None:
        (height, width), sizes = conv.kernel_size, (conv.in_channels, conv.out_channels)
        super().__init__(*sizes, (height, width), padding=(height // 2, width // 2))
        self.load_state_dict({**conv.state_dict(), "weight": diffused(conv.weight)})
        self.eval().requires_grad_(False)
        self.to(torch.bfloat16).to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """Return (B, out_channels, F, T) from (B, in_channels, F, T), both float32."""
        return super().forward(x.to(torch.bfloat16)).float()


def diffused(weight: Tensor) -> Tensor:
    """Return kernels (out, in, height, width) of numbers that bfloat16 can hold.

    Within each slice (height, width), from the largest weight to the smallest, the rounding error
    of one is added to the next.
    """
    slices = weight.detach().double().flatten(2)  # (out, in, height * width)
    order = slices.abs().argsort(dim=2, descending=True)
    rounded = torch.empty_like(slices)
    error = torch.zeros_like(slices[:, :, 0])
    for place in order.unbind(2):
        index = place.unsqueeze(2)
        wanted = slices.gather(2, index).squeeze(2) + error
        nearest = wanted.to(torch.bfloat16).double()
        error = wanted - nearest
        rounded.scatter_(2, index, nearest.unsqueeze(2))
    return rounded.reshape(weight.shape).to(weight.dtype)
