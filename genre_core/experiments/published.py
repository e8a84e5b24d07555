"""The published tag network, and what its blocks make of an experiment's songs, computed once.

The network is used as it was trained: on standardised input, and with `running_std` taken for the
deviation that it was (see `keras_weights`). Measured over 32 songs, what enters the four blocks'
norms then has 0.97, 0.95, 0.94 and 0.88 of the variance on file; with `running_std` taken for the
variance, 1.3, 56, 3,200 and 42,000 times as much.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. (the network)
Choi, Fazekas, Sandler, Cho (2017): Transfer learning for music classification and regression
    tasks. ISMIR. (the features: averages of every block's maps)
"""

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genre_core.checkpoints.checkpoint import save_checkpoint
from genre_core.checkpoints.keras_start import initialise_convolutions, initialise_recurrent
from genre_core.checkpoints.keras_weights import n_outputs, read_keras_weights
from genre_core.config import FeatureSettings
from genre_core.datasets.feature_cache import HalfArray
from genre_core.errors import ModelError
from genre_core.experiments.songs import Songs
from genre_core.models import registry
from genre_core.models.base import sequence_of
from genre_core.models.crnn import Crnn
from genre_core.records import atomic_write
from genre_core.training.validation import middle_frames
from genre_core.types import FloatArray

# The published sizes, for frames of any length: see `models.crnn`.
HYPERPARAMETERS: dict[str, Any] = {
    "pool_columns": 1,
    "dynamic_range_db": 40.0,
    "channels": (64, 128, 128, 128),
    "pools": ((2, 2), (3, 3), (4, 4), (4, 4)),
    "hidden": 32,
    "bidirectional": False,
    "recurrent": "keras_gru",
    "summary": "last",
}
# First block that learns -> what of the frozen part it sees.
MAP_BEFORE = {"conv4": "conv3", "recurrent": "conv4", "classifier": "recurrent"}
POOLED = "pooled"  # mean and standard deviation of each block's maps: a vector a song
BATCH = 8

Progress = Callable[[int, int], None]


def tag_network(weights: str | Path) -> Crnn:
    """Return the published tag network, in eval mode, its classifier left at random.

    Parameters
    ----------
    weights : str or Path
        `choi_msd_crnn_theano.h5`.

    Raises
    ------
    ModelError
        If it is another file.
    """
    outputs = n_outputs(read_keras_weights(weights))
    model = registry.build("crnn", outputs, **HYPERPARAMETERS)
    assert isinstance(model, Crnn)
    initialise_convolutions(weights, model)
    initialise_recurrent(weights, model)
    return model.eval()


