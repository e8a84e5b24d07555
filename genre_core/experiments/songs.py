"""The songs of an experiment: each once, all of the same kind of source, in memory.

One kind for all, because a network trained on sharp spectrograms of some genres and blurred ones of
others learns the sharpness: where few genres have sound, the converted spectrograms of all are
used.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip, DataSet, SourceKind, select
from genre_core.datasets.feature_cache import FeatureCache, HalfArray
from genre_core.datasets.readers import load_dataset
from genre_core.errors import DatasetError

KINDS: tuple[SourceKind, ...] = ("audio", "converted")


@dataclass(frozen=True, eq=False)
class Songs:
    """The songs of an experiment, with their spectrograms.

    Attributes
    ----------
    dataset : with one clip a song
    kind : of all clips
    log_mel : mapping of clip id to float16 (n_mels, n_columns), dB
    features : of `log_mel`
    fingerprint : hash of names, labels and spectrograms
    problems : a sentence for each song that is left out
    warnings : a sentence for each doubt about a sound file
    """

    dataset: DataSet
    kind: SourceKind
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
    """Read a data set's songs from the kind of source that most of them have.

    Raises DatasetError if there is no usable song, or fewer than two genres.

    Parameters
    ----------
    path : see `datasets.load_dataset`
    cache : folder of `feature_cache`
    """
    dataset = load_dataset(path)
    count = Counter(clip.kind for clip in dataset.clips if clip.kind in KINDS)
    if not count:
        raise DatasetError(f"{path}: only excerpts of 2 to 3 s; experiments need whole clips.")
    kind = max(KINDS, key=lambda each: count[each])
    features = FeatureSettings()
    clips = select(dataset.clips, kinds=(kind,))
    feature_cache = FeatureCache(features, cache)
    loaded, problems = feature_cache.load(clips, on_progress)
    usable = tuple(loaded)
    genres = tuple(sorted({clip.label for clip in usable}))
    if len(genres) < 2:
        raise DatasetError(f"{path}: an experiment needs songs of two genres.")
    digest = hashlib.sha256()
    for clip in usable:
        total = float(loaded[clip].sum(dtype="float64"))
        digest.update(json.dumps([clip.clip_id, clip.label, clip.kind, total]).encode())
    return Songs(
        dataset=replace(dataset, clips=usable, genres=genres),
        kind=kind,
        log_mel={clip.clip_id: log_mel for clip, log_mel in loaded.items()},
        features=features,
        fingerprint=digest.hexdigest(),
        problems=(*dataset.problems, *problems),
        warnings=tuple(feature_cache.warnings),
    )
