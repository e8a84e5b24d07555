"""From the saved scores of a test set to a verdict for each song, in any of the four ways."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.errors import SettingsError
from genre_core.evaluation import knn
from genre_core.evaluation.knn import KnnSettings, knn_evidence
from genre_core.evaluation.metrics import per_song
from genre_core.evaluation.score_set import FrameScores, ScoreSet
from genre_core.inference import aggregate
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


def song_scores(frames: FrameScores, aggregation: str = "mean") -> npt.NDArray[np.float64]:
    """Aggregate the frames of each song.

    Parameters
    ----------
    frames : FrameScores
    aggregation : str
        A key of `aggregate.AGGREGATES`.

    Returns
    -------
    float64 (n_songs, n_genres)

    Raises
    ------
    SettingsError
        If there is no such aggregation.
    """
    if aggregation not in aggregate.AGGREGATES:
        known = ", ".join(aggregate.AGGREGATES)
        raise SettingsError(f"No aggregation is named {aggregation!r}; choose {known}.")
    function = aggregate.AGGREGATES[aggregation]
    return np.stack([function(scores) for scores in frames.by_clip()])


def frame_evidence(frames: FrameScores, aggregation: str = "mean") -> npt.NDArray[np.float64]:
    """Return what each frame brings into its song's verdict.

    Parameters
    ----------
    frames : FrameScores
    aggregation : str
        A key of `aggregate.AGGREGATES`.

    Returns
    -------
    float64 (n_frames, n_genres)
        A song's verdict is the largest entry of the mean over its frames: scores for the mean,
        their logarithms for the geometric mean, and for the vote 1 for the best genre (and a
        billionth of the scores, which breaks ties).
    """
    scores = frames.scores.astype(np.float64)
    if aggregation == "geometric_mean":
        logarithms: npt.NDArray[np.float64] = np.log(np.maximum(scores, aggregate.SCORE_FLOOR))
        return logarithms
    if aggregation == "majority_vote":
        votes = np.eye(scores.shape[1])[scores.argmax(axis=1)]
        return with_ties_broken(votes, scores)
    return scores


def with_ties_broken(
    shares: npt.NDArray[np.float64], scores: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Add a billionth of the scores to shares of votes: enough to decide a tie."""
    return shares + aggregate.TIE_VOTE * np.asarray(scores, dtype=np.float64)


def mean_by_song(
    evidence: npt.NDArray[np.float64], counts: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Average the frames of each song and let the rows sum to 1.

    Parameters
    ----------
    evidence : float (n_frames, n_genres), not negative
        Song after song.
    counts : int (n_songs,)
        Frames of each song.
    """
    counts = np.asarray(counts, dtype=np.int64)
    sums = np.add.reduceat(evidence, np.cumsum(counts) - counts, axis=0)
    by_song: npt.NDArray[np.float64] = sums / sums.sum(axis=1, keepdims=True)
    return by_song


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What combining the frames did to each song.

    Attributes
    ----------
    right : bool (n_songs,)
        The song was named rightly.
    frames_right : float64 (n_songs,)
        Share of its frames that were.
    """

    right: npt.NDArray[np.bool_]
    frames_right: npt.NDArray[np.float64]

    @property
    def repaired(self) -> npt.NDArray[np.bool_]:
        """The song is right though some of its frames are wrong."""
        return self.right & (self.frames_right < 1)

    @property
    def broken(self) -> npt.NDArray[np.bool_]:
        """The song is wrong though some of its frames are right."""
        return ~self.right & (self.frames_right > 0)

    @property
    def won(self) -> float:
        """Share of all songs that the repaired ones brought over naming a song by one frame."""
        return float((1 - self.frames_right)[self.repaired].sum() / len(self.right))

    @property
    def lost(self) -> float:
        """Share of all songs that the broken ones cost; won - lost is the whole difference."""
        return float(self.frames_right[self.broken].sum() / len(self.right))


def outcomes(
    reference: npt.ArrayLike, frames: FrameScores, by_song: npt.NDArray[np.float64]
) -> Outcomes:
    """Tell for each song what combining its frames did.

    Parameters
    ----------
    reference : int (n_songs,)
    frames : FrameScores
    by_song : float (n_songs, n_genres)
    """
    reference = np.asarray(reference, dtype=np.int64)
    song = frames.clip_index()
    frame_right = frames.scores.argmax(axis=1) == reference[song]
    n_right, n_frames = per_song(frame_right, song)
    return Outcomes(right=by_song.argmax(axis=1) == reference, frames_right=n_right / n_frames)
