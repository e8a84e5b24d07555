"""Data sets of every kind are read, and what cannot be used is listed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genre_core.datasets.clips import select, with_labels
from genre_core.datasets.readers import load_dataset, unlabelled_clips
from genre_core.errors import DatasetError
from tests.unit.datasets.data_sets import clip, many_clips


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


@pytest.mark.parametrize("name", ["nothing", "list.txt", "empty"])
def test_refuses_what_is_no_data_set(tmp_path: Path, name: str) -> None:
    (tmp_path / "list.txt").write_text("a")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match=name):
        load_dataset(tmp_path / name)


def test_an_index_says_which_clips_have_sound(indexed: Path) -> None:
    dataset = load_dataset(indexed)
    assert [item.clip_id for item in dataset.clips] == ["rock.1", "rock.2", "jazz.1", "jazz.2"]
    assert dataset.splits == {"train": ("rock.1", "jazz.1"), "test": ("jazz.3", "rock.2")}
    assert dataset.duplicates == (("jazz.2", "jazz.1"),)
    assert dataset.problems == ("index.csv: no sound of 1 of the 5 clips is there, e.g. jazz.3.",)


def test_select_takes_each_song_once() -> None:
    twice = (clip("a", "rock"), clip("b", "jazz"), clip("a", "jazz"))
    assert [(item.clip_id, item.label) for item in select(twice)] == [("a", "rock"), ("b", "jazz")]
    assert select(twice, ["b", "c"]) == twice[1:2]


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_as_any_spreadsheet_saves_it(separator: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "ä.wav").write_bytes(b"sound")
    lines = ("path", "label"), ("ä.wav", "jazz")
    text = "".join(separator.join(line) + "\r\n" for line in lines)
    (tmp_path / "songs.csv").write_bytes(text.encode(encoding))
    dataset = load_dataset(tmp_path / "songs.csv")
    assert [(clip.clip_id, clip.label) for clip in dataset.clips] == [("ä.wav", "jazz")]


def test_an_impossible_name_in_a_table_is_a_problem_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "songs.csv").write_text("path,label\n" + "x" * 300 + ".wav,jazz\n")
    with pytest.raises(DatasetError, match="line 2"):
        load_dataset(tmp_path / "songs.csv")


@pytest.mark.parametrize("name", ["a.dat", "a", "a.jpg"])
def test_content_decides_what_is_a_song(tmp_path: Path, wav_bytes: Any, name: str) -> None:
    for genre in ("jazz", "rock"):
        (tmp_path / genre).mkdir()
        (tmp_path / genre / name).write_bytes(wav_bytes(3.0, 12_000))
        (tmp_path / genre / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(50))
    dataset = load_dataset(tmp_path)
    assert [clip.clip_id for clip in dataset.clips] == [f"jazz/{name}", f"rock/{name}"]
    assert len(dataset.problems) == 2
    assert len(unlabelled_clips(tmp_path)) == 2
