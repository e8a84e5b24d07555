from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genre_core.config import FeatureSettings
from genre_core.datasets.clips import Clip, DataSet, best_sources, select, with_labels
from genre_core.datasets.feature_cache import FeatureCache
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.splits import Split, choose, given, group_numbers, hold_out, k_fold
from genre_core.errors import DatasetError

WavMaker = Callable[..., bytes]


def clip(clip_id: str, label: str, group: str = "", artist: str = "", kind: str = "audio") -> Clip:
    return Clip(clip_id, label, group, "", artist, kind, Path(clip_id))


def many_clips(n_genres: int = 4, n_artists: int = 12, n_songs: int = 5) -> DataSet:
    """Return songs whose artists also link two genres, with near-duplicates across artists."""
    clips = [
        clip(f"g{genre}.{artist}.{song}", f"g{genre}", artist=f"artist {genre} {artist}")
        for genre in range(n_genres)
        for artist in range(n_artists)
        for song in range(n_songs)
    ]
    return DataSet(
        name="many",
        clips=tuple(clips),
        genres=tuple(f"g{genre}" for genre in range(n_genres)),
        duplicates=(("g0.0.0", "g0.1.0"), ("g1.3.2", "g2.5.1"), ("g0.1.2", "g0.2.2")),
    )


def write_array(path: Path, ids: list[str], genres: list[str]) -> None:
    names = sorted(set(genres))
    np.savez(
        path,
        X=np.random.default_rng(0).integers(0, 256, (len(ids), 128, 387), dtype=np.uint8),
        y=np.array([names.index(genre) for genre in genres]),
        ids=np.array(ids),
        genres=np.array(names),
    )


@pytest.fixture
def indexed(tmp_path: Path, wav_bytes: WavMaker) -> Path:
    """A folder such as gtzan/: sound, short sound and spectrograms of four clips."""
    root = tmp_path / "indexed"
    for folder in ("audio", "audio_short", "splits"):
        (root / folder).mkdir(parents=True)
    (root / "index.csv").write_text(
        "clip_id,genre,artist,title,near_duplicate_of\n"
        "rock.1,rock,The Few,Song,\n"
        "rock.2,rock,The Few,Other,\n"
        "jazz.1,jazz,,,\n"
        "jazz.2,jazz,A Trio,Tune,jazz.1\n"
        "jazz.3,jazz,A Trio,Lost,\n",
        encoding="utf-8",
    )
    (root / "audio" / "rock.1.wav").write_bytes(wav_bytes(4.0))
    (root / "audio_short" / "rock.1.wav").write_bytes(wav_bytes(2.5))
    (root / "audio_short" / "jazz.1.wav").write_bytes(wav_bytes(2.4))
    write_array(
        root / "logmel_u8.npz",
        ["jazz.1", "jazz.2", "rock.1", "rock.2"],
        ["jazz"] * 2 + ["rock"] * 2,
    )
    (root / "splits" / "train_filtered.txt").write_text("rock.1\njazz.1\n")
    (root / "splits" / "test_filtered.txt").write_text("jazz/jazz.3.wav\nrock.2\n")
    return root


def test_folders_are_genres(tmp_path: Path) -> None:
    for name in ("rock/a.wav", "rock/live/b.mp3", "jazz/c.flac", "jazz/cover.jpg", ".git/d.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    dataset = load_dataset(tmp_path)
    assert dataset.genres == ("jazz", "rock")
    assert [item.clip_id for item in dataset.clips] == [
        "jazz/c.flac",
        "rock/a.wav",
        "rock/live/b.mp3",
    ]
    assert len(dataset.problems) == 1
    assert "cover.jpg" in dataset.problems[0]


def test_csv_reads_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"")
    (tmp_path / "list.csv").write_text(
        "file,genre,artist,split\na.wav,rock,The Few,train\nmissing.wav,rock,,\n,jazz,,\n"
    )
    dataset = load_dataset(tmp_path / "list.csv")
    assert [(item.clip_id, item.label, item.artist) for item in dataset.clips] == [
        ("a.wav", "rock", "The Few")
    ]
    assert dataset.splits == {"train": ("a.wav",)}
    assert "line 3" in dataset.problems[0]
    assert "line 4" in dataset.problems[1]


def test_csv_without_labels_says_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("path,colour\na.wav,red\n")
    with pytest.raises(DatasetError, match="label"):
        load_dataset(tmp_path / "list.csv")


def test_array_file(tmp_path: Path) -> None:
    write_array(tmp_path / "mel.npz", ["b", "a"], ["rock", "jazz"])
    dataset = load_dataset(tmp_path / "mel.npz")
    assert [(item.clip_id, item.label, item.row) for item in dataset.clips] == [
        ("b", "rock", 0),
        ("a", "jazz", 1),
    ]


@pytest.mark.parametrize("name", ["nothing", "list.txt", "bad.npz", "empty"])
def test_refuses_what_is_no_data_set(tmp_path: Path, name: str) -> None:
    (tmp_path / "list.txt").write_text("a")
    (tmp_path / "bad.npz").write_bytes(b"PK not really")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match=name):
        load_dataset(tmp_path / name)


def test_indexed_clip_comes_in_several_kinds(indexed: Path) -> None:
    dataset = load_dataset(indexed)
    kinds = [(item.clip_id, item.kind) for item in dataset.clips]
    assert kinds == [
        ("rock.1", "audio"),
        ("rock.1", "short_audio"),
        ("rock.1", "converted"),
        ("rock.2", "converted"),
        ("jazz.1", "short_audio"),
        ("jazz.1", "converted"),
        ("jazz.2", "converted"),
    ]
    assert dataset.splits == {"train": ("rock.1", "jazz.1"), "test": ("jazz.3", "rock.2")}
    assert dataset.duplicates == (("jazz.2", "jazz.1"),)
    assert any("jazz.3" in problem for problem in dataset.problems)


