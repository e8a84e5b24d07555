"""The published tag network, and features of an experiment's songs made by it.

The network is used as it was trained: on standardised input, with `running_std` read as a standard
deviation (see `keras_weights`).

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. (the network)
Choi, Fazekas, Sandler, Cho (2017): Transfer learning for music classification and regression
    tasks. ISMIR. (the features: averages of every block's maps)
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from genre_core.checkpoints.keras_weights import n_outputs, read_keras_weights
from genre_core.errors import ModelError
from genre_core.experiments.songs import Songs
from genre_core.models.base import ConvNetwork
from genre_core.models.crnn import Crnn
from genre_core.training.initialisation import initialise
from genre_core.training.validation import middle_frames, predict
from genre_core.types import FloatArray

CHUNK = 32  # songs between two reports of progress


class PooledMaps(nn.Module):
    """Mean and standard deviation of each convolution block's maps: one vector a frame.

    Parameters
    ----------
    model : in eval mode
    """

    def __init__(self, model: ConvNetwork) -> None:
        super().__init__()
        self.model = model

    def forward(self, log_mel: Tensor) -> Tensor:
        """Return (B, 2 * channels of all blocks) from (B, n_mels, T) in dB."""
        x = self.model.entrance(log_mel)
        pooled = []
        for block in self.model.convolutions:
            x = block(x)  # (B, C, F, T)
            pooled += [x.mean(dim=(2, 3)), x.std(dim=(2, 3))]
        return torch.cat(pooled, dim=1)


def tag_network(weights: Path, hyperparameters: Mapping[str, Any]) -> Crnn:
    """Return the published tag network in eval mode, with a random classifier.

    Raises ModelError if `weights` is another file.

    Parameters
    ----------
    weights : `choi_msd_crnn_theano.h5`
    hyperparameters : of a `Crnn` of the published sizes
    """
    model = Crnn(n_outputs(read_keras_weights(weights)), **hyperparameters)
    initialise(model, weights)
    return model.eval()


class PublishedFeatures:
    """The published network's features of an experiment's songs, computed when first needed.

    Raises ModelError if there is no file `weights`.

    Parameters
    ----------
    hyperparameters : see `tag_network`

    Attributes
    ----------
    sha256 : of the published file
    """

    def __init__(
        self,
        weights: Path,
        hyperparameters: Mapping[str, Any],
        songs: Songs,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        if not weights.is_file():
            raise ModelError(f"{weights}: no such file; name the published weights: --weights.")
        self.sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
        self._weights = weights
        self._hyperparameters = hyperparameters
        self._songs = songs
        self._on_progress = on_progress
        self._label_of = {clip.clip_id: clip.label for clip in songs.dataset.clips}

    def examples(self, ids: Sequence[str]) -> tuple[FloatArray, npt.NDArray[np.str_]]:
        """Return features float32 (n, n_features) and labels (n,) of songs by their ids."""
        features = np.stack([self._features[clip_id] for clip_id in ids])
        return features, np.array([self._label_of[clip_id] for clip_id in ids])

    @cached_property
    def _features(self) -> dict[str, FloatArray]:
        model = PooledMaps(tag_network(self._weights, self._hyperparameters)).eval()
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        frames = middle_frames(self._songs.clips(self._songs.log_mel), self._songs.features)
        clips = list(frames)
        features: dict[str, FloatArray] = {}
        for start in range(0, len(clips), CHUNK):
            some = clips[start : start + CHUNK]
            rows = predict(model, [frames[clip] for clip in some], torch.device("cpu"))
            features.update(zip((clip.clip_id for clip in some), rows, strict=True))
            if self._on_progress is not None:
                self._on_progress(len(features), len(clips))
        return features
