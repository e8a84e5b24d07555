"""The usual measures of a score set, at one frame length and aggregation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.errors import SettingsError
from genre_core.evaluation.calibration import expected_calibration_error
from genre_core.evaluation.metrics import (
    Estimate,
    GenreMetrics,
    IntArray,
    averaging_gain,
    confusion_matrix,
    frame_accuracy,
    mean_of_diagonal,
    per_genre,
    song_accuracy,
)
from genre_core.evaluation.score_set import FrameScores, ScoreSet
from genre_core.evaluation.verdicts import song_scores


@dataclass(frozen=True, eq=False)
class Summary:
    """The usual measures of one set of songs at one frame length and aggregation.

    Attributes
    ----------
    song_accuracy : with Wilson's interval
    frame_accuracy : with a bootstrap over songs, as the frames of a song are not independent
    averaging_gain : song accuracy minus frame accuracy, with a bootstrap over songs
    song_confusion, frame_confusion : (n_genres, n_genres), rows are true genres
    song_diagonal, frame_diagonal : mean recall over the genres, 0 to 1: the paper's accuracy
    per_genre : over songs
    calibration_error : expected calibration error over songs
    """

    n_songs: int
    n_frames: int
    song_accuracy: Estimate
    frame_accuracy: Estimate
    averaging_gain: Estimate
    song_confusion: IntArray
    frame_confusion: IntArray
    song_diagonal: float
    frame_diagonal: float
    per_genre: tuple[GenreMetrics, ...]
    calibration_error: float

    @property
    def macro_f1(self) -> float:
        """Mean over the labels that occur of their F1 by song, 0 to 1."""
        occurring = [genre.f1 for genre in self.per_genre if genre.support]
        return sum(occurring) / len(occurring)


def summarise(
    score_set: ScoreSet,
    frame_seconds: float,
    aggregation: str = "mean",
) -> Summary:
    """Measure a score set.

    Raises SettingsError if it has no such frame length, or there is no such aggregation.

    Parameters
    ----------
    frame_seconds : one of the set's frame lengths
    aggregation : a key of `aggregate.AGGREGATES`
    """
    if frame_seconds not in score_set.frames:
        known = ", ".join(f"{seconds:g}" for seconds in sorted(score_set.frames))
        raise SettingsError(f"No scores for frames of {frame_seconds:g} s; there are {known} s.")
    frames = score_set.frames[frame_seconds]
    by_song = song_scores(frames, aggregation)
    return measure(score_set.labels(), frames, by_song, score_set.genres)


def measure(
    reference: IntArray,
    frames: FrameScores,
    by_song: npt.NDArray[np.float64],
    genres: Sequence[str],
) -> Summary:
    """Measure the verdicts of songs from any aggregation.

    Parameters
    ----------
    reference : (n_songs,)
    frames : of the same songs
    by_song : (n_songs, n_genres)
    """
    n_genres = len(genres)
    estimate = by_song.argmax(axis=1)
    clip_index = frames.clip_index()
    frame_reference = reference[clip_index]
    frame_estimate = frames.scores.argmax(axis=1)
    song_confusion = confusion_matrix(reference, estimate, n_genres)
    frame_confusion = confusion_matrix(frame_reference, frame_estimate, n_genres)
    correct, frame_correct = reference == estimate, frame_reference == frame_estimate
    return Summary(
        n_songs=len(reference),
        n_frames=len(frame_reference),
        song_accuracy=song_accuracy(reference, estimate),
        frame_accuracy=frame_accuracy(frame_correct, clip_index),
        averaging_gain=averaging_gain(correct, frame_correct, clip_index),
        song_confusion=song_confusion,
        frame_confusion=frame_confusion,
        song_diagonal=mean_of_diagonal(song_confusion),
        frame_diagonal=mean_of_diagonal(frame_confusion),
        per_genre=per_genre(reference, estimate, genres),
        calibration_error=expected_calibration_error(reference, by_song),
    )
