"""A library as a table for other programs: Parquet, CSV, JSON lines, and beets."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from genre_core.errors import LibraryError
from genre_core.library.query import ALL, SongFilter
from genre_core.library.songs import LibraryModel, ScannedSong
from genre_core.library.store import LibraryStore
from genre_core.records import atomic_write

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet runs such texts
_SONGS_IN_COMMAND = 50
_ROWS_IN_GROUP = 10_000  # of Parquet; memory follows it

_TEXT, _REAL, _WHOLE, _FLAG = pa.string(), pa.float64(), pa.int64(), pa.bool_()
COLUMNS: dict[str, pa.DataType] = {
    "path": _TEXT,
    "sha256": _TEXT,
    "artist": _TEXT,
    "title": _TEXT,
    "album": _TEXT,
    "year": _WHOLE,
    "genre_tag": _TEXT,
    "duration_seconds": _REAL,
    "genre": _TEXT,
    "runner_up": _TEXT,
    "confidence": _REAL,
    "margin": _REAL,
    "disagreement": _REAL,
    "n_frames": _WHOLE,
    "first_half_genre": _TEXT,
    "second_half_genre": _TEXT,
    "unlike_training": _FLAG,
    "tag_differs": _FLAG,
    "scanned_at": _TEXT,
}
Row = dict[str, Any]


def export(store: LibraryStore, path: str | Path, form: str, wanted: SongFilter = ALL) -> int:
    """Write songs to a file, whole or not at all; return how many.

    Raises LibraryError if the file cannot be written or the store holds no scan.

    Parameters
    ----------
    form : a key of `FORMATS`
    """
    model = _model(store)
    n_songs = 0

    def counted() -> Iterator[ScannedSong]:
        nonlocal n_songs
        for item in store.scanned_songs(wanted):
            n_songs += 1
            yield item

    with _as_library_error(path), atomic_write(path) as file:
        FORMATS[form](file, counted(), model)
    return n_songs


def export_bytes(store: LibraryStore, form: str, wanted: SongFilter = ALL) -> bytes:
    """Return what `export` writes; parameters and errors are those of `export`."""
    file = io.BytesIO()
    FORMATS[form](file, store.scanned_songs(wanted), _model(store))
    return file.getvalue()


def song_row(item: ScannedSong) -> Row:
    """Return the values of `COLUMNS`; a name that is not UTF-8 has `?` in it."""
    song = item.song
    row = {
        "path": readable(song.path),
        "sha256": song.sha256,
        "artist": song.tags.artist,
        "title": song.tags.title,
        "album": song.tags.album,
        "year": song.tags.year,
        "genre_tag": song.tags.genre,
    }
    return row | {name: getattr(song, name) for name in COLUMNS if name not in row}


def readable(path: str) -> str:
    """Return a path with `?` for bytes that are not UTF-8."""
    return path.encode("utf-8", "replace").decode("utf-8")


def safe_cell(value: object) -> object:
    """Return a value for CSV; a text that a spreadsheet would run as a formula gets a `'`."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def write_csv(file: BinaryIO, songs: Iterable[ScannedSong], model: LibraryModel) -> None:
    """Write a line a song: `COLUMNS`, then the score of each genre."""
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*COLUMNS, *(f"score_{genre}" for genre in model.genres)])
    for item in songs:
        scores = [round(float(score), 6) for score in item.readings.scores]
        row = (safe_cell(_rounded(value)) for value in song_row(item).values())
        table.writerow([*row, *scores])
    text.detach()


def write_json_lines(file: BinaryIO, songs: Iterable[ScannedSong], model: LibraryModel) -> None:
    """Write a JSON object a song: `COLUMNS`, `scores`, and `frames` with their scores."""
    for item in songs:
        readings = item.readings
        record = song_row(item) | {
            "scores": _named(model, readings.scores),
            "frames": [
                {
                    "start_seconds": readings.start_seconds + index * readings.frame_seconds,
                    "silent": bool(silent),
                    "scores": _named(model, scores),
                }
                for index, (silent, scores) in enumerate(
                    zip(readings.silent, readings.frame_scores, strict=True)
                )
            ],
        }
        file.write(json.dumps(record, allow_nan=False).encode("ascii") + b"\n")


def write_parquet(file: BinaryIO, songs: Iterable[ScannedSong], model: LibraryModel) -> None:
    """Write `COLUMNS`, the score of each genre, and the embedding as a list."""
    names = [f"score_{genre}" for genre in model.genres]
    schema = pa.schema(
        [
            *COLUMNS.items(),
            *((name, pa.float32()) for name in names),
            ("embedding", pa.list_(pa.float32())),
        ]
    )
    rows = (
        song_row(item)
        | dict(zip(names, item.readings.scores.tolist(), strict=False))
        | {"embedding": item.readings.embedding.tolist()}
        for item in songs
    )
    with pq.ParquetWriter(file, schema) as table:
        while batch := list(islice(rows, _ROWS_IN_GROUP)):
            table.write_table(pa.Table.from_pylist(batch, schema))


def write_beets(file: BinaryIO, songs: Iterable[ScannedSong], model: LibraryModel) -> None:
    """Write a shell script that gives songs their genre in a beets library; see docs/library.md."""
    file.write(b"#!/bin/sh\n# Changes the beets library alone; `beet write` then changes files.\n")
    waiting: dict[str, list[bytes]] = {genre: [] for genre in model.genres}
    for item in songs:
        paths = waiting.setdefault(item.song.genre, [])
        paths.append(_shell_quoted(b"path:" + os.fsencode(item.song.path)))
        if len(paths) == _SONGS_IN_COMMAND:
            file.write(_beets_command(item.song.genre, paths))
            paths.clear()
    for genre, paths in waiting.items():
        if paths:
            file.write(_beets_command(genre, paths))


FORMATS: dict[str, Callable[[BinaryIO, Iterable[ScannedSong], LibraryModel], None]] = {
    "parquet": write_parquet,
    "csv": write_csv,
    "jsonl": write_json_lines,
    "beets": write_beets,
}


def _model(store: LibraryStore) -> LibraryModel:
    model = store.model()
    if model is None:
        raise LibraryError(f"{store.path}: nothing has been scanned into this store yet.")
    return model


def _named(model: LibraryModel, scores: Any) -> dict[str, float]:
    return {genre: float(score) for genre, score in zip(model.genres, scores, strict=False)}


def _rounded(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


def _beets_command(genre: str, paths: list[bytes]) -> bytes:
    value = _shell_quoted(b"genre=" + genre.encode())
    # A comma of its own is beets' "or".
    return b"beet modify --yes --nowrite --nomove " + b" , ".join(paths) + b" " + value + b"\n"


def _shell_quoted(text: bytes) -> bytes:
    return b"'" + text.replace(b"'", b"'\\''") + b"'"


@contextmanager
def _as_library_error(path: str | Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LibraryError(
            f"{readable(str(path))} cannot be written ({error.strerror}): choose another file."
        ) from error
