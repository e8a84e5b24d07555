"""The clips of a data set, and how to choose among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from genre_core.datasets.labels import nearest_label
from genre_core.errors import DatasetError

SourceKind = Literal["audio", "short_audio", "converted"]
SOURCE_KINDS: tuple[SourceKind, ...] = get_args(SourceKind)  # best first


@dataclass(frozen=True)
class Clip:
    """One labelled song or excerpt, in one of the ways in which it exists.

    Attributes
    ----------
    clip_id : the song's name within its data set; several clips may share it, one for each `kind`
    label : genre
    group : songs of one group are never split between training and testing, e.g. an album; empty if
        unknown
    title, artist : empty if unknown. Songs of one artist are kept together too.
    kind : sound, sound of 2 to 3 s, or a coarse mel-spectrogram (see `coarse_mel`)
    path : sound file or array file
    row : row in the array file; None for sound
    """

    clip_id: str
    label: str
    group: str
    title: str
    artist: str
    kind: SourceKind
    path: Path
    row: int | None = None


@dataclass(frozen=True)
class DataSet:
    """A data set's clips and what is known about them.

    Attributes
    ----------
    genres : sorted
    splits : clip ids by the name of the list, as they come with the data set
    duplicates : pairs of clip ids that are (nearly) the same recording
    problems : a sentence for each clip that was left out
    """

    name: str
    clips: tuple[Clip, ...]
    genres: tuple[str, ...]
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    duplicates: tuple[tuple[str, str], ...] = ()
    problems: tuple[str, ...] = ()


def select(
    clips: Iterable[Clip],
    clip_ids: Iterable[str] | None = None,
    kinds: Sequence[SourceKind] = SOURCE_KINDS,
) -> tuple[Clip, ...]:
    """Return the clips with one of `clip_ids` (None: any) and one of `kinds`, in their order."""
    chosen = None if clip_ids is None else set(clip_ids)
    return tuple(
        clip for clip in clips if clip.kind in kinds and (chosen is None or clip.clip_id in chosen)
    )


def best_sources(
    clips: Iterable[Clip], kinds: Sequence[SourceKind] = ("audio", "converted", "short_audio")
) -> tuple[Clip, ...]:
    """Return one clip for each clip id, of the kind that comes first in `kinds`.

    Clips of no kind in `kinds` are left out; the order of first appearance stays.
    """

    def order_of(clip: Clip) -> int:
        return kinds.index(clip.kind)

    best: dict[str, Clip] = {}
    order: dict[str, None] = {}
    for clip in clips:
        if clip.kind not in kinds:
            continue
        order.setdefault(clip.clip_id)
        best_so_far = best.get(clip.clip_id)
        if best_so_far is None or order_of(clip) < order_of(best_so_far):
            best[clip.clip_id] = clip
    return tuple(best[clip_id] for clip_id in order)


def with_labels(dataset: DataSet, genres: Sequence[str]) -> DataSet:
    """Return `dataset` with only the clips whose label is one of `genres`; the rest is reported.

    The report suggests the known label with the most similar spelling, if there is one.

    Raises DatasetError if no clip is left.
    """
    unknown = sorted({clip.label for clip in dataset.clips} - set(genres))
    if not unknown:
        return dataset
    clips = tuple(clip for clip in dataset.clips if clip.label in set(genres))
    offers = {label: nearest_label(label, genres) for label in unknown}
    named = ", ".join(
        f"{label} (rename it to {near}?)" if near else label for label, near in offers.items()
    )
    left_out = f"Left out the labels that the model does not know: {named}."
    if not clips:
        raise DatasetError(f"{dataset.name}: {left_out} No clip remains.")
    return replace(
        dataset,
        clips=clips,
        genres=tuple(sorted({clip.label for clip in clips})),
        problems=(*dataset.problems, left_out),
    )
