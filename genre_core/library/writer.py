"""A store to write: one process at a time, a batch of songs in one transaction."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Self

from genre_core.errors import LibraryError
from genre_core.library import rows, schema
from genre_core.library.problems import as_library_error, shown
from genre_core.library.songs import (
    Failure,
    FileState,
    LibraryModel,
    LibrarySong,
    ScannedSong,
)
from genre_core.library.store import LibraryStore

LOCK_SUFFIX = "-lock"
_SONG_VALUES = ", ".join("?" * (len(rows.SONG_COLUMNS) + 1))
_UPSERT_SONG = (
    f"INSERT INTO songs ({', '.join(rows.SONG_COLUMNS)}, model_id) VALUES ({_SONG_VALUES}) "
    "ON CONFLICT (path_bytes) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*rows.SONG_COLUMNS[1:], "model_id"))
    + " RETURNING id"
)
_INSERT_READINGS = (
    f"INSERT OR REPLACE INTO readings (song_id, {', '.join(rows.READING_COLUMNS)}) "
    f"VALUES ({', '.join('?' * (len(rows.READING_COLUMNS) + 1))})"
)
_INSERT_FAILURE = (
    f"INSERT OR REPLACE INTO failures ({', '.join(rows.FAILURE_COLUMNS)}) "
    f"VALUES ({', '.join('?' * len(rows.FAILURE_COLUMNS))})"
)


class LibraryWriter(LibraryStore):
    """A library to read and write; made where there is none.

    The lock goes with the process, however that ends. Each method that writes is one transaction:
    after an error, or a kill, all of it is stored or nothing.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, lock: BinaryIO) -> None:
        super().__init__(connection, path)
        self._lock = lock

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a store to write, or make it.

        Raises LibraryError if another process writes it, or it is no store of this version, or it
        cannot be written.
        """
        path = Path(path)
        with as_library_error(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = _locked(path)
            try:
                connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            except BaseException:
                lock.close()
                raise
            try:
                if schema.is_empty(connection):
                    connection.execute("PRAGMA journal_mode = WAL")
                    schema.create(connection)
                schema.check(connection, shown(path))
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA user_version = " + str(schema.VERSION))  # writable?
            except BaseException:
                connection.close()
                lock.close()
                raise
        return cls(connection, path, lock)

    def close(self) -> None:
        """Close the file, so that it is whole without its log, and let others write."""
        super().close()
        self._lock.close()

    def begin_scan(self, model: LibraryModel) -> int:
        """Note that a scan by this network begins; return the network's id for `store`."""
        genres = json.dumps(list(model.genres))
        with self._transaction():
            (number,) = self._connection.execute(
                "INSERT INTO models (sha256, name, genres, frame_seconds, trim_seconds, "
                "aggregation, last_scan) VALUES (?, ?, ?, ?, ?, ?, "
                "(SELECT coalesce(max(last_scan), 0) + 1 FROM models)) "
                "ON CONFLICT (sha256, frame_seconds, trim_seconds, aggregation) "
                "DO UPDATE SET last_scan = excluded.last_scan RETURNING id",
                (
                    *(model.sha256, model.name, genres),
                    *(model.frame_seconds, model.trim_seconds, model.aggregation),
                ),
            ).fetchone()
        return int(number)

    def store(
        self, model_id: int, songs: Sequence[ScannedSong], failures: Sequence[Failure] = ()
    ) -> None:
        """Store songs and failures, in place of what was stored for the same paths."""
        with self._transaction():
            for item in songs:
                row = (*rows.song_row(item.song), model_id)
                (song_id,) = self._connection.execute(_UPSERT_SONG, row).fetchone()
                reading = (song_id, *rows.readings_row(item.readings))
                self._connection.execute(_INSERT_READINGS, reading)
                self._connection.execute("DELETE FROM failures WHERE path_bytes = ?", row[:1])
            for failure in failures:
                failed = rows.failure_row(failure)
                self._connection.execute("DELETE FROM songs WHERE path_bytes = ?", failed[:1])
                self._connection.execute(_INSERT_FAILURE, failed)

    def known(self, path: str) -> tuple[FileState, int | None] | None:
        """Return the state of the file at `path` when it was scanned, and its network's id.

        The id is None for a file that could not be read. Returns None for an unknown path.
        """
        key = os.fsencode(path)
        found = self._all(
            "SELECT n_bytes, mtime_ns, model_id FROM songs WHERE path_bytes = ? UNION ALL "
            "SELECT n_bytes, mtime_ns, NULL FROM failures WHERE path_bytes = ?",
            [key, key],
        )
        return (FileState(*found[0][:2]), found[0][2]) if found else None

    def same_size(self, n_bytes: int, model_id: int) -> bool:
        """Return whether a file of this size was scored by this network."""
        sql = "SELECT 1 FROM songs WHERE n_bytes = ? AND model_id = ? LIMIT 1"
        return bool(self._all(sql, [n_bytes, model_id]))

    def same_content(self, sha256: str, model_id: int) -> list[LibrarySong]:
        """Return the songs with this content that were scored by this network."""
        columns = ", ".join(("id", *rows.SONG_COLUMNS))
        sql = f"SELECT {columns} FROM songs WHERE sha256 = ? AND model_id = ? ORDER BY id"
        return [rows.song_of(row) for row in self._all(sql, [sha256, model_id])]

    def move(self, song_id: int, path: str, file: FileState) -> None:
        """Give a song another path and state of its file, in place of what was stored there."""
        key = os.fsencode(path)
        with self._transaction():
            self._connection.execute("DELETE FROM failures WHERE path_bytes = ?", [key])
            self._connection.execute(
                "DELETE FROM songs WHERE path_bytes = ? AND id <> ?", [key, song_id]
            )
            self._connection.execute(
                "UPDATE songs SET path_bytes = ?, path = ?, n_bytes = ?, mtime_ns = ? WHERE id = ?",
                [key, rows.text(path), file.n_bytes, file.mtime_ns, song_id],
            )

    def retag(
        self, song_id: int, file: FileState, sha256: str, tag: str, differs: bool | None
    ) -> None:
        """Note a new genre tag of a song, and what that made of its file."""
        with self._transaction():
            self._connection.execute(
                "UPDATE songs SET n_bytes = ?, mtime_ns = ?, sha256 = ?, genre_tag = ?, "
                "tag_differs = ? WHERE id = ?",
                [file.n_bytes, file.mtime_ns, sha256, rows.text(tag), differs, song_id],
            )

    def paths(self) -> Iterator[str]:
        """Yield the path of every song and failure; memory stays small."""
        last = b""
        sql = (
            "SELECT path_bytes FROM songs WHERE path_bytes > ? UNION "
            "SELECT path_bytes FROM failures WHERE path_bytes > ? ORDER BY 1 LIMIT 1000"
        )
        while batch := self._all(sql, [last, last]):
            yield from (os.fsdecode(key) for (key,) in batch)
            last = batch[-1][0]

    def forget(self, paths: Sequence[str]) -> None:
        """Remove the songs and failures at these paths."""
        keys = [(os.fsencode(path),) for path in paths]
        with self._transaction():
            self._connection.executemany("DELETE FROM songs WHERE path_bytes = ?", keys)
            self._connection.executemany("DELETE FROM failures WHERE path_bytes = ?", keys)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with as_library_error(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


def _locked(path: Path) -> BinaryIO:
    """Return the open lock file of a store; LibraryError if another process has it."""
    lock = path.with_name(path.name + LOCK_SUFFIX).open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise LibraryError(
            f"{shown(path)}: another scan is writing this store. Wait for it, or choose another "
            "store with --store."
        ) from None
    return lock
