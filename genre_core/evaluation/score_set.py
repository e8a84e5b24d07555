"""The scores of a test set: what the network said of every frame of every song, in a small file.

The file is JSON. Names and provenance are readable; start times and scores are base64 of
little-endian float32 and float16, so that ten thousand frames take less than half a megabyte. No
sound is in it.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from genre_core.datasets.clips import SourceKind
from genre_core.errors import DatasetError
from genre_core.types import FloatArray

FORMAT = "genre_core.scores"
VERSION = 1
MAX_FILE_BYTES = 64 * 2**20
MAX_GENRES = 1_000
MAX_TEXT = 2_000  # characters in one name
EXPECTED = "expected a score file written by `python -m genre_core evaluate`"


@dataclass(frozen=True)
class ScoredClip:
    """One song of the test set; `label` is its true genre, `kind` how it was heard."""

    clip_id: str
    label: str
    artist: str
    title: str
    kind: SourceKind


@dataclass(frozen=True)
class Provenance:
    """Where the scores come from.

    Attributes
    ----------
    command : str
        That made them.
    date : str
        ISO 8601.
    model, model_sha256 : str
        Name and content hash of the network.
    dataset, split : str
        Names of the data set and of the list of songs; "all" for no list.
    trim_seconds : float or None
        Left out at both ends of each song; None: the frames lie in the middle of each clip, and
        what is left over is shared by both ends.
    perturbation : str
        What was done to the sound first; empty for nothing.
    problems : tuple of str
        A sentence for each song that was left out.
    """

    command: str
    date: str
    model: str
    model_sha256: str
    dataset: str
    split: str
    trim_seconds: float | None
    perturbation: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class FrameScores:
    """Scores of all frames of one length, song after song.

    Attributes
    ----------
    counts : int64 (n_songs,)
        Frames of each song, at least 1. Silent ones are left out.
    start_seconds : float32 (n_frames,)
        Of each frame in its song.
    scores : float32 (n_frames, n_genres)
        Rows sum to 1 within 0.0005; rounded to what a file keeps, see `stored_precision`.
    """

    counts: npt.NDArray[np.int64]
    start_seconds: FloatArray
    scores: FloatArray

    def by_clip(self) -> list[FloatArray]:
        """Return the scores of each song, float32 (n_frames of it, n_genres)."""
        return np.split(self.scores, np.cumsum(self.counts)[:-1])

    def clip_index(self) -> npt.NDArray[np.int64]:
        """Return int64 (n_frames,): which song each frame belongs to."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


@dataclass(frozen=True, eq=False)
class ScoreSet:
    """Everything that was measured on a test set in one run.

    Attributes
    ----------
    name : str
    genres : tuple of str
        Columns of the scores.
    clips : tuple of ScoredClip
    frames : mapping of frame length in seconds to FrameScores
        As asked for; a song that is shorter is one short frame.
    provenance : Provenance
    """

    name: str
    genres: tuple[str, ...]
    clips: tuple[ScoredClip, ...]
    frames: Mapping[float, FrameScores]
    provenance: Provenance

    def labels(self) -> npt.NDArray[np.int64]:
        """Return int64 (n_songs,): each song's true genre as an index into `genres`."""
        return np.array([self.genres.index(clip.label) for clip in self.clips], dtype=np.int64)

    def has_several_frames(self, below: float = np.inf) -> bool:
        """Return whether a song has several frames of a length shorter than `below` seconds."""
        return any(
            bool((scored.counts > 1).any())
            for seconds, scored in self.frames.items()
            if seconds < below
        )


def stored_precision(scores: npt.ArrayLike) -> FloatArray:
    """Round scores (n, n_genres) to what a file keeps, so that file and memory agree exactly.

    float16 keeps 11 bits of each number, also of the very small ones; a row still sums to 1 within
    0.0005.
    """
    return np.asarray(scores, dtype=np.float16).astype(np.float32)


def dump_score_set(score_set: ScoreSet) -> bytes:
    """Return the content of a score file.

    Raises
    ------
    DatasetError
        If the score set is not consistent (see `load_score_set`).
    """
    frames = [
        {
            "frame_seconds": frame_seconds,
            "counts": scored.counts.tolist(),
            "start_seconds": _encode(scored.start_seconds, "<f4"),
            "scores": _encode(scored.scores, "<f2"),
        }
        for frame_seconds, scored in sorted(score_set.frames.items())
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
        "frames": frames,
    }
    data = json.dumps(record, ensure_ascii=False, indent=0, allow_nan=False).encode()
    parse_score_set(data, score_set.name)  # what cannot be read back is not given out
    return data


def save_score_set(path: str | Path, score_set: ScoreSet) -> None:
    """Write a score file; one that is already there is replaced when all is written.

    Raises
    ------
    DatasetError
        If the score set is not consistent (see `load_score_set`) or the file cannot be written.
    """
    data = dump_score_set(score_set)
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise DatasetError(f"{path}: cannot be written ({error.strerror}).") from error


