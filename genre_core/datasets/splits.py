"""Training, validation and test lists that share no song, artist or near-duplicate.

References
----------
Sturm (2014): The state of the art ten years after a state of the art: future research in music
    information retrieval. Journal of New Music Research 43(2). (why GTZAN needs it)
Flexer (2007): A closer look on artist filters for musical genre classification. ISMIR.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.model_selection import StratifiedGroupKFold

from genre_core.datasets.clips import Clip, DataSet, select
from genre_core.errors import DatasetError

SCHEMES: tuple[str, ...] = ("auto", "given", "hold-out", "folds")
HOLD_OUT_FOLDS = 5  # 60/20/20: one fold to test, one to validate, three to train


@dataclass(frozen=True)
class Split:
    """Clip ids to train, validate and test on; no group stands in two of them."""

    train: tuple[str, ...]
    valid: tuple[str, ...]
    test: tuple[str, ...]


def group_numbers(
    clips: Sequence[Clip], duplicates: Iterable[tuple[str, str]] = ()
) -> dict[str, int]:
    """Return the number of the group of songs to which each song belongs, by clip id.

    Two songs belong together if they have the same id, group or artist, or are near-duplicates;
    so do songs that are connected by several such links. Where every song's label is its artist
    (artist recognition), the artist groups nothing: then its albums do.

    `duplicates` are pairs of clip ids; ids that are not among `clips` connect songs too.
    """
    nodes: dict[tuple[str, ...], int] = {}
    links: list[tuple[int, int]] = []

    def node(*name: str) -> int:
        return nodes.setdefault(name, len(nodes))

    artists_are_labels = all(clip.artist.casefold() == clip.label.casefold() for clip in clips)
    for clip in clips:
        song = node("song", clip.clip_id)
        if clip.group:
            links.append((song, node("group", clip.group.casefold())))
        if clip.artist and not artists_are_labels:
            links.append((song, node("artist", clip.artist.casefold())))
    links += [(node("song", first), node("song", second)) for first, second in duplicates]
    pairs = np.array(links, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(nodes),) * 2)
    _, component = connected_components(graph, directed=False)
    return {clip.clip_id: int(component[nodes["song", clip.clip_id]]) for clip in clips}


def hold_out(dataset: DataSet, seed: int = 0) -> Split:
    """Split 60/20/20: grouped, stratified by genre, seeded.

    Raises DatasetError if a genre has fewer than five groups of songs.
    """
    folds = _folds(dataset, None, HOLD_OUT_FOLDS, seed)
    rest = tuple(clip_id for fold in folds[2:] for clip_id in fold)
    return Split(train=rest, valid=folds[1], test=folds[0])


def k_fold(
    dataset: DataSet, n_folds: int = 4, seed: int = 0, clip_ids: Iterable[str] | None = None
) -> tuple[Split, ...]:
    """Split for cross-validation: grouped, stratified by genre, seeded.

    Each song is tested in exactly one fold. Validation is a fifth of what remains, or more where a
    genre has fewer than five groups there. `clip_ids` are the songs to use, by default all.

    Raises DatasetError if a genre has too few groups of songs.
    """
    if n_folds < 2:
        raise DatasetError(f"Cross-validation needs at least 2 folds, not {n_folds}.")
    folds = _folds(dataset, clip_ids, n_folds, seed)
    splits = []
    for test in folds:
        rest = [clip_id for fold in folds if fold is not test for clip_id in fold]
        fewest = min(_n_groups(dataset, rest).values())
        valid, *others = _folds(dataset, rest, max(2, min(HOLD_OUT_FOLDS, fewest)), seed)
        train = tuple(clip_id for fold in others for clip_id in fold)
        splits.append(Split(train=train, valid=valid, test=test))
    return tuple(splits)


def given(dataset: DataSet) -> Split:
    """Return the lists that come with the data set as "train", "valid" and "test".

    Raises DatasetError if there is no list named "train", or a song or near-duplicate stands in two
    lists.
    """
    if "train" not in dataset.splits:
        known = ", ".join(sorted(dataset.splits)) or "none"
        raise DatasetError(
            f'{dataset.name}: no list named "train" comes with it (lists: {known}); '
            "choose a random split instead."
        )
    present = {clip.clip_id for clip in dataset.clips}
    lists = {
        name: tuple(clip_id for clip_id in dataset.splits.get(name, ()) if clip_id in present)
        for name in ("train", "valid", "test")
    }
    side = {clip_id: name for name, ids in lists.items() for clip_id in ids}
    if len(side) < sum(len(ids) for ids in lists.values()):
        raise DatasetError(f"{dataset.name}: a clip stands in two of its given lists.")
    for first, second in dataset.duplicates:
        if first in side and second in side and side[first] != side[second]:
            raise DatasetError(
                f"{dataset.name}: {first} ({side[first]}) and {second} ({side[second]}) are "
                "near-duplicates on both sides of the given split."
            )
    return Split(**lists)


def _folds(
    dataset: DataSet, clip_ids: Iterable[str] | None, n_folds: int, seed: int
) -> list[tuple[str, ...]]:
    labels = {clip.clip_id: clip.label for clip in dataset.clips}
    groups = group_numbers(dataset.clips, dataset.duplicates)
    ids = sorted(labels if clip_ids is None else set(clip_ids) & set(labels))
    for genre, n_groups in _n_groups(dataset, ids).items():
        if n_groups < n_folds:
            raise DatasetError(
                f"{dataset.name}: {genre} has {n_groups} independent groups of songs (artists, "
                f"albums), too few for {n_folds} folds: add songs or use fewer folds."
            )
    folds = StratifiedGroupKFold(n_splits=n_folds, shuffle=True, random_state=seed)
    y = [labels[clip_id] for clip_id in ids]
    numbers = [groups[clip_id] for clip_id in ids]
    return [
        tuple(ids[index] for index in part)
        for _, part in folds.split(np.zeros(len(ids)), y, numbers)
    ]


def _n_groups(dataset: DataSet, clip_ids: Iterable[str]) -> dict[str, int]:
    """Return how many independent groups of songs each genre has, the genres sorted."""
    groups = group_numbers(dataset.clips, dataset.duplicates)
    label = {clip.clip_id: clip.label for clip in dataset.clips}
    pairs = {(label[clip_id], groups[clip_id]) for clip_id in clip_ids}
    return dict(sorted(Counter(genre for genre, _ in pairs).items()))


def choose(
    dataset: DataSet, scheme: str = "auto", *, n_folds: int = 4, fold: int = 0, seed: int = 0
) -> Split:
    """Split a data set by the name of a scheme, as the command line has it.

    Where lists come with the data set, songs that stand in none of them (left out as faulty, say)
    are left out here too.

    Raises DatasetError as `given`, `hold_out` and `k_fold`, or if there is no such scheme or fold.

    Parameters
    ----------
    scheme : "given", "hold-out" (60/20/20), "folds", or "auto": given where there is one, else
        hold-out
    n_folds, fold : for "folds": how many, and which one is tested, from 0
    seed : for all but "given"
    """
    if scheme not in SCHEMES:
        raise DatasetError(f"No split is named {scheme!r}; choose {', '.join(SCHEMES)}.")
    if scheme == "given" or (scheme == "auto" and "train" in dataset.splits):
        return given(dataset)
    if dataset.splits:
        listed = {clip_id for ids in dataset.splits.values() for clip_id in ids}
        dataset = replace(dataset, clips=select(dataset.clips, listed))
    if scheme == "folds":
        if not 0 <= fold < n_folds:
            raise DatasetError(f"There is no fold {fold}: {n_folds} folds count from 0.")
        return k_fold(dataset, n_folds, seed)[fold]
    return hold_out(dataset, seed)