class PublishedMaps:
    """What the network makes of songs, kept in a file from one run to the next.

    Parameters
    ----------
    weights : Path
        `choi_msd_crnn_theano.h5`.
    songs : Songs
    folder : Path
        For the file and for the checkpoint `start`.
    on_progress : callable of (done, total), optional

    Attributes
    ----------
    start : Path
        Checkpoint of the network, as `TrainingSettings.init` takes it.
    sha256 : str
        Of the published file.
    """

    def __init__(
        self, weights: Path, songs: Songs, folder: Path, on_progress: Progress | None = None
    ) -> None:
        if not weights.is_file():
            raise ModelError(f"{weights}: no such file; name the published weights: --weights.")
        self.sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
        self.start = folder / f"tag_network-{self.sha256[:16]}.safetensors"
        self._weights = weights
        self._songs = songs
        self._on_progress = on_progress
        text = self.sha256 + songs.fingerprint
        self._path = folder / f"maps-{hashlib.sha256(text.encode()).hexdigest()[:16]}.npz"
        self._maps: dict[str, dict[str, HalfArray]] = {}

    def write_start(self) -> Path:
        """Write the checkpoint `start`, unless it is there, and return its path."""
        if not self.start.is_file():
            model = tag_network(self._weights)
            tags = [f"tag {number + 1}" for number in range(model.classifier.out_features)]
            save_checkpoint(self.start, model, name="tag network", genres=tags)
        return self.start

    def of(self, kind: str) -> Mapping[str, HalfArray]:
        """Return maps by clip id.

        Parameters
        ----------
        kind : str
            "conv3", "conv4": float16 (channels * bands, steps); "recurrent": float16 (32, steps);
            "pooled": float16 (n_features, 1).
        """
        if not self._maps:
            self._maps = self._read() or self._compute()
        return self._maps[kind]

    def features(self, kind: str) -> FeatureSettings:
        """Return settings under which `Trainer` takes these maps for spectrograms."""
        rows = HYPERPARAMETERS["hidden"]
        if kind != "recurrent":
            pools = HYPERPARAMETERS["pools"][: int(kind.removeprefix("conv"))]
            bands = self._songs.features.n_mels // math.prod(pool[0] for pool in pools)
            rows = HYPERPARAMETERS["channels"][len(pools) - 1] * bands
        return replace(FeatureSettings(), n_mels=rows, n_fft=max(512, 2 * rows), top_db=400.0)

    def n_steps(self, kind: str, seconds: float) -> int:
        """Return how many steps of these maps `seconds` of sound make, rounded."""
        pools = HYPERPARAMETERS["pools"][: 3 if kind == "conv3" else 4]
        features = self._songs.features
        columns = features.n_columns_of(seconds)
        return max(1, round(columns / math.prod(pool[1] for pool in pools)))

    def vectors(self, ids: list[str]) -> FloatArray:
        """Return the pooled features of songs, float32 (n, n_features)."""
        pooled = self.of(POOLED)
        return np.stack([pooled[clip_id][:, 0] for clip_id in ids]).astype(np.float32)

    def _compute(self) -> dict[str, dict[str, HalfArray]]:
        model = tag_network(self._weights)
        model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        clips = self._songs.clips(self._songs.log_mel)
        frames = middle_frames(clips, self._songs.features)
        by_length: dict[int, list[str]] = {}
        arrays = {clip.clip_id: frame for clip, frame in frames.items()}
        for clip_id, frame in arrays.items():
            by_length.setdefault(frame.shape[1], []).append(clip_id)
        maps: dict[str, dict[str, HalfArray]] = {
            kind: {} for kind in (*MAP_BEFORE.values(), POOLED)
        }
        done = 0
        for ids in by_length.values():
            for first in range(0, len(ids), BATCH):
                some = ids[first : first + BATCH]
                log_mel = torch.from_numpy(np.stack([arrays[clip_id] for clip_id in some])).float()
                for kind, values in _maps(model, log_mel).items():
                    maps[kind].update(zip(some, values.half().numpy(), strict=True))
                done += len(some)
                if self._on_progress is not None:
                    self._on_progress(done, len(arrays))
        self._write(maps)
        return maps

    def _write(self, maps: dict[str, dict[str, HalfArray]]) -> None:
        arrays = {f"{kind}/{key}": each for kind, by in maps.items() for key, each in by.items()}
        with atomic_write(self._path) as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]

    def _read(self) -> dict[str, dict[str, HalfArray]] | None:
        if not self._path.is_file():
            return None
        maps: dict[str, dict[str, HalfArray]] = {}
        with np.load(self._path, allow_pickle=False) as arrays:
            for name in arrays.files:
                kind, _, clip_id = name.partition("/")
                maps.setdefault(kind, {})[clip_id] = arrays[name]
        return maps


@torch.inference_mode()
def _maps(model: Crnn, log_mel: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return what `PublishedMaps.of` names, (B, rows, steps), from (B, n_mels, T) in dB."""
    x = model.entrance(log_mel)
    pooled = []
    maps = {}
    for name, block in model.convolutions.named_children():
        x = block(x)  # (B, C, F, T)
        maps[name] = x.flatten(1, 2)
        pooled += [x.mean(dim=(2, 3)), x.std(dim=(2, 3))]
    states = model.gru(sequence_of(x))  # (B, T, hidden)
    maps["recurrent"] = states.transpose(1, 2)
    maps[POOLED] = torch.cat(pooled, dim=1).unsqueeze(2)
    return {kind: maps[kind] for kind in (*MAP_BEFORE.values(), POOLED)}
