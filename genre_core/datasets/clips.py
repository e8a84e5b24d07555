"""The clips of a data set, and how to choose among them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from genre_core.datasets.labels import nearest_label
from genre_core.errors import DatasetError


@dataclass(frozen=True)
class Clip:
    """One labelled song or excerpt.

    Attributes
    ----------
    clip_id : the song's name within its data set
    label : genre
    group : songs of one group are never split between training and testing, e.g. an album; empty if
        unknown
    title, artist : empty if unknown. Songs of one artist are kept together too.
    path : sound file
    """

    clip_id: str
    label: str
    group: str
    title: str
    artist: str
    path: Path


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


def select(clips: Iterable[Clip], clip_ids: Iterable[str] | None = None) -> tuple[Clip, ...]:
    """Return the first clip of each of `clip_ids` (None: of every id), in the order of `clips`."""
    chosen = None if clip_ids is None else set(clip_ids)
    first: dict[str, Clip] = {}
    for clip in clips:
        if chosen is None or clip.clip_id in chosen:
            first.setdefault(clip.clip_id, clip)
    return tuple(first.values())


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
