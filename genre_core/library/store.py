"""A store to read: pages of songs, sums over them, and their embeddings, by SQL."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from genre_core.errors import LibraryError
from genre_core.library import rows, schema, untrusted
from genre_core.library.problems import as_library_error, shown
from genre_core.library.query import ALL, SongFilter, order_by, where
from genre_core.library.songs import (
    Failure,
    LibraryModel,
    LibrarySong,
    ScannedSong,
    SongName,
    SongReadings,
    label,
)
from genre_core.types import FloatArray

_SONGS = ", ".join(("id", *rows.SONG_COLUMNS))
_READINGS = ", ".join(rows.READING_COLUMNS)
_MODEL = ", ".join(f"models.{name}" for name in rows.MODEL_COLUMNS)
_BATCH = 500  # songs read at once where all are wanted
_ALONE = "mode=ro&immutable=1"
_MAX_VALUE_BYTES = 2**24  # of one text or array; an hour's scores take less


@dataclass(frozen=True, eq=False)
class LibraryEmbeddings:
    """Songs as points of one network: `ids` int64 (n,), `points` float32 (n, width)."""

    ids: npt.NDArray[np.int64]
    points: FloatArray


class LibraryStore:
    """A library to read. Use it in a `with` statement, or close it.

    A store may be read while a scan writes it; each call sees whole songs only. One store serves
    one thread at a time. Every method raises LibraryError if the file cannot be read.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a store that exists, to read; LibraryError if it is none of this version."""
        return cls._open(Path(path), ("mode=ro", _ALONE))

    @classmethod
    def open_alone(cls, path: str | Path) -> Self:
        """Open a store that nothing else has open: no file is made beside it. Errors: `open`."""
        return cls._open(Path(path), (_ALONE,))

    @classmethod
    def _open(cls, path: Path, modes: Sequence[str]) -> Self:
        if not path.is_file():
            raise LibraryError(
                f"{shown(path)}: there is no such store. "
                "Make one with: python -m genre_core library scan FOLDER --store FILE"
            )
        with as_library_error(path):
            connection = _connect_to_read(path, modes)
            try:
                schema.check(connection, shown(path))
            except BaseException:
                connection.close()
                raise
        return cls(connection, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def model(self) -> LibraryModel | None:
        """Return the network of the last scan, None before the first."""
        found = self._all(f"SELECT {_MODEL} FROM models ORDER BY last_scan DESC LIMIT 1")
        return rows.model_of(found[0]) if found else None

    def count(self, wanted: SongFilter = ALL) -> int:
        """Return the number of songs."""
        clause, values = where(wanted)
        return int(self._all(f"SELECT count(*) FROM songs{clause}", values)[0][0])

    def n_outdated(self) -> int:
        """Return the number of songs whose scores are not of the last scan's network."""
        return int(self._all(f"SELECT count(*) FROM songs WHERE model_id <> {_LAST}")[0][0])

    def songs(
        self,
        wanted: SongFilter = ALL,
        *,
        sort: str = "path",
        descending: bool = False,
        offset: int = 0,
        limit: int = -1,
    ) -> list[LibrarySong]:
        """Return a page of songs, all of them by default.

        Raises SettingsError if there is no such column to sort by.

        Parameters
        ----------
        sort : one of `query.SORT_KEYS`
        """
        clause, values = where(wanted)
        order = order_by(sort, descending)
        # Ids first: sorting whole rows of a large library takes three times as long.
        page = f"SELECT id FROM songs{clause}{order} LIMIT ? OFFSET ?"
        sql = f"SELECT {_SONGS} FROM songs WHERE id IN ({page}){order}"
        return [rows.song_of(row) for row in self._all(sql, [*values, limit, offset])]

    def song(self, song_id: int) -> LibrarySong | None:
        """Return the song with this id, if there is one."""
        found = self._all(f"SELECT {_SONGS} FROM songs WHERE id = ?", [song_id])
        return rows.song_of(found[0]) if found else None

    def model_of(self, song_id: int) -> LibraryModel | None:
        """Return the network that scored the song with this id, if there is one."""
        sql = f"SELECT {_MODEL} FROM songs JOIN models ON models.id = model_id WHERE songs.id = ?"
        found = self._all(sql, [song_id])
        return rows.model_of(found[0]) if found else None

    def song_at(self, path: str) -> LibrarySong | None:
        """Return the song at this absolute path, if there is one."""
        sql = f"SELECT {_SONGS} FROM songs WHERE path_bytes = ?"
        found = self._all(sql, [os.fsencode(path)])
        return rows.song_of(found[0]) if found else None

    def readings(self, song_id: int) -> SongReadings | None:
        """Return the network's output for a song, if there is one with this id."""
        sql = f"SELECT {_READINGS} FROM readings WHERE song_id = ?"
        found = self._all(sql, [song_id])
        return self._readings(found[0]) if found else None

    def scanned_songs(self, wanted: SongFilter = ALL) -> Iterator[ScannedSong]:
        """Yield every song with the network's output, by id; memory stays small."""
        clause, values = where(wanted, "id > ?")
        joined = f"songs JOIN readings ON song_id = id{clause}"
        sql = f"SELECT {_SONGS}, {_READINGS} FROM {joined} ORDER BY id LIMIT {_BATCH}"
        n_song = 1 + len(rows.SONG_COLUMNS)
        last = -1
        while batch := self._all(sql, [*values, last]):
            for row in batch:
                yield ScannedSong(rows.song_of(row[:n_song]), self._readings(row[n_song:]))
            last = batch[-1][0]

    def genre_counts(self, wanted: SongFilter = ALL) -> dict[str, int]:
        """Return the number of songs of each genre, by verdict; the most frequent first."""
        clause, values = where(wanted)
        sql = f"SELECT genre, count(*) FROM songs{clause} GROUP BY genre ORDER BY 2 DESC, 1"
        return dict(self._all(sql, values))

    def genre_counts_by_year(self, wanted: SongFilter = ALL) -> dict[int, dict[str, int]]:
        """Return the number of songs of each genre in each year, of songs that have a year."""
        clause, values = where(wanted, "year IS NOT NULL")
        sql = f"SELECT year, genre, count(*) FROM songs{clause} GROUP BY year, genre ORDER BY 1, 2"
        by_year: dict[int, dict[str, int]] = {}
        for year, genre, n_songs in self._all(sql, values):
            by_year.setdefault(year, {})[genre] = n_songs
        return by_year

    def genre_tags(self) -> dict[str, int]:
        """Return the number of songs with each genre tag; the most frequent first."""
        sql = "SELECT genre_tag, count(*) FROM songs GROUP BY genre_tag ORDER BY 2 DESC, 1"
        return dict(self._all(sql))

    def embeddings(self, wanted: SongFilter = ALL) -> LibraryEmbeddings:
        """Return the songs as points, by id; only those scored by the last scan's network."""
        clause, values = where(wanted, f"model_id = {_LAST}")
        sql = f"SELECT id, embedding FROM songs JOIN readings ON song_id = id{clause} ORDER BY id"
        found = self._all(sql, values)
        ids = np.array([key for key, _ in found], dtype=np.int64)
        width = len(found[0][1]) // 4 if found else 0
        if any(len(blob) != 4 * width for _, blob in found):
            raise self._damaged()
        points = rows.floats(b"".join(blob for _, blob in found)).reshape(len(ids), width)
        if not np.isfinite(points).all():
            raise self._damaged()
        return LibraryEmbeddings(ids, points)

    def names(self, wanted: SongFilter = ALL) -> list[SongName]:
        """Return id, genre and label of every song, by id; quicker than `songs`."""
        clause, values = where(wanted)
        sql = f"SELECT id, genre, artist, title, path FROM songs{clause} ORDER BY id"
        return [
            SongName(key, genre, label(artist, title, path))
            for key, genre, artist, title, path in self._all(sql, values)
        ]

    def failures(self, *, offset: int = 0, limit: int = -1) -> list[Failure]:
        """Return a page of the files that could not be read, by path."""
        columns = ", ".join(rows.FAILURE_COLUMNS)
        sql = f"SELECT {columns} FROM failures ORDER BY path_bytes LIMIT ? OFFSET ?"
        return [rows.failure_of(row) for row in self._all(sql, [limit, offset])]

    def n_failures(self) -> int:
        """Return the number of files that could not be read."""
        return int(self._all("SELECT count(*) FROM failures")[0][0])

    def check_values(self) -> None:
        """Raise LibraryError if the file, which may come from a stranger, is no scan's work."""
        with as_library_error(self.path):
            untrusted.check_values(self._connection, shown(self.path))

    def to_bytes(self) -> bytes:
        """Return the whole file, with what is still in its log."""
        with as_library_error(self.path):
            return self._connection.serialize()

    def _all(self, sql: str, values: list[object] | None = None) -> list[tuple]:
        with as_library_error(self.path):
            return self._connection.execute(sql, values or []).fetchall()

    def _readings(self, row: tuple) -> SongReadings:
        try:
            return rows.readings_of(row)
        except (ValueError, TypeError) as error:
            raise self._damaged() from error

    def _damaged(self) -> LibraryError:
        return LibraryError(f"{shown(self.path)} is damaged: scan the songs anew.")


_LAST = "(SELECT id FROM models ORDER BY last_scan DESC LIMIT 1)"


def _connect_to_read(path: Path, modes: Sequence[str]) -> sqlite3.Connection:
    """Open a database to read, also where its folder is read-only and no scan is running."""
    uri = path.resolve().as_uri()
    for mode in modes:
        connection = sqlite3.connect(f"{uri}?{mode}", uri=True, check_same_thread=False)
        try:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
            connection.execute("SELECT count(*) FROM sqlite_schema")
        except sqlite3.OperationalError:
            connection.close()
            # A log beside it holds songs that an immutable database would not show.
            log = path.with_name(path.name + "-wal")
            if mode is modes[-1] or (log.exists() and log.stat().st_size):
                raise
        else:
            return connection
    raise AssertionError("unreachable")
