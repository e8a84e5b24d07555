"""Songs, readings and failures as rows of a store, and back."""

import json
import os
from typing import Any

import numpy as np

from genre_core.library.songs import (
    Failure,
    FileState,
    LibraryModel,
    LibrarySong,
    SongReadings,
    SongTags,
)
from genre_core.types import FloatArray

SONG_COLUMNS = (
    *("path_bytes", "path", "n_bytes", "mtime_ns", "sha256"),
    *("artist", "title", "album", "year", "genre_tag"),
    *("duration_seconds", "genre", "runner_up", "confidence", "margin", "disagreement", "n_frames"),
    *("first_half_genre", "second_half_genre", "unlike_training", "tag_differs", "scanned_at"),
)
READING_COLUMNS = (
    *("frame_scores", "silent", "start_seconds", "frame_seconds"),
    *("scores", "embedding", "receipt"),
)
MODEL_COLUMNS = ("sha256", "name", "genres", "frame_seconds", "trim_seconds", "aggregation")
FAILURE_COLUMNS = ("path_bytes", "path", "n_bytes", "mtime_ns", "error", "failed_at")


def text(value: str) -> str:
    """Return text that SQLite can hold: bytes that are not UTF-8 become `?`."""
    return value.encode("utf-8", "replace").decode("utf-8")


def song_row(song: LibrarySong) -> tuple[Any, ...]:
    """Return the values of `SONG_COLUMNS`."""
    tags = song.tags
    return (
        *(os.fsencode(song.path), text(song.path)),
        *(song.file.n_bytes, song.file.mtime_ns, song.sha256),
        *(text(tags.artist), text(tags.title), text(tags.album), tags.year, text(tags.genre)),
        *(song.duration_seconds, song.genre, song.runner_up),
        *(song.confidence, song.margin, song.disagreement, song.n_frames),
        *(song.first_half_genre, song.second_half_genre),
        *(song.unlike_training, song.tag_differs, song.scanned_at),
    )


def song_of(row: tuple[Any, ...]) -> LibrarySong:
    """Return a song of its id and the values of `SONG_COLUMNS`."""
    (key, path_bytes, _, n_bytes, mtime_ns, sha256, artist, title, album, year, tag, *rest) = row
    (seconds, genre, runner_up, confidence, margin, disagreement, n_frames, *rest) = rest
    first_half, second_half, unlike_training, differs, scanned_at = rest
    return LibrarySong(
        path=os.fsdecode(path_bytes),
        file=FileState(n_bytes, mtime_ns),
        sha256=sha256,
        tags=SongTags(artist, title, album, year, tag),
        duration_seconds=seconds,
        genre=genre,
        runner_up=runner_up,
        confidence=confidence,
        margin=margin,
        disagreement=disagreement,
        n_frames=n_frames,
        first_half_genre=first_half,
        second_half_genre=second_half,
        unlike_training=bool(unlike_training),
        tag_differs=None if differs is None else bool(differs),
        scanned_at=scanned_at,
        id=key,
    )


def readings_row(readings: SongReadings) -> tuple[Any, ...]:
    """Return the values of `READING_COLUMNS`."""
    return (
        *(_blob(readings.frame_scores), readings.silent.astype(np.uint8).tobytes()),
        *(readings.start_seconds, readings.frame_seconds),
        *(_blob(readings.scores), _blob(readings.embedding), json.dumps(list(readings.receipt))),
    )


def readings_of(row: tuple[Any, ...]) -> SongReadings:
    """Return readings of the values of `READING_COLUMNS`; ValueError if they do not fit."""
    frame_scores, silent, start, seconds, scores, embedding, receipt = row
    song_scores = floats(scores)
    return SongReadings(
        frame_scores=floats(frame_scores).reshape(len(silent), len(song_scores)),
        silent=np.frombuffer(silent, dtype=np.uint8).astype(bool),
        start_seconds=start,
        frame_seconds=seconds,
        scores=song_scores,
        embedding=floats(embedding),
        receipt=tuple(str(step) for step in json.loads(receipt)),
    )


def failure_row(failure: Failure) -> tuple[Any, ...]:
    """Return the values of `FAILURE_COLUMNS`."""
    return (
        *(os.fsencode(failure.path), text(failure.path)),
        *(failure.file.n_bytes, failure.file.mtime_ns, text(failure.error), failure.failed_at),
    )


def failure_of(row: tuple[Any, ...]) -> Failure:
    """Return a failure of the values of `FAILURE_COLUMNS`."""
    path_bytes, _, n_bytes, mtime_ns, error, failed_at = row
    return Failure(os.fsdecode(path_bytes), FileState(n_bytes, mtime_ns), error, failed_at)


def model_of(row: tuple[Any, ...]) -> LibraryModel:
    """Return a model of the values of `MODEL_COLUMNS`."""
    sha256, name, genres, frame_seconds, trim_seconds, aggregation = row
    names = tuple(str(genre) for genre in json.loads(genres))
    return LibraryModel(name, sha256, names, frame_seconds, trim_seconds, aggregation)


def floats(blob: bytes) -> FloatArray:
    """Return the float32 array of a blob; ValueError if its length does not fit."""
    return np.frombuffer(blob, dtype="<f4").astype(np.float32)


def _blob(values: FloatArray) -> bytes:
    return np.ascontiguousarray(values, dtype="<f4").tobytes()
