"""The songs of a test set as points: each song's embedding by one network, in a small file.

The file is JSON and holds no sound: names, where the embeddings come from, and for each song a
vector of length 1, to three decimals.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import numpy as np

from genre_core.assets import EMBEDDINGS_FOLDER
from genre_core.datasets.clips import Clip, SourceKind
from genre_core.datasets.feature_cache import FeatureCache
from genre_core.errors import DatasetError, GenreError
from genre_core.evaluation.bundled import score_file
from genre_core.evaluation.score_set import ScoredClip
from genre_core.evaluation.scoring import cut_clip
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.similarity import MIN_SONGS, song_embedding
from genre_core.types import FloatArray

FORMAT = "genre_core.embeddings"
VERSION = 1
EXPECTED = "expected a file written by `python -m genre_core embed`"
MAX_FILE_BYTES = 32 * 2**20
_DECIMALS = 3


@dataclass(frozen=True)
class Provenance:
    """Where embeddings come from: command, date (ISO 8601), network, songs, frame length."""

    command: str
    date: str
    model: str
    model_sha256: str
    dataset: str
    split: str
    frame_seconds: float


@dataclass(frozen=True, eq=False)
class EmbeddingSet:
    """Songs and their embeddings.

    Attributes
    ----------
    songs : tuple of ScoredClip
    embeddings : float32 (n_songs, width)
        Rows of length 1.
    provenance : Provenance
    """

    songs: tuple[ScoredClip, ...]
    embeddings: FloatArray
    provenance: Provenance


def embeddings_file(model: str, dataset: str, which: str, folder: Path = EMBEDDINGS_FOLDER) -> Path:
    """Return where the embeddings of a list of songs by one network belong."""
    return score_file(model, dataset, which, folder=folder)


def embed_dataset(
    recognizer: GenreRecognizer,
    clips: Sequence[Clip],
    on_progress: Callable[[int, int], None] | None = None,
    *,
    dataset: str,
    split: str,
    command: str,
) -> tuple[EmbeddingSet, tuple[str, ...]]:
    """Embed every clip, cut into the network's own frames as `scoring` cuts it.

    Parameters
    ----------
    recognizer : GenreRecognizer
    clips : sequence of Clip
        One for each song.
    on_progress : callable of (songs done, songs), optional
        What it raises ends the work and reaches the caller.
    dataset, split, command : str
        For the record.

    Returns
    -------
    EmbeddingSet
    problems : tuple of str
        A sentence for each clip that could not be read.

    Raises
    ------
    DatasetError
        If fewer songs are left than neighbours and a map make sense for.
    """
    seconds = recognizer.frame_settings.frame_seconds
    cache = FeatureCache(recognizer.features)
    songs, embeddings, problems = [], [], []
    for done, clip in enumerate(clips, start=1):
        try:
            [(_, log_mel)] = cut_clip(clip, [seconds], cache)
        except GenreError as error:
            problems.append(f"{clip.clip_id}: {error}")
        else:
            embeddings.append(song_embedding(recognizer.embed(log_mel)))
            songs.append(ScoredClip(clip.clip_id, clip.label, clip.artist, clip.title, clip.kind))
        if on_progress is not None:
            on_progress(done, len(clips))
    if len(songs) < MIN_SONGS:
        raise DatasetError(
            f"{dataset}: {len(songs)} songs could be embedded, at least {MIN_SONGS} are needed. "
            + " ".join(problems[:3])
        )
    provenance = Provenance(
        command=command,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        model=recognizer.info.name,
        model_sha256=recognizer.info.sha256,
        dataset=dataset,
        split=split,
        frame_seconds=seconds,
    )
    return EmbeddingSet(tuple(songs), np.stack(embeddings), provenance), tuple(problems)


def save_embeddings(path: Path, embedding_set: EmbeddingSet) -> None:
    """Write an embedding file.

    Raises
    ------
    DatasetError
        If it cannot be written.
    """
    record = {
        "format": FORMAT,
        "version": VERSION,
        "provenance": asdict(embedding_set.provenance),
        "songs": [asdict(song) for song in embedding_set.songs],
        "embeddings": np.round(embedding_set.embeddings.astype(np.float64), _DECIMALS).tolist(),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(path.name + ".partial")
        text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise DatasetError(f"{path}: cannot be written ({error.strerror}).") from error


def load_embeddings(path: Path) -> EmbeddingSet:
    """Read an embedding file.

    Raises
    ------
    DatasetError
        If it is missing, too large, or anything else than a consistent embedding file.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise DatasetError(f"{path}: larger than {MAX_FILE_BYTES // 2**20} MiB; {EXPECTED}.")
        return _parse(json.loads(path.read_bytes()))
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}); {EXPECTED}.") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise DatasetError(f"{path}: {error!s}; {EXPECTED}.") from error


def read_embedding_files(folder: Path = EMBEDDINGS_FOLDER) -> tuple[EmbeddingSet, ...]:
    """Read every embedding file in `folder`, sorted by name; none where there is no folder.

    Raises
    ------
    DatasetError
        If one of them is not an embedding file.
    """
    return tuple(load_embeddings(path) for path in sorted(folder.glob("*.json")))


def _parse(record: Any) -> EmbeddingSet:
    """Build an EmbeddingSet; ValueError, TypeError or KeyError where something is wrong."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError("not an embedding file")
    if record.get("version") != VERSION:
        raise ValueError(f"version {record.get('version')!r}, but this program reads {VERSION}")
    songs = tuple(ScoredClip(**_texts(song)) for song in record["songs"])
    if len({song.clip_id for song in songs}) != len(songs):
        raise ValueError("a clip_id stands there twice")
    unknown = {song.kind for song in songs} - set(get_args(SourceKind))
    if unknown:
        raise ValueError(f"unknown kind {unknown.pop()!r}")
    embeddings = np.asarray(record["embeddings"], dtype=np.float32)
    if len(songs) < MIN_SONGS or embeddings.ndim != 2 or len(embeddings) != len(songs):
        raise ValueError(f"there must be one embedding for each of at least {MIN_SONGS} songs")
    lengths = np.linalg.norm(embeddings, axis=1)
    if not (abs(lengths - 1.0) < 0.01).all():  # also where a number is not finite
        raise ValueError("every embedding must be of length 1")
    values = dict(record["provenance"])
    seconds = float(values.pop("frame_seconds"))
    if not math.isfinite(seconds) or seconds <= 0.0:
        raise ValueError("frame_seconds must be above 0")
    names = {item.name for item in fields(Provenance)} - {"frame_seconds"}
    if set(values) != names:
        raise ValueError(f"provenance must have {', '.join(sorted(names))} and frame_seconds")
    return EmbeddingSet(
        songs=songs,
        embeddings=(embeddings / lengths[:, np.newaxis]).astype(np.float32),
        provenance=Provenance(**_texts(values), frame_seconds=seconds),
    )


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    """Return `values` where all of them are text."""
    for name, value in values.items():
        if not isinstance(value, str):
            raise ValueError(f"{name} must be text")
    return values
