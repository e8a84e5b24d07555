"""From the scores of a song's frames to one verdict. No network is needed."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from genre_core.errors import AudioError, SettingsError
from genre_core.types import Verdict

FloatRows = npt.NDArray[np.float64]

SCORE_FLOOR: float = 1e-10  # smallest score before a logarithm
TIE_BREAK_WEIGHT: float = 1e-9  # votes of the mean: enough to break a tie, too few to be seen

CLOSE_SHARE: float = 0.5  # a genre with so much of the best one's score is close to it
MOST_CLOSE: int = 3

# A name and a sentence for the reader on each aggregation.
NAMES: dict[str, str] = {
    "mean": "mean",
    "geometric_mean": "geometric mean",
    "majority_vote": "majority vote",
}
EXPLAINED: dict[str, str] = {
    "mean": "The mean adds up the frames’ scores and divides by their number: every frame counts "
    "the same.",
    "geometric_mean": "The geometric mean multiplies the frames’ scores: one frame that rules a "
    "genre out counts much.",
    "majority_vote": "In the vote, each frame names one genre, however sure it is.",
}


def mean(scores: npt.ArrayLike) -> FloatRows:
    """Average scores, float (n_frames, n_genres) with rows that sum to 1, over the frames.

    The result, (n_genres,), sums to 1 and does not depend on the order of the frames, to the last
    bit. Raises ValueError if `scores` is of another shape, is empty, or has other rows.
    """
    return _aggregate(scores, "mean")


def geometric_mean(scores: npt.ArrayLike) -> FloatRows:
    """Multiply the frames' scores, take the n-th root and normalise; shapes and errors as `mean`.

    A genre that one frame rules out falls far behind, but a score of 0 counts as 1e-10, so that
    single zeros in every genre do not leave nothing.
    """
    return _aggregate(scores, "geometric_mean")


def majority_vote(scores: npt.ArrayLike) -> FloatRows:
    """Give each genre the share of the frames that score it best; shapes and errors as `mean`.

    A tie is broken by the mean, which has a billionth of a vote: the tied shares still read as
    equal, and the largest entry is the winner.
    """
    return _aggregate(scores, "majority_vote")


AGGREGATES: dict[str, Callable[[npt.ArrayLike], FloatRows]] = {
    "mean": mean,
    "geometric_mean": geometric_mean,
    "majority_vote": majority_vote,
}


def frame_evidence(scores: npt.ArrayLike, aggregation: str) -> FloatRows:
    """Return the contribution of each frame to its song's verdict, (n_frames, n_genres).

    The verdict is the largest entry of the mean over a song's frames: of scores for the mean, of
    their logarithms for the geometric mean, of ones and zeros for the vote. Raises SettingsError if
    there is no such aggregation, ValueError as `mean`.
    """
    check_aggregation(aggregation)
    rows = _check_scores(scores)
    if aggregation == "geometric_mean":
        logarithms: FloatRows = np.log(np.maximum(rows, SCORE_FLOOR))
        return logarithms
    if aggregation == "majority_vote":
        return with_ties_broken(np.eye(rows.shape[1])[rows.argmax(axis=1)], rows)
    return rows


def from_mean_evidence(evidence: FloatRows, aggregation: str) -> FloatRows:
    """Turn a mean over frames of evidence into scores (..., n_genres) that sum to 1."""
    values = np.exp(evidence) if aggregation == "geometric_mean" else evidence
    scores: FloatRows = values / values.sum(axis=-1, keepdims=True)
    return scores


def with_ties_broken(shares: FloatRows, scores: npt.ArrayLike) -> FloatRows:
    """Add a billionth of the scores to shares of votes: enough to decide a tie."""
    return shares + TIE_BREAK_WEIGHT * np.asarray(scores, dtype=np.float64)


def check_aggregation(aggregation: str) -> None:
    """Raise SettingsError if there is no such aggregation."""
    if aggregation not in AGGREGATES:
        raise SettingsError(
            f"There is no aggregation “{aggregation}”: choose one of {', '.join(AGGREGATES)}."
        )


def verdict(
    scores: npt.ArrayLike,
    genres: Sequence[str],
    aggregation: str = "mean",
    silent: npt.ArrayLike | None = None,
) -> Verdict:
    """Aggregate the scores of a song's frames into its verdict.

    With "majority_vote" the confidence is a share of the frames, not a probability; in a tie the
    margin is 0 and `genre` is the one with the higher mean.

    Raises SettingsError if there is no such aggregation, AudioError if every frame is left out,
    ValueError if shapes do not match or a row of `scores` does not sum to 1.

    Parameters
    ----------
    scores : float (n_frames, n_genres), rows sum to 1
    genres : names of the columns, two or more
    aggregation : a key of `AGGREGATES`
    silent : bool (n_frames,), frames to leave out
    """
    check_aggregation(aggregation)
    rows = _check_scores(scores)
    if rows.shape[1] != len(genres) or len(genres) < 2:
        raise ValueError(
            f"expected one column of scores for each of two or more genres, "
            f"got {rows.shape[1]} columns and {len(genres)} genres"
        )
    if silent is not None:
        left_out = np.asarray(silent, dtype=bool)
        if left_out.shape != (len(rows),):
            raise ValueError(f"expected `silent` of shape ({len(rows)},), got {left_out.shape}")
        rows = rows[~left_out]
        if len(rows) == 0:
            raise AudioError("Every frame is silent: there is nothing to judge.")

    exact_scores = AGGREGATES[aggregation](rows)
    best, second = np.argsort(-exact_scores, kind="stable")[:2]
    song_scores = exact_scores.astype(np.float32)
    return Verdict(
        genres=tuple(genres),
        scores=song_scores,
        genre=genres[best],
        runner_up=genres[second],
        confidence=float(song_scores[best]),
        margin=float(song_scores[best] - song_scores[second]),
        disagreement=float(np.mean(rows.argmax(axis=1) != best)),
        n_frames=len(rows),
        aggregation=aggregation,
    )


def close_genres(verdict: Verdict) -> tuple[str, ...]:
    """Return the verdict's genre, and up to two more with at least half its score; best first."""
    order = np.argsort(-verdict.scores, kind="stable")[:MOST_CLOSE]
    least = CLOSE_SHARE * verdict.confidence
    return tuple(verdict.genres[i] for i in order if verdict.scores[i] >= least)


def _check_scores(scores: npt.ArrayLike) -> FloatRows:
    rows = np.asarray(scores, dtype=np.float64)
    if rows.ndim != 2 or 0 in rows.shape:
        raise ValueError(f"expected scores of shape (n_frames, n_genres), got {rows.shape}")
    # 1e-3 leaves room for float16 softmax; NaN and infinity fail it too.
    if not ((rows >= 0).all() and (abs(rows.sum(axis=1) - 1) < 1e-3).all()):
        raise ValueError("expected scores that are not negative and sum to 1 in each frame")
    return rows


def _aggregate(scores: npt.ArrayLike, aggregation: str) -> FloatRows:
    # Sorted first: a float sum depends on its order, and then so could a close verdict.
    evidence = np.sort(frame_evidence(scores, aggregation), axis=0)
    return from_mean_evidence(evidence.mean(axis=0), aggregation)
