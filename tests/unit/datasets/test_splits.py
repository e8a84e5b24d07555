"""Laws of every split: each song in one list, and no artist, group or duplicate in two."""

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from genre_core.datasets.clips import Clip, DataSet
from genre_core.datasets.splits import Split, group_numbers, hold_out, k_fold

GENRES = ("jazz", "pop", "rock")
few = settings(max_examples=15)


@st.composite
def data_sets(draw: st.DrawFn) -> DataSet:
    """Songs of at least eighteen artists a genre, with albums and near-duplicates."""
    clips = []
    for genre in GENRES:
        for artist in range(draw(st.integers(18, 20))):
            for song in range(draw(st.integers(1, 2))):
                album = draw(st.sampled_from(["", f"{genre} {artist} live"]))
                name = f"{genre}/{artist}/{song}"
                clips.append(Clip(name, genre, album, "", f"{genre} {artist}", Path(name)))
    ids = [clip.clip_id for clip in clips]
    pair = st.tuples(st.sampled_from(ids), st.sampled_from(ids))
    duplicates = draw(st.lists(pair, max_size=2))
    return DataSet("drawn", tuple(clips), GENRES, duplicates=tuple(duplicates))


def check(split: Split, dataset: DataSet) -> None:
    lists = (split.train, split.valid, split.test)
    assert sorted(sum(lists, ())) == sorted(clip.clip_id for clip in dataset.clips)
    groups = group_numbers(dataset.clips, dataset.duplicates)
    sides = [{groups[clip_id] for clip_id in ids} for ids in lists]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]
    labels = {clip.clip_id: clip.label for clip in dataset.clips}
    for ids in lists:
        assert {labels[clip_id] for clip_id in ids} == set(GENRES)


@few
@given(data_sets(), st.integers(0, 2**16))
def test_hold_out_divides_the_songs_and_no_group(dataset: DataSet, seed: int) -> None:
    split = hold_out(dataset, seed)
    check(split, dataset)
    assert split == hold_out(dataset, seed)


@few
@given(data_sets())
def test_folds_test_each_song_once(dataset: DataSet) -> None:
    splits = k_fold(dataset, 2)
    assert sorted(splits[0].test + splits[1].test) == sorted(c.clip_id for c in dataset.clips)
    for split in splits:
        check(split, dataset)


@few
@given(data_sets(), st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_songs(dataset: DataSet, random: object) -> None:
    shuffled = list(dataset.clips)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = group_numbers(dataset.clips, dataset.duplicates)
    other = group_numbers(shuffled, dataset.duplicates)
    ids = list(one)
    first, second = (np.array([numbers[i] for i in ids]) for numbers in (one, other))
    np.testing.assert_array_equal(first[:, None] == first, second[:, None] == second)


@few
@given(data_sets())
def test_songs_of_one_artist_and_duplicates_are_one_group(dataset: DataSet) -> None:
    groups = group_numbers(dataset.clips, dataset.duplicates)
    by_artist: dict[str, set[int]] = {}
    for clip in dataset.clips:
        by_artist.setdefault(clip.artist, set()).add(groups[clip.clip_id])
    assert all(len(numbers) == 1 for numbers in by_artist.values())
    assert all(groups[one] == groups[other] for one, other in dataset.duplicates)
