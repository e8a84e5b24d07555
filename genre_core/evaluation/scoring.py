"""Run a network over a test set."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from genre_core.datasets.clips import Clip
from genre_core.datasets.uploads import OwnTestSet
from genre_core.errors import DatasetError
from genre_core.evaluation.score_set import FrameScores, Provenance, ScoreSet, stored_precision
from genre_core.evaluation.song_frames import (
    CutSettings,
    LabelledSong,
    songs_of_clips,
    songs_of_uploads,
)
from genre_core.evaluation.song_run import SongRun
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import FloatArray

UPLOAD_COMMAND = "page “Test set”, your own test set"
CLIPS = CutSettings()


@dataclass(frozen=True)
class SongList:
    """The provenance of a list of songs.

    Attributes
    ----------
    name : of the test set
    list_name, scheme, command : as in `Provenance`
    problems : sentences about songs that have been left out
    """

    name: str
    dataset: str
    list_name: str = "all"
    scheme: str = ""
    command: str = ""
    problems: tuple[str, ...] = ()


class ScoringRun(SongRun):
    """A `SongRun` that scores, and returns a `ScoreSet` of the songs that are done.

    Raises DatasetError if a label is not a genre of the recognizer, or there is no song.

    Parameters
    ----------
    settings : those by which the songs are cut
    clock : seconds; only differences count
    """

    def __init__(
        self,
        recognizer: GenreRecognizer,
        songs: Sequence[LabelledSong],
        settings: CutSettings,
        song_list: SongList,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        if not songs:
            raise DatasetError(f"{song_list.name}: nothing to score: add songs.")
        unknown = sorted({song.clip.label for song in songs} - set(recognizer.info.genres))
        if unknown:
            raise DatasetError(f"The model does not know {unknown[0]!r}: leave such songs out.")
        super().__init__(songs, settings.frame_lengths, recognizer.score, clock)
        self._model = recognizer.info
        self._settings = settings
        self._song_list = song_list

    def result(self) -> ScoreSet:
        """Return the scores of the songs that are done; the provenance names those that are not.

        Raises DatasetError if no song is scored yet.
        """
        song_list, progress, rows = self._song_list, self.progress, self.rows
        problems = [*song_list.problems, *self.failures]
        if not self.is_finished:
            problems.append(f"Stopped after {progress.songs_done} of {progress.n_songs} songs.")
        if not rows:
            raise DatasetError(
                f"{song_list.name}: no song could be scored. {' '.join(problems[:3])}"
            )
        frames = {
            seconds: join_songs([song.parts[index] for song in rows])
            for index, seconds in enumerate(self._settings.frame_lengths)
        }
        provenance = Provenance(
            command=song_list.command,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            model=self._model.name,
            model_sha256=self._model.sha256,
            dataset=song_list.dataset,
            list_name=song_list.list_name,
            scheme=song_list.scheme,
            trim_seconds=self._settings.trim_seconds,
            perturbation=self._settings.perturbation,
            problems=tuple(problems),
            warnings=self.warnings,
        )
        clips = tuple(song.clip for song in rows)
        return ScoreSet(song_list.name, self._model.genres, clips, frames, provenance)


def score_dataset(
    recognizer: GenreRecognizer,
    clips: Sequence[Clip],
    song_list: SongList,
    settings: CutSettings = CLIPS,
    on_progress: Callable[[int, int], None] | None = None,
) -> ScoreSet:
    """Score every frame of every clip that is not silent.

    Clips that cannot be read are left out, and `provenance.problems` names them. Raises
    DatasetError if a song occurs twice, a label is not a genre of the recognizer, or no clip could
    be scored.

    Parameters
    ----------
    clips : one for each song
    on_progress : called with (songs done, songs); exceptions propagate
    """
    songs = songs_of_clips(clips, recognizer, settings)
    run = ScoringRun(recognizer, songs, settings, song_list)
    run.finish(on_progress)
    return run.result()


def score_uploads(
    recognizer: GenreRecognizer,
    test_set: OwnTestSet,
    settings: CutSettings = CLIPS,
    clock: Callable[[], float] = time.perf_counter,
) -> ScoringRun:
    """Return a run that scores uploaded songs step by step; errors as in `ScoringRun`."""
    songs = songs_of_uploads(test_set.songs, recognizer, settings)
    song_list = SongList(
        test_set.name, test_set.name, command=UPLOAD_COMMAND, problems=test_set.problems
    )
    return ScoringRun(recognizer, songs, settings, song_list, clock)


def join_songs(songs: Sequence[tuple[FloatArray, FloatArray]]) -> FrameScores:
    """Join the frames of one length: start_seconds (n_frames,) and scores (n_frames, n_genres)."""
    return FrameScores(
        counts=np.array([len(start) for start, _ in songs], dtype=np.int64),
        start_seconds=np.concatenate([start for start, _ in songs]),
        scores=np.concatenate([stored_precision(scores) for _, scores in songs]),
    )