def test_best_source_of_each_song(indexed: Path) -> None:
    best = best_sources(load_dataset(indexed).clips)
    assert [(item.clip_id, item.kind) for item in best] == [
        ("rock.1", "audio"),
        ("rock.2", "converted"),
        ("jazz.1", "converted"),
        ("jazz.2", "converted"),
    ]


def test_select_by_id_and_kind(indexed: Path) -> None:
    chosen = select(load_dataset(indexed).clips, ["rock.1", "jazz.1"], ("short_audio",))
    assert [item.clip_id for item in chosen] == ["rock.1", "jazz.1"]


def test_unknown_labels_are_reported() -> None:
    dataset = many_clips()
    known = with_labels(dataset, ("g0", "g1", "g2"))
    assert known.genres == ("g0", "g1", "g2")
    assert "g3" in known.problems[-1]
    with pytest.raises(DatasetError, match="g3"):
        with_labels(dataset, ("rock",))
    songs = replace(dataset, clips=(clip("a", "hip-hop"), clip("b", "polka"), clip("c", "rock")))
    problem = with_labels(songs, ("rock", "hiphop")).problems[-1]
    assert "hip-hop (rename it to hiphop?), polka." in problem


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


def assert_apart(dataset: DataSet, split: Split) -> None:
    groups = group_numbers(dataset.clips, dataset.duplicates)
    sides = [
        {groups[clip_id] for clip_id in side} for side in (split.train, split.valid, split.test)
    ]
    assert not sides[0] & sides[1]
    assert not sides[0] & sides[2]
    assert not sides[1] & sides[2]


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


def test_cache_does_not_decode_twice(
    indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import genre_core.datasets.feature_cache as module

    decoded = []
    original = module.load_audio

    def counting(*args: object, **kwargs: object) -> object:
        decoded.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(module, "load_audio", counting)
    clips = load_dataset(indexed).clips
    settings = FeatureSettings()
    first, problems = FeatureCache(settings, tmp_path / "cache").load(clips)
    assert problems == ()
    assert len(decoded) == 3
    second, _ = FeatureCache(settings, tmp_path / "cache").load(clips)
    assert len(decoded) == 3
    for item in clips:
        np.testing.assert_array_equal(first[item], second[item])
    FeatureCache(FeatureSettings(n_mels=48), tmp_path / "cache").load(clips)
    assert len(decoded) == 6  # other settings, other features


def test_cached_features_are_those_of_the_sound(indexed: Path, tmp_path: Path) -> None:
    from genre_core.audio.load import load_audio
    from genre_core.features.log_mel import log_mel_spectrogram

    sound = select(load_dataset(indexed).clips, kinds=("audio",))[0]
    log_mel = FeatureCache(FeatureSettings(), tmp_path / "cache").log_mel(sound)
    direct = log_mel_spectrogram(load_audio(sound.path).samples[None])[0]
    clipped = np.maximum(log_mel.astype(np.float32), direct.max() - 80)
    np.testing.assert_allclose(clipped, direct, atol=0.05)
    assert log_mel.dtype == np.float16


def test_unreadable_clips_are_listed(indexed: Path, tmp_path: Path) -> None:
    (indexed / "audio" / "rock.1.wav").write_bytes(b"this is no sound")
    clips = load_dataset(indexed).clips
    calls: list[tuple[int, int]] = []
    features, problems = FeatureCache(FeatureSettings(), tmp_path / "cache").load(
        clips, on_progress=lambda done, total: calls.append((done, total))
    )
    assert len(features) == len(clips) - 1
    assert len(problems) == 1
    assert "rock.1" in problems[0]
    assert calls[-1] == (len(clips), len(clips))


def test_damaged_cache_file_is_made_again(indexed: Path, tmp_path: Path) -> None:
    sound = select(load_dataset(indexed).clips, kinds=("audio",))[0]
    cache = FeatureCache(FeatureSettings(), tmp_path / "cache")
    before = cache.log_mel(sound)
    (file,) = (tmp_path / "cache").glob("*.npy")
    file.write_bytes(file.read_bytes()[:100])
    np.testing.assert_array_equal(cache.log_mel(sound), before)


@pytest.mark.data
def test_fault_filtered_split_is_clean(data_root: Path) -> None:
    dataset = load_dataset(data_root / "gtzan")
    split = given(dataset)
    sizes = len(split.train), len(split.valid), len(split.test)
    assert sizes == (442, 197, 290)  # one clip is not there
    assert_apart(dataset, split)
    tested = select(dataset.clips, split.test)
    # The folder of sound grows from time to time; every file in it must be found.
    on_disk = {path.stem for path in (data_root / "gtzan" / "audio").iterdir()}
    heard = {item.clip_id for item in tested if item.kind == "audio"}
    assert heard == on_disk & set(split.test)
    assert len(heard) >= 144
    assert len(best_sources(tested)) == 290


@pytest.mark.data
def test_folds_over_the_fault_free_clips(data_root: Path) -> None:
    dataset = load_dataset(data_root / "gtzan")
    tested = []
    for fold in range(4):
        split = choose(dataset, "folds", fold=fold)
        assert_apart(dataset, split)
        tested += split.test
    assert len(tested) == len(set(tested)) == 929
