"""The store: what was written is read again, whole, and in the order and selection asked for."""

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from genre_core.errors import LibraryError, SettingsError
from genre_core.library.query import SORT_KEYS, SongFilter
from genre_core.library.songs import Failure, FileState, LibraryModel, LibrarySong, tag_differs
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from tests.builders import library_store, scanned_songs

N_SONGS = 300
MODEL = LibraryModel("test", "ab" * 32, ("blues", "jazz", "rock"), 29.12, 20.0)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library_store(tmp_path_factory.mktemp("library") / "music.db", N_SONGS)


@pytest.fixture
def store(path: Path):
    with LibraryStore.open(path) as store:
        yield store


def without_id(song: LibrarySong) -> LibrarySong:
    return replace(song, id=0)


def test_songs_and_readings_come_back_as_they_were(store: LibraryStore) -> None:
    wanted = {item.song.path: item for item in scanned_songs(N_SONGS)}
    read = list(store.scanned_songs())
    assert [without_id(item.song) for item in read] == [item.song for item in wanted.values()]
    for item in read:
        expected = wanted[item.song.path].readings
        for readings in (item.readings, store.readings(item.song.id)):
            assert readings is not None
            np.testing.assert_array_equal(readings.frame_scores, expected.frame_scores)
            np.testing.assert_array_equal(readings.silent, expected.silent)
            np.testing.assert_array_equal(readings.scores, expected.scores)
            np.testing.assert_array_equal(readings.embedding, expected.embedding)
            assert readings.receipt == expected.receipt


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", SORT_KEYS)
def test_pages_together_are_all_songs_in_order(
    store: LibraryStore, sort: str, descending: bool
) -> None:
    pages = [
        store.songs(sort=sort, descending=descending, offset=offset, limit=70)
        for offset in range(0, N_SONGS, 70)
    ]
    songs = [song for page in pages for song in page]
    assert {song.id for song in songs} == {song.id for song in store.songs()}
    assert len(songs) == N_SONGS
    values = [sort_value(song, sort) for song in songs]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known, "songs without a value come last"
    for first, second in pairwise(known):
        assert first >= second if descending else first <= second


def sort_value(song: LibrarySong, sort: str):
    if sort == "genre_tag":
        return song.tags.genre
    return getattr(song.tags if hasattr(song.tags, sort) and sort != "genre" else song, sort)


def test_an_unknown_sort_is_refused(store: LibraryStore) -> None:
    with pytest.raises(SettingsError, match="path"):
        store.songs(sort="id; DROP TABLE songs")


@pytest.mark.parametrize(
    ("wanted", "law"),
    [
        (SongFilter(text="ALBUM 1"), lambda song: "Album 1" in song.tags.album),
        (SongFilter(genres=("rock", "jazz")), lambda song: song.genre in ("rock", "jazz")),
        (SongFilter(min_confidence=0.6), lambda song: song.confidence >= 0.6),
        (SongFilter(max_confidence=0.4), lambda song: song.confidence <= 0.4),
        (SongFilter(min_disagreement=0.5), lambda song: song.disagreement >= 0.5),
        (SongFilter(max_disagreement=0.2), lambda song: song.disagreement <= 0.2),
        (SongFilter(min_year=1970), lambda song: (song.tags.year or 0) >= 1970),
        (SongFilter(max_year=1970), lambda song: (song.tags.year or 9999) <= 1970),
        (SongFilter(genre_tag="Rock"), lambda song: song.tags.genre == "Rock"),
        (SongFilter(tag_differs=True), lambda song: song.tag_differs is True),
        (SongFilter(tag_differs=False), lambda song: song.tag_differs is False),
        (SongFilter(changes_genre=True), lambda song: song.changes_genre),
        (SongFilter(unlike_training=False), lambda song: not song.unlike_training),
        (
            SongFilter(genres=("pop",), min_confidence=0.5, text="song"),
            lambda song: song.genre == "pop" and song.confidence >= 0.5,
        ),
    ],
)  # fmt: skip
def test_a_filter_takes_these_songs_and_no_others(store: LibraryStore, wanted, law) -> None:
    expected = {song.id for song in store.songs() if law(song)}
    assert {song.id for song in store.songs(wanted)} == expected
    assert 0 < len(expected) < N_SONGS
    assert store.count(wanted) == len(expected)
    assert {item.song.id for item in store.scanned_songs(wanted)} == expected
    assert sum(store.genre_counts(wanted).values()) == len(expected)
    assert set(store.embeddings(wanted).ids.tolist()) == expected
    in_years = sum(sum(counts.values()) for counts in store.genre_counts_by_year(wanted).values())
    assert in_years == sum(
        song.tags.year is not None for song in store.songs() if song.id in expected
    )


