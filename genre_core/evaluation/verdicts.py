"""From the saved scores of a test set to a verdict for each song, in any of the four ways."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.evaluation import knn
from genre_core.evaluation.knn import KnnSettings, knn_evidence
from genre_core.evaluation.metrics import (
    frame_evidence,
    mean_by_song,
    song_scores,
    with_ties_broken,
)
from genre_core.evaluation.score_set import ScoreSet
from genre_core.inference.aggregate import AGGREGATES

KNN = "knn"
AGGREGATIONS: tuple[str, ...] = (*AGGREGATES, KNN)


@dataclass(frozen=True, eq=False)
class Judged:
    """What the frames of each song come to.

    Attributes
    ----------
    evidence : float64 (n_frames, n_genres)
        What each frame brings in: a song's verdict is the largest entry of the mean over them.
    by_song : float64 (n_songs, n_genres)
        Rows sum to 1: scores for the mean and the geometric mean, shares of frames for the vote,
        shares of all neighbours for kNN.
    """

    evidence: npt.NDArray[np.float64]
    by_song: npt.NDArray[np.float64]


def verdict_so_far(evidence: npt.ArrayLike, aggregation: str) -> npt.NDArray[np.float64]:
    """Return what the first frame, the first two ... of one song come to.

    Parameters
    ----------
    evidence : float (n_frames, n_genres)
        Of the song's frames, as in `Judged`.
    aggregation : str
        One of `AGGREGATIONS`.

    Returns
    -------
    float64 (n_frames, n_genres)
        Rows sum to 1; the last is the song's in `Judged.by_song`.
    """
    evidence = np.asarray(evidence, dtype=np.float64)
    mean = evidence.cumsum(axis=0) / np.arange(1, len(evidence) + 1)[:, None]
    if aggregation == "geometric_mean":  # its evidence are logarithms
        mean = np.exp(mean)
    shares: npt.NDArray[np.float64] = mean / mean.sum(axis=1, keepdims=True)
    return shares


def judge(
    score_set: ScoreSet,
    frame_seconds: float,
    aggregation: str,
    reference: ScoreSet | None = None,
    settings: KnnSettings = knn.DEFAULT,
) -> Judged:
    """Combine the frames of every song.

    Parameters
    ----------
    score_set : ScoreSet
    frame_seconds : float
        One of the lengths that it has.
    aggregation : str
        One of `AGGREGATIONS`.
    reference, settings
        For "knn"; without a reference set the songs themselves are, each left out for its own
        frames.

    Raises
    ------
    SettingsError
        If there is no such aggregation, or the reference set does not fit.
    """
    frames = score_set.frames[frame_seconds]
    if aggregation == KNN:
        reference = score_set if reference is None else reference
        shares = knn_evidence(score_set, frame_seconds, reference, settings)
        evidence = with_ties_broken(shares, frames.scores)
        return Judged(evidence, mean_by_song(evidence, frames.counts))
    return Judged(frame_evidence(frames, aggregation), song_scores(frames, aggregation))
