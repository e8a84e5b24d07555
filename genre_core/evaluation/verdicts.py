"""From the saved scores of a test set to a verdict for each song, by any aggregation or by kNN."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.evaluation import knn
from genre_core.evaluation.knn import KnnSettings, knn_evidence
from genre_core.evaluation.metrics import per_song
from genre_core.evaluation.score_set import FrameScores, ScoreSet
from genre_core.inference import aggregate

KNN = "knn"
AGGREGATIONS: tuple[str, ...] = (*aggregate.AGGREGATES, KNN)
NAMES: dict[str, str] = {**aggregate.NAMES, KNN: "kNN"}
EXPLAINED: dict[str, str] = {
    **aggregate.EXPLAINED,
    KNN: "For each frame, kNN looks up the k frames with the most similar scores in a reference "
    "set, songs whose genre is known. The song gets the genre that is most frequent among the "
    "neighbours of its frames.",
}

FloatRows = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SongVerdicts:
    """The verdicts of all songs of a test set.

    Attributes
    ----------
    evidence : (n_frames, n_genres), the contribution of each frame: a song's verdict is the largest
        entry of the mean over its frames
    by_song : (n_songs, n_genres), rows sum to 1: scores for the mean and the geometric mean, shares
        of frames for the vote, shares of all neighbours for kNN
    """

    evidence: FloatRows
    by_song: FloatRows


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The effect of combining the frames on each song.

    Attributes
    ----------
    right : (n_songs,), the song's verdict is correct
    frames_right : (n_songs,), share of the song's frames whose own best genre is correct
    """

    right: npt.NDArray[np.bool_]
    frames_right: FloatRows

    @property
    def repaired(self) -> npt.NDArray[np.bool_]:
        """Where the song is right though some of its frames are wrong, (n_songs,)."""
        return self.right & (self.frames_right < 1)

    @property
    def broken(self) -> npt.NDArray[np.bool_]:
        """Where the song is wrong though some of its frames are right, (n_songs,)."""
        return ~self.right & (self.frames_right > 0)

    @property
    def won(self) -> float:
        """Gain of song over frame accuracy by the repaired songs, as a share of all songs."""
        return float((1 - self.frames_right)[self.repaired].sum() / len(self.right))

    @property
    def lost(self) -> float:
        """Loss by the broken songs, as a share of all songs; won - lost is the whole difference."""
        return float(self.frames_right[self.broken].sum() / len(self.right))


def song_verdicts(
    score_set: ScoreSet,
    frame_seconds: float,
    aggregation: str,
    reference: ScoreSet | None = None,
    settings: KnnSettings = knn.DEFAULT,
) -> SongVerdicts:
    """Combine the frames of every song.

    Raises SettingsError if there is no such aggregation, or the reference set does not fit.

    Parameters
    ----------
    frame_seconds : one of the set's frame lengths
    aggregation : one of `AGGREGATIONS`
    reference : for kNN; by default the other songs of the set
    settings : for kNN
    """
    frames = score_set.frames[frame_seconds]
    if aggregation == KNN:
        shares = knn_evidence(score_set, frame_seconds, reference or score_set, settings)
        evidence = aggregate.with_ties_broken(shares, frames.scores)
        return SongVerdicts(evidence, mean_by_song(evidence, frames.counts))
    evidence = aggregate.frame_evidence(frames.scores, aggregation)
    return SongVerdicts(evidence, song_scores(frames, aggregation))


def song_scores(frames: FrameScores, aggregation: str = "mean") -> FloatRows:
    """Aggregate the frames of each song, (n_songs, n_genres), by one of `aggregate.AGGREGATES`.

    Raises SettingsError if there is no such aggregation.
    """
    aggregate.check_aggregation(aggregation)
    function = aggregate.AGGREGATES[aggregation]
    return np.stack([function(scores) for scores in frames.by_clip()])


def verdict_so_far(evidence: npt.ArrayLike, aggregation: str) -> FloatRows:
    """Return the verdict after the first frame of a song, after the first two, and so on.

    The result is (n_frames, n_genres). Rows sum to 1; the last one is the song's in
    `SongVerdicts.by_song`.

    Parameters
    ----------
    evidence : float (n_frames, n_genres), of one song, as in `SongVerdicts`
    aggregation : one of `AGGREGATIONS`
    """
    evidence = np.asarray(evidence, dtype=np.float64)
    mean = evidence.cumsum(axis=0) / np.arange(1, len(evidence) + 1)[:, None]
    return aggregate.from_mean_evidence(mean, aggregation)


def mean_by_song(evidence: FloatRows, counts: npt.ArrayLike) -> FloatRows:
    """Average the frames of each song and normalise rows to sum 1.

    Parameters
    ----------
    evidence : (n_frames, n_genres), not negative, song after song
    counts : int (n_songs,), frames of each song
    """
    counts = np.asarray(counts, dtype=np.int64)
    sums = np.add.reduceat(evidence, np.cumsum(counts) - counts, axis=0)
    by_song: FloatRows = sums / sums.sum(axis=1, keepdims=True)
    return by_song


def outcomes(reference: npt.ArrayLike, frames: FrameScores, by_song: FloatRows) -> Outcomes:
    """Return the effect of combining the frames on each song.

    Parameters
    ----------
    reference : int (n_songs,)
    by_song : float (n_songs, n_genres)
    """
    reference = np.asarray(reference, dtype=np.int64)
    song = frames.clip_index()
    frame_correct = frames.scores.argmax(axis=1) == reference[song]
    n_correct, n_frames = per_song(frame_correct, song)
    return Outcomes(right=by_song.argmax(axis=1) == reference, frames_right=n_correct / n_frames)