@pytest.mark.parametrize("text", ["%", "_", "\\"])
def test_a_search_takes_letters_as_they_are(store: LibraryStore, text: str) -> None:
    assert store.count(SongFilter(text=text)) == 0


def test_embeddings_are_those_of_the_songs(store: LibraryStore) -> None:
    embeddings = store.embeddings()
    assert embeddings.points.shape == (N_SONGS, 64)
    for song_id, point in zip(embeddings.ids.tolist(), embeddings.points, strict=True):
        readings = store.readings(song_id)
        assert readings is not None
        np.testing.assert_array_equal(point, readings.embedding)


def test_scores_of_an_older_network_are_told_apart(writer: LibraryWriter) -> None:
    first, second = scanned_songs(2)
    old = writer.begin_scan(MODEL)
    writer.store(old, [first, second])
    new = writer.begin_scan(replace(MODEL, sha256="cd" * 32))
    assert writer.n_outdated() == 2
    writer.store(new, [second])
    assert writer.n_outdated() == 1
    assert writer.model() == replace(MODEL, sha256="cd" * 32)
    assert len(writer.embeddings().ids) == 1
    assert writer.begin_scan(MODEL) == old, "the same network is one network"
    assert writer.model() == MODEL


def test_a_path_has_one_row_whatever_happens_to_it(writer: LibraryWriter) -> None:
    model = writer.begin_scan(MODEL)
    (item,) = scanned_songs(1)
    failure = Failure(item.song.path, FileState(1, 2), "no sound", "now")
    for songs, failures in (([item], []), ([], [failure]), ([], [failure]), ([item], [])):
        writer.store(model, songs, failures)
        assert (writer.count(), writer.n_failures()) == (len(songs), len(failures))
    first = writer.songs()[0].id
    writer.store(model, [replace(item, song=replace(item.song, genre="jazz"))])
    assert [(song.id, song.genre) for song in writer.songs()] == [(first, "jazz")]


def test_names_that_are_not_utf8_come_back(writer: LibraryWriter) -> None:
    path = os.fsdecode(b"/music/caf\xe9.mp3")
    (item,) = scanned_songs(1)
    writer.store(writer.begin_scan(MODEL), [replace(item, song=replace(item.song, path=path))])
    assert writer.songs()[0].path == path
    assert writer.count(SongFilter(text="/music/caf?.mp3")) == 1
    found = writer.song_at(path)
    assert found is not None
    assert writer.known(path) == (item.song.file, 1)


def test_a_batch_that_fails_leaves_nothing(writer: LibraryWriter) -> None:
    model = writer.begin_scan(MODEL)
    good, bad = scanned_songs(2)
    bad = replace(bad, song=replace(bad.song, duration_seconds=None))  # the column refuses it
    with pytest.raises(LibraryError):
        writer.store(model, [good, bad])
    assert writer.count() == 0


@pytest.mark.parametrize(
    ("tag", "genre", "differs"),
    [
        ("Rock", "rock", False),
        ("Progressive Rock", "rock", False),
        ("Hip-Hop", "hiphop", False),
        ("Hip-Hop", "pop", True),
        ("Electronic", "rock", True),
        ("", "rock", None),
        (" - ", "rock", None),
    ],
)
def test_a_tag_and_a_verdict_are_compared(tag: str, genre: str, differs: bool | None) -> None:
    assert tag_differs(tag, genre) is differs
