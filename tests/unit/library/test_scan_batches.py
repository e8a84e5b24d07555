"""Large scans: stored in batches, stopped and continued, on a full disk."""

import itertools
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.stub_reader import StubReader
from genre_core.errors import LibraryError
from genre_core.library.reading import Reader, Task
from genre_core.library.scan import STORE_BATCH, Results, read_here, scan
from genre_core.library.songs import Failure
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter


def test_an_interrupted_scan_keeps_what_was_read_and_goes_on(
    writer: LibraryWriter, tmp_path: Path
) -> None:
    """Ctrl-C at every possible song, one scan after another."""
    folder = tmp_path / "many"
    folder.mkdir()
    for index in range(12):
        (folder / f"{index:02}.mp3").write_text(f"song {index}" + "!" * index)
    read: list[str] = []

    def stopped(reader: Reader, tasks: Iterable[Task]) -> Results:
        for result in read_here(reader, itertools.islice(tasks, 1)):
            read.append(result.path if isinstance(result, Failure) else result.song.path)
            yield result
        raise KeyboardInterrupt

    for n_stored in range(1, 13):
        with pytest.raises(KeyboardInterrupt):
            scan(writer, [folder], StubReader(), stopped)
        assert writer.count() == n_stored
    assert sorted(set(read)) == sorted(read), "no song is read twice"


def test_fifty_thousand_tiny_files(writer: LibraryWriter, tmp_path: Path) -> None:
    """Not songs: they are looked at and left; and 2,000 that are, in batches."""
    folder = tmp_path / "many"
    for part in range(50):
        (folder / str(part)).mkdir(parents=True)
        for index in range(1000):
            suffix = "mp3" if index < 40 else "txt"
            with (folder / str(part) / f"{index}.{suffix}").open("w") as file:
                file.write(f"{part} {index} " + "-" * part)
    counts = scan(writer, [folder], StubReader())
    assert (counts.found, counts.done, writer.count()) == (2000, 2000, 2000)
    assert scan(writer, [folder], StubReader()).unchanged == 2000


def test_songs_are_stored_while_others_are_read(writer: LibraryWriter, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for index in range(2 * STORE_BATCH + 1):
        (folder / f"{index}.mp3").write_text(f"song {index}")
    stored = []
    scan(
        writer,
        [folder],
        StubReader(),
        on_progress=lambda counts: stored.append((counts.done, writer.count())),
    )
    assert all(n_done - n_stored < STORE_BATCH for n_done, n_stored in stored)


def test_a_scan_fills_a_disk_and_goes_on_later(writer: LibraryWriter, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for index in range(3 * STORE_BATCH):
        (folder / f"{index}.mp3").write_text(f"song {index}")
    (n_pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
    writer._connection.execute(f"PRAGMA max_page_count = {n_pages + 60}")
    with pytest.raises(LibraryError, match="disk is full"):
        scan(writer, [folder], StubReader())
    n_stored = writer.count()
    assert 0 < n_stored < 3 * STORE_BATCH
    writer._connection.execute("PRAGMA max_page_count = 1000000")
    counts = scan(writer, [folder], StubReader())
    assert counts.to_do == 3 * STORE_BATCH - n_stored
    assert writer.count() == 3 * STORE_BATCH


def test_a_store_is_read_from_another_thread_during_a_scan(
    writer: LibraryWriter, tmp_path: Path
) -> None:
    (tmp_path / "music").mkdir()
    for index in range(3):
        (tmp_path / "music" / f"{index}.mp3").write_text(f"song {index}")
    scan(writer, [tmp_path / "music"], StubReader())
    counted: list[int] = []

    def look() -> None:
        with LibraryStore.open(writer.path) as store:
            counted.append(store.count())

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert counted == [3]
