"""The score file: a `ScoreSet` as JSON.

Names and provenance are readable; start times and scores are base64 of little-endian float32 and
float16, so that ten thousand frames take less than half a megabyte. No sound is in it.
"""

import base64
import binascii
import json
import re
from collections import Counter
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt

from genre_core.errors import DatasetError
from genre_core.evaluation.score_set import (
    CROSS_VALIDATION,
    FrameScores,
    Provenance,
    ScoredClip,
    ScoredKind,
    ScoreSet,
)
from genre_core.records import Between, Size, atomic_write, build, parse_json, read_json
from genre_core.types import FloatArray

FORMAT = "genre_core.scores"
VERSION = 2  # 1 had list and scheme in one text
MAX_FILE_BYTES = 64 * 2**20
MAX_GENRES = 1_000
MAX_FRAMES = 2**24
EXPECTED = "expected a score file written by `python -m genre_core evaluate`"

Base64 = Annotated[str, Size(0, MAX_FILE_BYTES)]
Count = Annotated[int, Between(1, MAX_FRAMES)]


@dataclass(frozen=True)
class _Clips:
    """The fields of `ScoredClip` as lists over the songs."""

    clip_id: tuple[str, ...]
    label: tuple[str, ...]
    artist: tuple[str, ...]
    title: tuple[str, ...]
    kind: tuple[ScoredKind, ...]


@dataclass(frozen=True)
class _Frames:
    frame_seconds: Annotated[float, Between(0, 1e6)]
    counts: tuple[Count, ...]
    start_seconds: Base64
    scores: Base64


@dataclass(frozen=True)
class _File:
    format: str
    version: int
    name: str
    provenance: Provenance
    genres: Annotated[tuple[str, ...], Size(2, MAX_GENRES)]
    clips: _Clips
    frames: Annotated[tuple[_Frames, ...], Size(1, 1_000)]


def dump_score_set(score_set: ScoreSet) -> bytes:
    """Return the content of a score file; DatasetError if the score set is not consistent."""
    frame_records = [
        {
            "frame_seconds": frame_seconds,
            "counts": frames.counts.tolist(),
            "start_seconds": _encode(frames.start_seconds, "<f4"),
            "scores": _encode(frames.scores, "<f2"),
        }
        for frame_seconds, frames in sorted(score_set.frames.items())
    ]
    record = {
        "format": FORMAT,
        "version": VERSION,
        "name": score_set.name,
        "provenance": asdict(score_set.provenance),
        "genres": list(score_set.genres),
        "clips": {
            item.name: [getattr(clip, item.name) for clip in score_set.clips]
            for item in fields(ScoredClip)
        },
        "frames": frame_records,
    }
    data = json.dumps(record, ensure_ascii=False, indent=0, allow_nan=False).encode()
    parse_score_set(data, score_set.name)  # what cannot be read back is not returned
    return data


def save_score_set(path: str | Path, score_set: ScoreSet) -> None:
    """Write a score file; DatasetError if it is not consistent or cannot be written."""
    data = dump_score_set(score_set)
    try:
        with atomic_write(path) as file:
            file.write(data)
    except OSError as error:
        raise DatasetError(f"{path}: cannot be written ({error.strerror}).") from error


def load_score_set(path: str | Path) -> ScoreSet:
    """Read a score file; DatasetError if it is missing, too large or not consistent."""
    try:
        return _parse(read_json(path, MAX_FILE_BYTES))
    except ValueError as error:
        raise DatasetError(f"{path}: {error}; {EXPECTED}.") from error


def parse_score_set(data: bytes, source: str) -> ScoreSet:
    """Read a score file's content; DatasetError names `source`."""
    if len(data) > MAX_FILE_BYTES:
        raise DatasetError(f"{source}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
    try:
        return _parse(parse_json(data))
    except ValueError as error:
        raise DatasetError(f"{source}: {error}; {EXPECTED}.") from error


def _parse(value: Any) -> ScoreSet:
    """Build a ScoreSet; ValueError says what is wrong."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError("not a score file")
    if value.get("version") == 1:
        value = _from_version_1(value)
    if value.get("version") != VERSION:
        raise ValueError(
            f"version {value.get('version')!r}, but this program reads versions 1 and {VERSION}"
        )
    record = build(_File, value)
    if len(set(record.genres)) != len(record.genres):
        raise ValueError("genres must be different names")
    clips = _clips(record.clips, record.genres)
    return ScoreSet(
        name=record.name,
        genres=record.genres,
        clips=clips,
        frames={
            item.frame_seconds: _frames(item, len(clips), len(record.genres))
            for item in record.frames
        },
        provenance=record.provenance,
    )


def _from_version_1(value: dict[str, Any]) -> dict[str, Any]:
    """Take the list and the scheme from the text that held both, e.g. "test (given)"."""
    provenance = value.get("provenance")
    if not isinstance(provenance, dict) or not isinstance(provenance.get("split"), str):
        raise ValueError("provenance has no field 'split'")
    rest = {key: item for key, item in provenance.items() if key != "split"}
    split = provenance["split"]
    if " folds, seed " in split:
        split = f"{CROSS_VALIDATION} ({split})"
    match = re.fullmatch(r"([^(]*?)(?: \((.*)\))?", split)
    list_name, scheme = match.groups("") if match else (split, "")
    return {
        **value,
        "version": VERSION,
        "provenance": {**rest, "list_name": list_name, "scheme": scheme},
    }


def _clips(columns: _Clips, genres: tuple[str, ...]) -> tuple[ScoredClip, ...]:
    lists = [getattr(columns, item.name) for item in fields(ScoredClip)]
    if len({len(column) for column in lists}) != 1 or not lists[0]:
        raise ValueError("the lists in clips must be of one length, at least 1")
    clips = tuple(ScoredClip(*row) for row in zip(*lists, strict=True))
    clip_id, n = Counter(clip.clip_id for clip in clips).most_common(1)[0]
    if n > 1:
        raise ValueError(f"clips.clip_id has {clip_id!r} twice")
    for clip in clips:
        if clip.label not in genres:
            raise ValueError(f"{clip.clip_id}: its label {clip.label!r} is not among the genres")
    return clips


def _frames(record: _Frames, n_clips: int, n_genres: int) -> FrameScores:
    if len(record.counts) != n_clips:
        raise ValueError(f"counts has {len(record.counts)} items for {n_clips} songs")
    n_frames = sum(record.counts)
    starts = _decode(record.start_seconds, "<f4", (n_frames,), "start_seconds")
    scores = _decode(record.scores, "<f2", (n_frames, n_genres), "scores")
    if (scores < 0).any() or (abs(scores.sum(axis=1) - 1) > 0.001).any():
        raise ValueError("the scores of each frame must be at least 0 and sum to 1")
    return FrameScores(np.array(record.counts, dtype=np.int64), starts, scores)


def _encode(values: npt.NDArray[Any], dtype: str) -> str:
    return base64.b64encode(values.astype(dtype).tobytes()).decode("ascii")


def _decode(text: str, dtype: str, shape: tuple[int, ...], name: str) -> FloatArray:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"{name} is not base64") from error
    if len(data) != np.dtype(dtype).itemsize * int(np.prod(shape)):
        raise ValueError(f"{name} has not the length of {shape} numbers")
    values = np.frombuffer(data, dtype=dtype).reshape(shape).astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} holds values that are not finite")
    return values
