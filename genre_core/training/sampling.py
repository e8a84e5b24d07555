"""Random training batches: which clip, which part of it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Generator, Tensor

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import HalfArray
from genre_core.errors import DatasetError
from genre_core.training.augmentation import stretch_time
from genre_core.training.augmentation_settings import AugmentationSettings

UNLABELLED = -1


@dataclass(frozen=True, eq=False)
class Batch:
    """Training examples, before any augmentation but cropping and tempo.

    Attributes
    ----------
    log_mel : float32 (B, n_mels, n_columns), dB
    labels : int64 (B,)
        Index into the genres, or `UNLABELLED`.
    clips : tuple of Clip
        Which clip each example is from.
    """

    log_mel: Tensor
    labels: Tensor
    clips: tuple[Clip, ...]


class Batches(Protocol):
    """Whatever a network is trained on."""

    @property
    def n_batches(self) -> int:
        """Batches in an epoch, unless the settings say otherwise."""

    def draw(self, generator: Generator) -> Batch:
        """Draw one batch; every random number comes from `generator`."""


class Sampler:
    """Draws batches: a genre, then a clip, then a part of it.

    Parameters
    ----------
    clips : mapping of Clip to float16 (n_mels, n_columns)
        Whole clips, from `feature_cache`.
    genres : sequence of str
    features : FeatureSettings
        Of the clips.
    augmentation : AugmentationSettings
        Its crop and tempo are used here.
    batch_size : int
    class_balanced : bool
        Genres equally often; otherwise as often as they have songs.
    unlabelled : mapping of Clip to float16 (n_mels, n_columns)
    unlabelled_share : float
        Of each batch; their label is `UNLABELLED`.

    Raises
    ------
    DatasetError
        If a genre has no clip.
    """

    def __init__(
        self,
        clips: Mapping[Clip, HalfArray],
        genres: Sequence[str],
        features: FeatureSettings,
        augmentation: AugmentationSettings,
        *,
        batch_size: int,
        class_balanced: bool,
        unlabelled: Mapping[Clip, HalfArray] | None = None,
        unlabelled_share: float = 0.0,
    ) -> None:
        self._clips = {**clips, **(unlabelled or {})}
        self._unlabelled = list(unlabelled or ())
        self._genres = tuple(genres)
        self._features = features
        self._augmentation = augmentation
        self._batch_size = batch_size
        self._n_unlabelled = round(unlabelled_share * batch_size) if unlabelled else 0
        in_order = sorted(clips, key=lambda clip: clip.clip_id)
        self._pools = [[clip for clip in in_order if clip.label == genre] for genre in genres]
        for genre, pool in zip(genres, self._pools, strict=True):
            if not pool:
                raise DatasetError(
                    f"No training clip of {genre} is left: add songs, or leave the genre out."
                )
        n_songs = [len(pool) for pool in self._pools]
        self.n_batches = math.ceil(sum(n_songs) / batch_size)
        genre_odds = [1.0 if class_balanced else float(n) for n in n_songs]
        self._genre_odds = torch.tensor(genre_odds)

    def draw(self, generator: Generator) -> Batch:
        """Draw one batch; all its examples have the same length."""
        n_columns = self._draw_length(generator)
        tempo = self._augmentation.tempo_range
        rates = 1 + tempo * (2 * torch.rand(self._batch_size, generator=generator) - 1)
        n_source = math.ceil(n_columns * (1 + tempo)) if tempo > 0 else n_columns
        n_labelled = self._batch_size - self._n_unlabelled
        labels = torch.multinomial(self._genre_odds, n_labelled, True, generator=generator)
        clips: list[Clip] = []
        for label in labels.tolist():
            pool = self._pools[label]
            clips.append(pool[_below(len(pool), generator)])
        for _ in range(self._n_unlabelled):
            clips.append(self._unlabelled[_below(len(self._unlabelled), generator)])
        parts = np.empty((self._batch_size, self._features.n_mels, n_source), dtype=np.float16)
        for index, clip in enumerate(clips):
            parts[index] = _crop(self._clips[clip], n_source, generator)
        log_mel = torch.from_numpy(parts).float()
        return Batch(
            log_mel=stretch_time(log_mel, rates, n_columns) if tempo > 0 else log_mel,
            labels=torch.cat([labels, torch.full((self._n_unlabelled,), UNLABELLED)]),
            clips=tuple(clips),
        )

    def _draw_length(self, generator: Generator) -> int:
        shortest, longest = self._augmentation.crop_seconds
        full, part = torch.rand(2, generator=generator).tolist()
        seconds = longest
        if full >= self._augmentation.full_length_probability:
            seconds = shortest + (longest - shortest) * part
        return self._features.n_columns_of(seconds)


def _crop(log_mel: HalfArray, n_columns: int, generator: Generator) -> HalfArray:
    """Return a random part; a clip that is too short is repeated from a random point on."""
    size = log_mel.shape[1]
    if size >= n_columns:
        start = _below(size - n_columns + 1, generator)
        return log_mel[:, start : start + n_columns]
    columns = (_below(size, generator) + np.arange(n_columns)) % size
    return log_mel[:, columns]


def _below(n: int, generator: Generator) -> int:
    return int(torch.randint(n, (1,), generator=generator).item())