def load_score_set(path: str | Path) -> ScoreSet:
    """Read a score file.

    Raises
    ------
    DatasetError
        If it is missing, too large, or anything else than a consistent score file.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise DatasetError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}); {EXPECTED}.") from error
    return parse_score_set(data, str(path))


def parse_score_set(data: bytes, source: str) -> ScoreSet:
    """Read a score file's content.

    Parameters
    ----------
    data : bytes
    source : str
        For the error message.

    Raises
    ------
    DatasetError
    """
    if len(data) > MAX_FILE_BYTES:
        raise DatasetError(f"{source}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
    try:
        return _parse(json.loads(data))
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{source}: {error}; {EXPECTED}.") from error


def _parse(record: Any) -> ScoreSet:
    """Build a ScoreSet; ValueError says what is wrong."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError("not a score file")
    if record.get("version") != VERSION:
        raise ValueError(
            f"version {record.get('version')!r}, but this program reads version {VERSION}"
        )
    genres = tuple(_texts(record.get("genres"), "genres"))
    if not 2 <= len(genres) <= MAX_GENRES or len(set(genres)) != len(genres):
        raise ValueError("genres must be different names, at least two")
    clips = _clips(record.get("clips"), genres)
    frames = record.get("frames")
    if not isinstance(frames, list) or not frames:
        raise ValueError("no frames")
    return ScoreSet(
        name=_text(record.get("name"), "name"),
        genres=genres,
        clips=clips,
        frames=dict(_frames(item, len(clips), len(genres)) for item in frames),
        provenance=_provenance(record.get("provenance")),
    )


def _clips(value: Any, genres: Sequence[str]) -> tuple[ScoredClip, ...]:
    names = [item.name for item in fields(ScoredClip)]
    if not isinstance(value, dict) or set(value) != set(names):
        raise ValueError(f"clips must have the lists {', '.join(names)}")
    columns = [_texts(value[name], name) for name in names]
    if len({len(column) for column in columns}) != 1 or not columns[0]:
        raise ValueError("the lists in clips must be of one length, at least 1")
    clips = tuple(ScoredClip(*row) for row in zip(*columns, strict=True))
    if len({clip.clip_id for clip in clips}) != len(clips):
        raise ValueError("a clip_id stands there twice")
    for clip in clips:
        if clip.label not in genres:
            raise ValueError(f"{clip.clip_id}: its label {clip.label!r} is not among the genres")
        if clip.kind not in get_args(SourceKind):
            raise ValueError(f"{clip.clip_id}: unknown kind {clip.kind!r}")
    return clips


def _frames(value: Any, n_clips: int, n_genres: int) -> tuple[float, FrameScores]:
    if not isinstance(value, dict):
        raise ValueError("each item of frames must be an object")
    frame_seconds = _number(value.get("frame_seconds"), "frame_seconds")
    counts = value.get("counts")
    if (
        not isinstance(counts, list)
        or len(counts) != n_clips
        or not all(type(count) is int and count >= 1 for count in counts)
    ):
        raise ValueError(f"counts must be {n_clips} whole numbers of at least 1")
    n_frames = sum(counts)
    starts = _decode(value.get("start_seconds"), "<f4", (n_frames,), "start_seconds")
    scores = _decode(value.get("scores"), "<f2", (n_frames, n_genres), "scores")
    if (scores < 0).any() or (abs(scores.sum(axis=1) - 1) > 0.001).any():
        raise ValueError("the scores of each frame must be at least 0 and sum to 1")
    return frame_seconds, FrameScores(np.array(counts, dtype=np.int64), starts, scores)


def _provenance(value: Any) -> Provenance:
    names = {item.name for item in fields(Provenance)}
    if not isinstance(value, dict) or set(value) != names:
        raise ValueError(f"provenance must have {', '.join(sorted(names))}")
    texts = {name: _text(value[name], name) for name in names - {"trim_seconds", "problems"}}
    trim = value["trim_seconds"]
    return Provenance(
        **texts,
        trim_seconds=None if trim is None else _number(trim, "trim_seconds"),
        problems=tuple(_texts(value["problems"], "problems")),
    )


def _texts(value: Any, name: str) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list of texts")
    return [_text(item, name) for item in value]


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueError(f"{name} must be text of at most {MAX_TEXT} characters")
    return value


def _number(value: Any, name: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1e6:
        raise ValueError(f"{name} must be a number of at least 0")
    return float(value)


def _encode(values: npt.NDArray[Any], dtype: str) -> str:
    return base64.b64encode(values.astype(dtype).tobytes()).decode("ascii")


def _decode(value: Any, dtype: str, shape: tuple[int, ...], name: str) -> FloatArray:
    if not isinstance(value, str):
        raise ValueError(f"{name} must be base64 text")
    try:
        data = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError(f"{name} is not base64") from error
    if len(data) != np.dtype(dtype).itemsize * int(np.prod(shape)):
        raise ValueError(f"{name} has not the length of {shape} numbers")
    values = np.frombuffer(data, dtype=dtype).reshape(shape).astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} holds values that are not finite")
    return values
