"""Dropped songs: analysed step by step, stored one by one, bad ones beside good ones."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from genre_core.inference.recognizer import GenreRecognizer
from genre_core.library.dropped import DroppedRun, DroppedSong
from genre_core.library.reading import genre_reader, read_batch
from genre_core.library.scan import FoundFile, Task
from genre_core.library.songs import FileState, ScannedSong
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter


@pytest.fixture(scope="module")
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


@pytest.fixture
def songs(wav_bytes: Callable[..., bytes]) -> list[DroppedSong]:
    return [
        DroppedSong("long.wav", wav_bytes(110.0, 12_000)),
        DroppedSong("broken.mp3", b"these are only words " * 50),
        DroppedSong("silent.wav", wav_bytes(samples=np.zeros((60_000, 1)), sample_rate=12_000)),
        DroppedSong("empty.mp3", b""),
        DroppedSong("long.wav", wav_bytes(9.0, 12_000)),
        DroppedSong("again.wav", wav_bytes(110.0, 12_000)),
    ]


def test_every_song_is_stored_as_soon_as_it_is_done(
    recognizer: GenreRecognizer, writer: LibraryWriter, songs: list[DroppedSong]
) -> None:
    run = DroppedRun(songs, recognizer, writer)
    steps = []
    while run.advance():
        progress = run.progress
        steps.append((progress.song, progress.step))
        assert writer.count() == sum(run.done(index) is not None for index in range(len(songs)))
    assert steps[:3] == [
        ("long.wav", "frame 1 of 2"),
        ("long.wav", "frame 2 of 2"),
        ("broken.mp3", "decoding"),
    ]
    assert [song.path for song in writer.songs()] == ["again.wav", "long (2).wav", "long.wav"]
    assert [bool(run.failure(index)) for index in range(6)] == [False, *[True] * 3, False, False]
    assert "is empty" in run.failure(3)
    assert [failure.path for failure in writer.failures()] == [
        "broken.mp3",
        "empty.mp3",
        "silent.wav",
    ]


def test_a_dropped_song_is_what_a_scan_makes_of_it(
    recognizer: GenreRecognizer,
    writer: LibraryWriter,
    songs: list[DroppedSong],
    tiny_checkpoint: Path,
    tmp_path: Path,
) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(songs[0].data)
    task = Task(FoundFile(str(path), FileState(path.stat().st_size, path.stat().st_mtime_ns)))
    (scanned,) = read_batch(genre_reader(tiny_checkpoint), [task])
    run = DroppedRun(songs[:1], recognizer, writer)
    run.finish()
    dropped = run.done(0)
    assert isinstance(scanned, ScannedSong)
    assert dropped is not None
    assert dropped.song.sha256 == scanned.song.sha256
    assert dropped.song.genre == scanned.song.genre
    assert dropped.song.duration_seconds == scanned.song.duration_seconds
    np.testing.assert_allclose(
        dropped.readings.frame_scores, scanned.readings.frame_scores, atol=1e-6
    )
    np.testing.assert_allclose(dropped.readings.embedding, scanned.readings.embedding, atol=1e-6)


def test_the_same_content_is_not_scored_again(
    recognizer: GenreRecognizer,
    writer: LibraryWriter,
    songs: list[DroppedSong],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    DroppedRun(songs[:1], recognizer, writer).finish()

    def decode(*arguments: object) -> None:
        raise AssertionError("decoded again")

    monkeypatch.setattr(GenreRecognizer, "decode", decode)
    run = DroppedRun(songs[5:], recognizer, writer)
    run.finish()
    first, again = writer.songs(sort="path", descending=True)
    assert run.done(0) is not None
    assert (first.path, again.path) == ("long.wav", "again.wav")
    assert first.sha256 == again.sha256


def test_a_song_dropped_again_takes_its_own_place(
    recognizer: GenreRecognizer, writer: LibraryWriter, songs: list[DroppedSong]
) -> None:
    for _ in range(2):
        DroppedRun(songs[:2], recognizer, writer).finish()
    assert [song.path for song in writer.songs()] == ["long.wav"]
    assert [failure.path for failure in writer.failures()] == ["broken.mp3"]


def test_the_whole_store_can_be_taken_away_while_it_is_written(
    recognizer: GenreRecognizer, writer: LibraryWriter, songs: list[DroppedSong], tmp_path: Path
) -> None:
    run = DroppedRun(songs, recognizer, writer)
    while run.done(0) is None:
        run.advance()
    with LibraryStore.open(writer.path) as store:
        (tmp_path / "mine.db").write_bytes(store.to_bytes())
    with LibraryStore.open(tmp_path / "mine.db") as mine:
        assert [song.path for song in mine.songs()] == ["long.wav"]
        mine.check_values()
