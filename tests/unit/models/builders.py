"""Small networks and spectrograms to give them."""

import torch

TINY = {"channels": (4, 5), "pools": ((8, 4), (12, 4)), "hidden": 3}
# Options of `Crnn` with which it is the published network but for the input's normalisation.
PUBLISHED = {
    "pool_columns": 1,
    "pools": ((2, 2), (3, 3), (4, 4), (4, 4)),
    "recurrent": "keras_gru",
    "bidirectional": False,
    "hidden": 32,
    "summary": "last",
    "activation": "sigmoid",
    "dynamic_range_db": 40.0,
}


def spectrogram(*shape: int) -> torch.Tensor:
    """Something like a log-mel in dB: 80 dB under its maximum at most."""
    x = 15.0 * torch.randn(shape) - 20.0
    return torch.maximum(x, x.amax(dim=(-2, -1), keepdim=True) - 80.0)
