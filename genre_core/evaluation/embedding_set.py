"""The songs of a test set as points: each song's embedding by one network, in a small file.

The file is JSON and holds no sound: names, where the embeddings come from, and for each song a
vector of length 1, to three decimals.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import numpy as np

from genre_core.assets import EMBEDDINGS_FOLDER
from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError
from genre_core.evaluation.bundled import score_file
from genre_core.evaluation.score_set import ScoredClip
from genre_core.evaluation.scoring import SongList
from genre_core.evaluation.song_frames import CutSettings, songs_of_clips
from genre_core.evaluation.song_run import SongRun
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.similarity import MIN_SONGS, song_embedding
from genre_core.records import Between, Size, atomic_write, build, read_json
from genre_core.types import FloatArray

FORMAT = "genre_core.embeddings"
VERSION = 2
EXPECTED = "expected a file written by `python -m genre_core embed`"
MAX_FILE_BYTES = 32 * 2**20
MAX_SONGS = 100_000
_DECIMALS = 3


@dataclass(frozen=True)
class Provenance:
    """Where embeddings come from: as `score_set.Provenance`, and the frame length."""

    command: str
    date: str
    model: str
    model_sha256: str
    dataset: str
    list_name: str
    scheme: str
    frame_seconds: Annotated[float, Between(1e-3, 1e6)]


@dataclass(frozen=True)
class _File:
    format: str
    version: int
    provenance: Provenance
    songs: Annotated[tuple[ScoredClip, ...], Size(MIN_SONGS, MAX_SONGS)]
    embeddings: tuple[tuple[Annotated[float, Between(-1.1, 1.1)], ...], ...]


@dataclass(frozen=True, eq=False)
class EmbeddingSet:
    """Songs and their embeddings.

    Attributes
    ----------
    embeddings : float32 (n_songs, width), rows of length 1
    """

    songs: tuple[ScoredClip, ...]
    embeddings: FloatArray
    provenance: Provenance


def embeddings_file(model: str, dataset: str, which: str, folder: Path = EMBEDDINGS_FOLDER) -> Path:
    """Return the path for the embeddings of a list of songs by one network."""
    return score_file(model, dataset, which, folder=folder)


def embed_dataset(
    recognizer: GenreRecognizer,
    clips: Sequence[Clip],
    song_list: SongList,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[EmbeddingSet, tuple[str, ...]]:
    """Embed every clip, cut into the network's own frames.

    Returns the set and a sentence for each clip that could not be read. Raises DatasetError if a
    song occurs twice, or fewer than `MIN_SONGS` could be embedded.

    Parameters
    ----------
    clips : one for each song
    on_progress : called with (songs done, songs); exceptions propagate
    """
    seconds = recognizer.frame_settings.frame_seconds
    songs = songs_of_clips(clips, recognizer, CutSettings((seconds,)))
    run = SongRun(songs, (seconds,), lambda log_mel: recognizer.read(log_mel).embeddings)
    run.finish(on_progress)
    if len(run.rows) < MIN_SONGS:
        raise DatasetError(
            f"{song_list.dataset}: {len(run.rows)} songs could be embedded, at least {MIN_SONGS} "
            f"are needed. {' '.join(run.failures[:3])}"
        )
    provenance = Provenance(
        command=song_list.command,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        model=recognizer.info.name,
        model_sha256=recognizer.info.sha256,
        dataset=song_list.dataset,
        list_name=song_list.list_name,
        scheme=song_list.scheme,
        frame_seconds=seconds,
    )
    embeddings = np.stack([song_embedding(song.parts[0][1]) for song in run.rows])
    clips_done = tuple(song.clip for song in run.rows)
    return EmbeddingSet(clips_done, embeddings, provenance), run.failures


def save_embeddings(path: Path, embedding_set: EmbeddingSet) -> None:
    """Write an embedding file; DatasetError if it cannot be written."""
    record = {
        "format": FORMAT,
        "version": VERSION,
        "provenance": asdict(embedding_set.provenance),
        "songs": [asdict(song) for song in embedding_set.songs],
        "embeddings": np.round(embedding_set.embeddings.astype(np.float64), _DECIMALS).tolist(),
    }
    try:
        with atomic_write(path) as file:
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())
    except OSError as error:
        raise DatasetError(f"{path}: cannot be written ({error.strerror}).") from error


def load_embeddings(path: Path) -> EmbeddingSet:
    """Read an embedding file; DatasetError if it is missing, too large or not consistent."""
    try:
        return _parse(read_json(path, MAX_FILE_BYTES))
    except ValueError as error:
        raise DatasetError(f"{path}: {error}; {EXPECTED}.") from error


def read_embedding_files(folder: Path = EMBEDDINGS_FOLDER) -> tuple[EmbeddingSet, ...]:
    """Read every embedding file in `folder`, sorted by name; none where there is no folder."""
    return tuple(load_embeddings(path) for path in sorted(folder.glob("*.json")))


def _parse(value: Any) -> EmbeddingSet:
    """Build an EmbeddingSet; ValueError says what is wrong."""
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ValueError("not an embedding file")
    if value.get("version") != VERSION:
        raise ValueError(
            f"version {value.get('version')!r}, but this program reads version {VERSION}: "
            "make the file again"
        )
    record = build(_File, value)
    clip_id, n = Counter(song.clip_id for song in record.songs).most_common(1)[0]
    if n > 1:
        raise ValueError(f"songs has the clip_id {clip_id!r} twice")
    if len({len(row) for row in record.embeddings}) > 1:
        raise ValueError("the embeddings must be of one width")
    if len(record.embeddings) != len(record.songs):
        raise ValueError("there must be one embedding for each song")
    embeddings = np.array(record.embeddings, dtype=np.float32)
    lengths = np.linalg.norm(embeddings, axis=1)
    if (abs(lengths - 1.0) >= 0.01).any():
        raise ValueError("every embedding must be of length 1")
    return EmbeddingSet(
        songs=record.songs,
        embeddings=(embeddings / lengths[:, np.newaxis]).astype(np.float32),
        provenance=record.provenance,
    )
