"""Somebody's own songs with labels: what counts as a song of which genre."""

import io

import pytest

from genre_core.config import GENRES
from genre_core.datasets.labels import LabelRow, read_label_table
from genre_core.datasets.uploads import (
    MAX_BYTES,
    OwnSong,
    OwnTestSet,
    Upload,
    from_archive,
    from_files,
    from_uploads,
    unknown_labels,
    with_known_labels,
)
from genre_core.errors import DatasetError
from tests.builders import archive_of, zip_of


def table(text: str) -> list[LabelRow]:
    return read_label_table(text.encode(), "labels.csv")


def labels(test_set: OwnTestSet) -> dict[str, str]:
    return {song.name: song.label for song in test_set.songs}


@pytest.mark.parametrize("top", ["", "My songs/"])
def test_folders_are_labels_with_or_without_one_around_them(top: str):
    names = [f"{top}rock/a.mp3", f"{top}Jazz/live/b.mp3", f"{top}c.mp3", f"{top}rock/cover.jpg"]
    found = from_archive(archive_of(*names), GENRES)
    assert labels(found) == {names[0]: "rock", names[1]: "Jazz"}
    assert found.name == "mine"
    assert len(found.problems) == 2
    assert any("c.mp3: lies in no folder" in problem for problem in found.problems)
    assert any("cover.jpg: not a sound file" in problem for problem in found.problems)


def test_a_single_genre_with_albums_is_not_taken_for_a_wrapping():
    found = from_archive(archive_of("Hip-Hop/album/a.mp3", "Hip-Hop/b.mp3"), GENRES)
    assert set(labels(found).values()) == {"Hip-Hop"}


def test_a_table_labels_songs_by_path_or_by_name():
    archive = archive_of("x/a.mp3", "x/b.mp3", "y/b.mp3", "y/c.mp3", "y/d.mp3")
    rows = table(
        "file,label,artist,title\nA.MP3,rock,Band,Song\nx/b.mp3,jazz\nb.mp3,pop\n./y/c.mp3,\n"
        "C:\\music\\a.mp3,metal\nzzz.mp3,pop\n"
    )
    found = from_archive(archive, GENRES, rows)
    assert labels(found) == {"x/a.mp3": "rock", "x/b.mp3": "jazz"}
    assert (found.songs[0].artist, found.songs[0].title) == ("Band", "Song")
    said = "\n".join(found.problems)
    for words in (
        "b.mp3: line 4 of the table fits 2 songs",
        "c.mp3: line 5 of the table has no label",
        "line 6 of the table labels this song once more",
        "zzz.mp3: line 7 of the table names no song",
        "y/d.mp3: has no label",
    ):
        assert words in said


def test_single_files_and_a_table():
    files = [OwnSong(name, "", 1, lambda: b"x") for name in ("a.mp3", "a.mp3", "b.ogg", "l.txt")]
    found = from_files("mine", files, table("a.mp3;rock\nb.ogg;jazz"))
    assert labels(found) == {"a.mp3": "rock", "b.ogg": "jazz"}
    assert len(found.problems) == 2  # a name that is there twice, and a text


def test_many_lines_without_a_song_are_counted():
    rows = table("a.mp3,rock\n" + "".join(f"{i}.mp3,pop\n" for i in range(500)))
    found = from_archive(archive_of("a.mp3"), GENRES, rows)
    assert len(found.problems) == 21
    assert "480 more lines" in found.problems[-1]


def upload(name: str, data: bytes = b"x") -> Upload:
    return Upload(name, len(data), io.BytesIO(data))


def test_what_is_dropped_at_once_is_sorted_out():
    zipped = upload("mine.zip", zip_of(dict.fromkeys(("rock/a.mp3", "jazz/b.mp3"), b"x")))
    rows = upload("Labels.CSV", b"a.mp3;pop\nb.mp3;pop")
    single = [upload("a.mp3", b"first"), upload("b.mp3", b"second")]
    assert set(labels(from_uploads([zipped], GENRES)).values()) == {"rock", "jazz"}
    assert set(labels(from_uploads([rows, zipped], GENRES)).values()) == {"pop"}
    found = from_uploads([*single, rows], GENRES)
    assert found.name == "Labels"
    assert [song.read() for song in found.songs] == [b"first", b"second"]
    assert [song.read() for song in found.songs] == [b"first", b"second"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "add a CSV"),
        (("a.mp3",), "add a CSV"),
        (("a.csv", "b.csv"), "only one of them"),
        (("a.zip", "b.zip"), "only one of them"),
        (("a.zip", "b.mp3"), "not both"),
        (("a.zip",), "not a ZIP archive"),
        (("a.csv",), "only one column"),
        (("a.mp3",) * 2_001, "2,000"),
    ],
)
def test_what_does_not_fit_together_is_refused(names: tuple[str, ...], words: str):
    with pytest.raises(DatasetError, match=words):
        from_uploads([upload(name) for name in names], GENRES)


def test_too_much_at_once_is_refused_before_it_is_read():
    large = Upload("a.mp3", MAX_BYTES, io.BytesIO())
    with pytest.raises(DatasetError, match=r"1,024 MiB together.*divide"):
        from_uploads([large, upload("labels.csv", b"a.mp3,rock")], GENRES)


def test_without_labels_there_is_a_remedy():
    with pytest.raises(DatasetError, match="folder of that name"):
        from_archive(archive_of("a.mp3", "b.mp3"), GENRES)
    with pytest.raises(DatasetError, match="table"):
        from_archive(archive_of("rock/a.mp3"), GENRES, table("b.mp3,rock"))


def test_unknown_labels_are_left_out_or_counted_as_accepted():
    found = from_archive(archive_of("Rock/a.mp3", "hip-hop/b.mp3", "folk/c.mp3"), GENRES)
    assert unknown_labels(found, GENRES) == {"folk": 1, "hip-hop": 1}
    ready = with_known_labels(found, GENRES, {"hip-hop": "hiphop"})
    assert labels(ready) == {"Rock/a.mp3": "rock", "hip-hop/b.mp3": "hiphop"}
    assert len(ready.problems) == 2
    assert "counted as hiphop" in "".join(ready.problems)
    folk = from_archive(archive_of("folk/c.mp3"), GENRES)
    with pytest.raises(DatasetError, match="does not know this label"):
        with_known_labels(folk, GENRES, {})
