"""The songs of an experiment, each once, in memory."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip, DataSet, select
from genre_core.datasets.feature_cache import FeatureCache, HalfArray
from genre_core.datasets.readers import load_dataset
from genre_core.errors import DatasetError


@dataclass(frozen=True, eq=False)
class Songs:
    """The songs of an experiment, with their spectrograms.

    Attributes
    ----------
    dataset : with one clip a song
    log_mel : mapping of clip id to float16 (n_mels, n_columns), dB
    features : of `log_mel`
    fingerprint : hash of names, labels and spectrograms
    problems : a sentence for each song that is left out
    warnings : a sentence for each doubt about a sound file
    """

    dataset: DataSet
    log_mel: Mapping[str, HalfArray]
    features: FeatureSettings
    fingerprint: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def clips(self, ids: Iterable[str]) -> dict[Clip, HalfArray]:
        """Return the songs with these ids, in the data set's order; unknown ones are skipped."""
        chosen = set(ids)
        return {
            clip: self.log_mel[clip.clip_id]
            for clip in self.dataset.clips
            if clip.clip_id in chosen
        }


def load_songs(
    path: str | Path,
    cache: str | Path,
    on_progress: Callable[[int, int], None] | None = None,
) -> Songs:
    """Read a data set's songs.

    Raises DatasetError if there are fewer than two genres of usable songs.

    Parameters
    ----------
    path : see `datasets.load_dataset`
    cache : folder of `feature_cache`
    """
    dataset = load_dataset(path)
    features = FeatureSettings()
    feature_cache = FeatureCache(features, cache)
    loaded, problems = feature_cache.load(select(dataset.clips), on_progress)
    usable = tuple(loaded)
    genres = tuple(sorted({clip.label for clip in usable}))
    if len(genres) < 2:
        raise DatasetError(f"{path}: an experiment needs songs of two genres.")
    digest = hashlib.sha256()
    for clip in usable:
        total = float(loaded[clip].sum(dtype="float64"))
        digest.update(json.dumps([clip.clip_id, clip.label, total]).encode())
    return Songs(
        dataset=replace(dataset, clips=usable, genres=genres),
        log_mel={clip.clip_id: log_mel for clip, log_mel in loaded.items()},
        features=features,
        fingerprint=digest.hexdigest(),
        problems=(*dataset.problems, *problems),
        warnings=tuple(feature_cache.warnings),
    )
