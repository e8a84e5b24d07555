"""The store as a file: locked, read-only, full, damaged, or not a store at all."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from genre_core.errors import LibraryError
from genre_core.library.songs import LibraryModel
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from tests.builders import library_store, scanned_songs

MODEL = LibraryModel("test", "ab" * 32, ("blues", "jazz", "rock"), 29.12, 20.0)


def test_a_full_disk_keeps_what_was_stored(writer: LibraryWriter) -> None:
    model = writer.begin_scan(MODEL)
    songs = list(scanned_songs(2000))
    writer.store(model, songs[:50])
    (n_pages,) = writer._connection.execute("PRAGMA page_count").fetchone()
    writer._connection.execute(f"PRAGMA max_page_count = {n_pages + 5}")
    with pytest.raises(LibraryError, match="disk is full"):
        writer.store(model, songs[50:])
    assert writer.count() == 50
    writer._connection.execute("PRAGMA max_page_count = 1000000")
    writer.store(model, songs[50:])
    assert writer.count() == 2000


def test_a_second_writer_is_told(tmp_path: Path, project_root: Path) -> None:
    path = tmp_path / "music.db"
    program = (
        "import sys; from genre_core.library.writer import LibraryWriter\n"
        "LibraryWriter.open(sys.argv[1])"
    )
    command = [sys.executable, "-c", program, str(path)]
    with LibraryWriter.open(path):
        done = subprocess.run(
            command, cwd=project_root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "another scan" in done.stderr
    assert subprocess.run(command, cwd=project_root, check=False).returncode == 0


def test_a_store_is_read_while_it_is_written(writer: LibraryWriter) -> None:
    model = writer.begin_scan(MODEL)
    with LibraryStore.open(writer.path) as reader:
        assert reader.count() == 0
        writer.store(model, list(scanned_songs(3)))
        assert reader.count() == 3


def test_a_store_in_a_read_only_folder_is_read(tmp_path: Path) -> None:
    path = library_store(tmp_path / "folder" / "music.db", 3)
    assert not path.with_name("music.db-wal").exists(), "a closed store is one file"
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        program = (
            "import os, sys\n"
            "from genre_core.errors import LibraryError\n"
            "from genre_core.library.store import LibraryStore\n"
            "from genre_core.library.writer import LibraryWriter\n"
            "os.getuid() or os.setuid(65534)  # root may write anywhere\n"
            "print(LibraryStore.open(sys.argv[1]).count())\n"
            "try: LibraryWriter.open(sys.argv[1])\n"
            "except LibraryError as error: print(error)\n"
        )
        tmp_path.chmod(0o755)
        for parent in list(tmp_path.parents)[:2]:
            parent.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
        )
    finally:
        path.parent.chmod(0o755)
    assert done.stdout.startswith("3\n"), done.stderr
    assert "read-only" in done.stdout


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("PRAGMA user_version = 99", "version 99"),
        ("PRAGMA application_id = 7", "no library store"),
        ("CREATE TRIGGER t AFTER INSERT ON songs BEGIN DELETE FROM songs; END", "other tables"),
        ("CREATE VIEW v AS SELECT 1", "other tables"),
        ("DROP TABLE failures", "other tables"),
    ],
)
def test_a_foreign_store_is_refused(tmp_path: Path, statement: str, words: str) -> None:
    path = library_store(tmp_path / "music.db", 1)
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    for kind in (LibraryStore, LibraryWriter):
        with pytest.raises(LibraryError, match=words):
            kind.open(path)


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no such store"):
        LibraryStore.open(tmp_path / "none.db")
    text = tmp_path / "text.db"
    text.write_bytes(b"not a database, but long enough to look like one" * 100)
    for kind in (LibraryStore, LibraryWriter):
        with pytest.raises(LibraryError, match="damaged"):
            kind.open(text)
    assert text.read_bytes().startswith(b"not a database")


def test_damaged_readings_are_reported(tmp_path: Path) -> None:
    path = library_store(tmp_path / "music.db", 2)
    with sqlite3.connect(path) as connection:
        connection.execute(
            "UPDATE readings SET embedding = x'00', scores = x'00' WHERE song_id = 1"
        )
    with LibraryStore.open(path) as store:
        for call in (lambda: store.readings(1), store.embeddings, lambda: [*store.scanned_songs()]):
            with pytest.raises(LibraryError, match="damaged"):
                call()
