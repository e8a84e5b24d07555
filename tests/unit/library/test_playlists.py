"""Playlists: near songs, in an order that makes sense, in a file that players read."""

import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from genre_core.errors import LibraryError
from genre_core.library.playlists import like, path_between, songs_of, write_m3u8
from genre_core.library.songs import LibrarySong, SongTags
from genre_core.library.store import LibraryEmbeddings, LibraryStore
from tests.builders import library_store, scanned_songs


def on_an_arc(n_songs: int) -> LibraryEmbeddings:
    """Songs along a quarter of a circle; ids 10, 20, ... in its order."""
    angles = np.linspace(0, np.pi / 2, n_songs)
    points = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1).astype(np.float32)
    return LibraryEmbeddings(10 * np.arange(1, n_songs + 1), points)


def test_like_a_song_is_itself_then_the_nearest() -> None:
    nearest = like(on_an_arc(9), 50, 5)
    assert nearest[0].index == 50
    assert {neighbour.index for neighbour in nearest[1:3]} == {40, 60}
    assert {neighbour.index for neighbour in nearest[3:]} == {30, 70}
    similarities = [neighbour.similarity for neighbour in nearest]
    assert similarities == sorted(similarities, reverse=True)
    assert similarities[0] <= 1.0


def test_a_copy_does_not_come_before_the_song_itself() -> None:
    points = np.tile(on_an_arc(2).points[:1], (3, 1))
    assert like(LibraryEmbeddings(np.array([1, 2, 3]), points), 3, 1)[0].index == 3


@pytest.mark.parametrize(("n_songs", "wanted"), [(30, 7), (30, 30), (5, 5), (40, 2)])
def test_a_path_follows_the_arc(n_songs: int, wanted: int) -> None:
    path = path_between(on_an_arc(n_songs), 10, 10 * n_songs, wanted)
    assert (path[0], path[-1], len(path)) == (10, 10 * n_songs, wanted)
    assert path == sorted(path)
    steps = np.diff(path)
    assert steps.max() <= 2 * steps.min() + 10, "the steps are about alike"


def test_a_path_back_is_the_path_reversed() -> None:
    songs = on_an_arc(30)
    assert path_between(songs, 300, 10, 8) == path_between(songs, 10, 300, 8)[::-1]


@pytest.mark.parametrize("n_songs", [3, 300, 2500])
def test_a_path_has_near_steps_and_no_song_twice(tmp_path: Path, n_songs: int) -> None:
    generator = np.random.default_rng(n_songs)
    points = generator.standard_normal((n_songs, 6)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    songs = LibraryEmbeddings(np.arange(n_songs), points)
    path = path_between(songs, 0, n_songs - 1, 10)
    assert (path[0], path[-1]) == (0, n_songs - 1)
    assert len(path) == len(set(path)) == min(10, n_songs)
    if n_songs > 10:
        direct = np.linalg.norm(points[0] - points[-1])
        widest = max(np.linalg.norm(points[a] - points[b]) for a, b in pairwise(path))
        assert widest < direct


def test_a_path_joins_two_islands_and_copies() -> None:
    points = np.repeat(np.eye(2, dtype=np.float32), 30, axis=0)
    songs = LibraryEmbeddings(np.arange(60), points)
    assert path_between(songs, 0, 59, 2) == [0, 59]
    assert path_between(songs, 0, 29, 2) == [0, 29]
    assert path_between(songs, 5, 5, 4) == [5]


def test_impossible_paths_are_refused() -> None:
    with pytest.raises(LibraryError, match="at least 2"):
        path_between(on_an_arc(5), 10, 50, 1)
    with pytest.raises(LibraryError, match="another network"):
        path_between(on_an_arc(5), 10, 55, 3)


def test_songs_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    with LibraryStore.open(library_store(tmp_path / "music.db", 5)) as store:
        assert [song.id for song in songs_of(store, [4, 1, 99, 2])] == [4, 1, 2]


def song_at(path: str, **tags: str) -> LibrarySong:
    (item,) = scanned_songs(1)
    return replace(item.song, path=path, tags=SongTags(**tags), duration_seconds=61.6)


def test_a_playlist_is_what_players_read(tmp_path: Path) -> None:
    strange = os.fsdecode(b"/music/caf\xe9.mp3")
    songs = [
        song_at(str(tmp_path / "lists" / "near.mp3"), artist="Ärtist", title="Two\nlines"),
        song_at(str(tmp_path / "lists" / "#1" / "b.mp3")),
        song_at("/elsewhere/far.mp3"),
        song_at(strange),
        song_at("/music/line\nend.mp3"),
    ]
    write_m3u8(tmp_path / "lists" / "list.m3u8", songs)
    lines = (tmp_path / "lists" / "list.m3u8").read_bytes().splitlines()
    assert lines[0] == b"#EXTM3U"
    assert lines[1].decode() == "#EXTINF:62,Ärtist – Two lines"
    files = [line for line in lines if not line.startswith(b"#")]
    assert files == [b"near.mp3", b"./#1/b.mp3", b"/elsewhere/far.mp3", os.fsencode(strange)]
    with pytest.raises(LibraryError, match="list"):
        write_m3u8(tmp_path / "lists" / "list.m3u8" / "x", songs)
