"""One file becomes one song of the library: its tags, its hash, and the network's output."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from genre_core.checkpoints.loading import load_network
from genre_core.config import FrameSettings
from genre_core.errors import GenreError, LibraryError
from genre_core.inference import aggregate
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.similarity import song_embedding
from genre_core.library.files import FoundFile, sha256_of
from genre_core.library.songs import (
    Failure,
    LibraryModel,
    LibrarySong,
    ScannedSong,
    SongReadings,
    SongTags,
    tag_differs,
)
from genre_core.library.tags import read_tags


@dataclass(frozen=True)
class Task:
    """A file to read; `known` is the song that it held with the same content, if there is one."""

    found: FoundFile
    known: LibrarySong | None = None


ReadSong = Callable[[Task], ScannedSong]


class Reader(Protocol):
    """What reads songs: is sent to each worker, which loads it once."""

    @property
    def model(self) -> LibraryModel:
        """The network, and how it cuts songs."""

    def load(self) -> ReadSong:
        """Return the function that reads one file, ready to use."""


@dataclass(frozen=True)
class GenreReader:
    """Reads songs by a checkpoint or published file at `model_path`, which must be `model`."""

    model_path: str
    model: LibraryModel

    def load(self) -> ReadSong:
        """Load the network, once in a process; LibraryError if it is not `model`."""
        recognizer = _recognizer(self.model_path)
        if recognizer.info.sha256 != self.model.sha256:
            raise LibraryError(
                f"{self.model_path}: a worker finds another network there than the scan. "
                "Give all machines the same file."
            )
        return functools.partial(read_song, recognizer, self.model)


def genre_reader(
    model_path: str | Path, frame_seconds: float | None = None, trim_seconds: float | None = None
) -> GenreReader:
    """Return the reader of a network; None: the network's own setting. ModelError as `load`."""
    path = str(Path(model_path).resolve())
    recognizer = _recognizer(path)
    own = recognizer.frame_settings
    settings = FrameSettings(
        own.frame_seconds if frame_seconds is None else frame_seconds,
        own.trim_seconds if trim_seconds is None else trim_seconds,
    )
    return GenreReader(path, library_model(recognizer, settings))


def library_model(recognizer: GenreRecognizer, settings: FrameSettings) -> LibraryModel:
    """Return a network, and how it cuts songs, as a store has them."""
    info = recognizer.info
    return LibraryModel(
        info.name, info.sha256, info.genres, settings.frame_seconds, settings.trim_seconds
    )


def read_batch(reader: Reader, tasks: Sequence[Task]) -> list[ScannedSong | Failure]:
    """Read files one after another; one that cannot be read does not stop the others."""
    read = reader.load()
    return [read_or_fail(read, task) for task in tasks]


def read_or_fail(read: ReadSong, task: Task) -> ScannedSong | Failure:
    """Read one file, or say why that fails."""
    try:
        return read(task)
    except (GenreError, OSError) as error:
        return failure(task, str(error))
    except Exception as error:
        # A fault of the program in one of 100,000 songs must not end a night's work.
        return failure(task, f"The program failed ({type(error).__name__}: {error}).")


def failure(task: Task, error: str) -> Failure:
    """Return the failure of a file, now."""
    return Failure(task.found.path, task.found.file, error, now())


def read_song(recognizer: GenreRecognizer, model: LibraryModel, task: Task) -> ScannedSong:
    """Analyse one file. Raises AudioError as `GenreRecognizer.analyse`; OSError propagates.

    Parameters
    ----------
    task : tags and hash of `known` are taken over
    """
    path, known = task.found.path, task.known
    settings = FrameSettings(model.frame_seconds, model.trim_seconds)
    analysis = recognizer.analyse(path, settings)
    sha256 = known.sha256 if known else sha256_of(path)
    tags = known.tags if known else read_tags(path)
    return scanned_song(analysis, task.found, sha256, tags, model.aggregation)


def scanned_song(
    analysis: SongAnalysis, found: FoundFile, sha256: str, tags: SongTags, aggregation: str = "mean"
) -> ScannedSong:
    """Return an analysed song as the library stores it; AudioError if every frame is silent."""
    verdict = analysis.verdict(aggregation)
    frames, genres = analysis.frames, analysis.model.genres
    counted = analysis.scores[~frames.silent]
    # The middle frame of an odd number belongs to both halves.
    halves = counted[: (len(counted) + 1) // 2], counted[len(counted) // 2 :]
    first, second = (aggregate.verdict(half, genres, aggregation).genre for half in halves)
    song = LibrarySong(
        path=found.path,
        file=found.file,
        sha256=sha256,
        tags=tags,
        duration_seconds=float(analysis.waveform.receipt.duration_seconds),
        genre=verdict.genre,
        runner_up=verdict.runner_up,
        confidence=verdict.confidence,
        margin=verdict.margin,
        disagreement=verdict.disagreement,
        n_frames=verdict.n_frames,
        first_half_genre=first,
        second_half_genre=second,
        unlike_training=analysis.unlike_training,
        tag_differs=tag_differs(tags.genre, verdict.genre),
        scanned_at=now(),
    )
    readings = SongReadings(
        frame_scores=analysis.scores,
        silent=frames.silent,
        start_seconds=frames.spans[0].start_seconds,
        frame_seconds=float(frames.frame_seconds),
        scores=verdict.scores,
        embedding=song_embedding(analysis.embeddings[~frames.silent]),
        receipt=(*analysis.waveform.receipt.steps, *frames.steps),
    )
    return ScannedSong(song, readings, analysis.waveform.receipt.warnings)


def now() -> str:
    """Return the time, ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@functools.lru_cache(maxsize=1)
def _recognizer(model_path: str) -> GenreRecognizer:
    return GenreRecognizer(*load_network(model_path), is_fast=True)
