"""What a network learns from: clips as log-mel spectrograms, in memory."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip, DataSet, select, with_labels
from genre_core.datasets.feature_cache import DEFAULT_DIRECTORY, FeatureCache, HalfArray
from genre_core.datasets.readers import load_dataset, unlabelled_clips
from genre_core.datasets.splits import Split
from genre_core.errors import DatasetError, SettingsError
from genre_core.training.settings import TrainingSettings

LISTS = ("train", "valid", "test")  # of a split
NO_LIST = "none"

Clips = Mapping[Clip, HalfArray]  # float16 (n_mels, n_columns), dB; whole clips


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Clips to learn from and clips to validate on.

    Attributes
    ----------
    genres : outputs of the network, in order
    features : of all clips
    train : whole clips, as `FeatureCache` returns them
    valid : may be empty; the last epoch is then the best one
    unlabelled : for tasks that need no labels
    warnings : a sentence for each doubt about a sound file
    """

    genres: tuple[str, ...]
    features: FeatureSettings
    train: Clips
    valid: Clips = field(default_factory=dict)
    unlabelled: Clips = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the genres and of each clip's id, label and sum."""
        digest = hashlib.sha256(json.dumps(list(self.genres)).encode())
        for clips in (self.train, self.valid, self.unlabelled):
            for clip in sorted(clips, key=lambda clip: clip.clip_id):
                total = float(clips[clip].sum(dtype="float64"))
                digest.update(json.dumps([clip.clip_id, clip.label, total]).encode())
            digest.update(b"|")
        return digest.hexdigest()


def load_data(
    dataset: DataSet,
    split: Split,
    settings: TrainingSettings,
    *,
    features: FeatureSettings = FeatureSettings(),  # noqa: B008 - frozen
    train_lists: Sequence[str] = ("train",),
    valid_list: str = "valid",
    cache: str | Path = DEFAULT_DIRECTORY,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[TrainingData, tuple[str, ...]]:
    """Decode the clips of a split's lists, or read them from the cache.

    Returns them, with a sentence for each clip that is left out.

    Raises DatasetError if there are fewer than two genres, or the validation list is empty. Raises
    SettingsError if a list is unknown, or would both train and validate.

    Parameters
    ----------
    settings : its `more` and `unlabelled` add clips
    train_lists : lists of the split to learn from
    valid_list : list to validate on, or "none"
    cache : folder for spectrograms
    on_progress : called with (clips done, clips)
    """
    for name in (*train_lists, *((valid_list,) if valid_list != NO_LIST else ())):
        if name not in LISTS:
            raise SettingsError(f"{name!r} is no list of a split: choose of {', '.join(LISTS)}.")
    if valid_list in train_lists:
        raise SettingsError(
            f"The list {valid_list} cannot both train and validate: "
            "choose another validation list, or none."
        )
    if len(dataset.genres) < 2:
        raise DatasetError(
            f"{dataset.name}: holds only {dataset.genres[0]}; two genres are needed."
        )
    ids = [clip_id for name in train_lists for clip_id in getattr(split, name)]
    train = select(dataset.clips, ids)
    valid: tuple[Clip, ...] = ()
    if valid_list != NO_LIST:
        valid = select(dataset.clips, getattr(split, valid_list))
        if not valid:
            raise DatasetError(f"The list {valid_list} is empty: choose no validation list (none).")
    others = [with_labels(load_dataset(path), dataset.genres) for path in settings.more]
    more = [clip for other in others for clip in select(other.clips)]
    held_out = _artists(dataset, split, train_lists)
    known = [clip for clip in more if clip.artist.casefold() in held_out]
    train += tuple(clip for clip in more if clip not in known)
    unlabelled = [clip for folder in settings.unlabelled for clip in unlabelled_clips(folder)]
    feature_cache = FeatureCache(features, cache)
    loaded, problems = feature_cache.load([*train, *valid, *unlabelled], on_progress)

    def readable(clips: Iterable[Clip]) -> dict[Clip, HalfArray]:
        return {clip: loaded[clip] for clip in clips if clip in loaded}

    data = TrainingData(
        genres=dataset.genres,
        features=features,
        train=readable(train),
        valid=readable(valid),
        unlabelled=readable(unlabelled),
        warnings=tuple(feature_cache.warnings),
    )
    left_out = [problem for other in others for problem in other.problems]
    if known:
        left_out.append(f"{len(known)} more songs are left out: artists of the other lists.")
    return data, (*dataset.problems, *left_out, *problems)


def _artists(dataset: DataSet, split: Split, train_lists: Sequence[str]) -> set[str]:
    """Return the artists of the lists that are not learnt from."""
    ids = [clip_id for name in LISTS if name not in train_lists for clip_id in getattr(split, name)]
    return {clip.artist.casefold() for clip in select(dataset.clips, ids) if clip.artist}
