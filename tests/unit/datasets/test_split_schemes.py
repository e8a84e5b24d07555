"""Splits by each scheme, on data sets with and without lists of their own."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from genre_core.datasets.clips import DataSet, select
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.splits import Split, choose, given, group_numbers, hold_out, k_fold
from genre_core.errors import DatasetError
from tests.unit.datasets.data_sets import clip, many_clips


def assert_apart(dataset: DataSet, split: Split) -> None:
    groups = group_numbers(dataset.clips, dataset.duplicates)
    sides = [
        {groups[clip_id] for clip_id in side} for side in (split.train, split.valid, split.test)
    ]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]


def test_groups_hang_together_through_links() -> None:
    clips = [
        clip("a", "rock", group="Album", artist="One"),
        clip("b", "rock", group="album", artist="Two"),
        clip("c", "rock", artist="two"),
        clip("d", "rock"),
        clip("e", "jazz"),
        clip("f", "jazz"),
    ]
    groups = group_numbers(clips, [("d", "elsewhere"), ("elsewhere", "e")])
    assert groups["a"] == groups["b"] == groups["c"]
    assert groups["d"] == groups["e"]
    assert len({groups["a"], groups["d"], groups["f"]}) == 3


def test_hold_out_keeps_groups_apart_and_genres_even() -> None:
    dataset = many_clips()
    split = hold_out(dataset, seed=3)
    assert_apart(dataset, split)
    everything = split.train + split.valid + split.test
    assert sorted(everything) == sorted(item.clip_id for item in dataset.clips)
    assert len(split.test) / len(everything) == pytest.approx(0.2, abs=0.05)
    assert len(split.valid) / len(everything) == pytest.approx(0.2, abs=0.05)
    counts = Counter(clip_id.split(".")[0] for clip_id in split.test)
    assert min(counts.values()) >= 0.5 * max(counts.values())


def test_near_duplicates_stay_on_one_side_for_every_seed() -> None:
    dataset = many_clips()
    for seed in range(10):
        split = hold_out(dataset, seed)
        side = {
            clip_id: name for name in ("train", "valid", "test") for clip_id in getattr(split, name)
        }
        for first, second in dataset.duplicates:
            assert side[first] == side[second]


def test_k_fold_tests_every_song_once() -> None:
    dataset = many_clips()
    splits = k_fold(dataset, 4, seed=1)
    assert len(splits) == 4
    for split in splits:
        assert_apart(dataset, split)
    tested = [clip_id for split in splits for clip_id in split.test]
    assert sorted(tested) == sorted(item.clip_id for item in dataset.clips)


def test_split_is_seeded() -> None:
    dataset = many_clips()
    assert hold_out(dataset, 1) == hold_out(dataset, 1)
    assert hold_out(dataset, 1) != hold_out(dataset, 2)


def test_too_few_groups_for_the_folds() -> None:
    dataset = many_clips(n_artists=3)
    with pytest.raises(DatasetError, match="g0 has"):
        hold_out(dataset)


def test_given_split_holds_only_clips_that_are_there(indexed: Path) -> None:
    split = given(load_dataset(indexed))
    assert split == Split(train=("rock.1", "jazz.1"), valid=(), test=("rock.2",))


def test_given_split_must_exist_and_be_clean(indexed: Path) -> None:
    with pytest.raises(DatasetError, match='no list named "train"'):
        given(many_clips())
    (indexed / "splits" / "valid.txt").write_text("jazz.2\n")
    with pytest.raises(DatasetError, match="near-duplicates"):
        given(load_dataset(indexed))
    (indexed / "splits" / "valid.txt").write_text("rock.1\n")
    with pytest.raises(DatasetError, match="two of its given lists"):
        given(load_dataset(indexed))


def test_songs_in_no_given_list_stay_out_of_the_folds() -> None:
    dataset = many_clips()
    ids = [item.clip_id for item in dataset.clips]
    faulty = set(ids[::7])
    listed = replace(dataset, splits={"train": tuple(i for i in ids if i not in faulty)})
    tested = {i for fold in range(4) for i in choose(listed, "folds", fold=fold).test}
    assert tested == set(ids) - faulty
    split = choose(listed, "hold-out")
    assert {*split.train, *split.valid, *split.test} == tested
    assert choose(listed, "auto").train == listed.splits["train"]
    assert choose(dataset, "auto") == hold_out(dataset)
    with pytest.raises(DatasetError, match="no fold 4"):
        choose(dataset, "folds", fold=4)


@pytest.mark.data
def test_fault_filtered_split_is_clean(data_root: Path) -> None:
    dataset = load_dataset(data_root / "gtzan")
    split = given(dataset)
    sizes = len(split.train), len(split.valid), len(split.test)
    assert sizes == (335, 147, 213)  # those with sound
    assert_apart(dataset, split)
    tested = select(dataset.clips, split.test)
    # The folder of sound grows from time to time; every file in it must be found.
    on_disk = {path.stem for path in (data_root / "gtzan" / "audio").iterdir()}
    assert {item.clip_id for item in tested} == on_disk & set(split.test)
    assert len(tested) >= 144


@pytest.mark.data
def test_folds_over_the_fault_free_clips(data_root: Path) -> None:
    dataset = load_dataset(data_root / "gtzan")
    tested = []
    for fold in range(4):
        split = choose(dataset, "folds", fold=fold)
        assert_apart(dataset, split)
        tested += split.test
    assert len(tested) == len(set(tested)) == 695
