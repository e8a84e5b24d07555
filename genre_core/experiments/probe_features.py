"""Features of songs by frozen published networks, for a linear probe."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from genre_core.checkpoints.won_weights import is_won_tagger, load_won_tagger
from genre_core.config import MAX_FRAME_SECONDS, FeatureSettings
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import FeatureCache
from genre_core.experiments.published import PooledMaps, tag_network
from genre_core.experiments.recipes import TAG_NETWORK
from genre_core.models.layers import repeat_columns
from genre_core.models.won_live import drop_dead_channels
from genre_core.models.won_taggers import FEATURES
from genre_core.training.augmentation import clip_floor
from genre_core.training.tagger_features import tag_features
from genre_core.training.validation import middle
from genre_core.types import FloatArray

Network = Callable[[torch.Tensor], torch.Tensor]  # (1, n_mels, n_columns) dB -> (1, width)


class NetworkFeatures:
    """The features of one published network, of the middle 29.12 s of each song.

    Of Choi's tag network they are mean and standard deviation of every block's maps, of a tagger of
    Won et al. what its teaching takes (`training.tagger_features`).

    Parameters
    ----------
    weights : `choi_msd_crnn_theano.h5`, or a `won_*.safetensors`
    clips : all songs that will be asked for
    cache : folder of spectrograms

    Attributes
    ----------
    name : of the file
    sha256 : of the file
    """

    def __init__(
        self,
        weights: Path,
        clips: Sequence[Clip],
        cache: Path,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.name = weights.stem
        self.sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
        self._weights = weights
        self._clips = clips
        self._cache = cache
        self._on_progress = on_progress

    def of(self, clips: Sequence[Clip]) -> FloatArray:
        """Return float32 (n, width)."""
        return np.stack([self._features[clip.path] for clip in clips])

    @cached_property
    def _features(self) -> dict[Path, FloatArray]:
        network, settings = _load(self._weights)
        cache = FeatureCache(settings, self._cache)
        n_columns = settings.n_columns_of(MAX_FRAME_SECONDS)
        features: dict[Path, FloatArray] = {}
        for done, clip in enumerate(self._clips, start=1):
            frame = repeat_columns(middle(cache.log_mel(clip), n_columns), n_columns)
            with torch.inference_mode():
                row = network(clip_floor(frame[None], settings))[0]
            features[clip.path] = row.float().numpy()
            if self._on_progress is not None:
                self._on_progress(done, len(self._clips))
        return features


def _load(weights: Path) -> tuple[Network, FeatureSettings]:
    """Return a published network as a function, and the settings of its spectrograms."""
    if not is_won_tagger(weights):
        model = PooledMaps(tag_network(weights, TAG_NETWORK)).eval()
        return model, FeatureSettings()
    tagger = load_won_tagger(weights)
    drop_dead_channels(tagger)
    tagger.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def summary(log_mel: torch.Tensor) -> torch.Tensor:
        return tag_features([tagger], log_mel)[1]

    return summary, FEATURES
