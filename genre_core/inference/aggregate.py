"""The scores of a song's frames become one verdict. No network is needed for any of it."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from genre_core.errors import AudioError, SettingsError
from genre_core.types import Verdict

FloatRows = npt.NDArray[np.float64]

SCORE_FLOOR: float = 1e-10  # smallest score before a logarithm
TIE_BREAK_WEIGHT: float = 1e-9  # votes of the mean: enough to break a tie, too few to be seen

VERY_SURE: float = 0.8  # confidence from which the words below are used
FAIRLY_SURE: float = 0.5
UNSURE: float = 0.3
CLOSE_MARGIN: float = 0.1  # margin below which the first two genres are nearly tied


# Of each aggregation, for a reader: a short name and one sentence.
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
    """Average the frames' scores.

    Returns float64 (n_genres,): sums to 1. Does not depend on the order of the frames, to the last
    bit. Raises ValueError if `scores` is not of that shape, is empty, or has rows that are not on
    the simplex.

    Parameters
    ----------
    scores : float (n_frames, n_genres), rows sum to 1
    """
    return _combined(scores, "mean")


def geometric_mean(scores: npt.ArrayLike) -> FloatRows:
    """Multiply the frames' scores, take the n-th root and normalise; parameters as `mean`.

    A genre that one frame rules out falls far behind, but a score of 0 counts as 1e-10, so that
    single zeros in every genre do not leave nothing.
    """
    return _combined(scores, "geometric_mean")


def majority_vote(scores: npt.ArrayLike) -> FloatRows:
    """Give each genre the share of the frames that score it best; parameters as `mean`.

    A tie is broken by the mean, which has a billionth of a vote: the tied shares still read as
    equal, and the largest entry is the winner.
    """
    return _combined(scores, "majority_vote")


AGGREGATES: dict[str, Callable[[npt.ArrayLike], FloatRows]] = {
    "mean": mean,
    "geometric_mean": geometric_mean,
    "majority_vote": majority_vote,
}


def frame_evidence(scores: npt.ArrayLike, aggregation: str) -> FloatRows:
    """Return what each frame adds to its song's verdict.

    Returns float64 (n_frames, n_genres): the verdict is the largest entry of the mean over a song's
    frames: of scores for the mean, of their logarithms for the geometric mean, of ones and zeros
    for the vote. Raises SettingsError if there is no such aggregation. Raises ValueError as `mean`.

    Parameters
    ----------
    scores : float (n_frames, n_genres), rows sum to 1
    aggregation : str, a key of `AGGREGATES`
    """
    check_aggregation(aggregation)
    checked = _checked(scores)
    if aggregation == "geometric_mean":
        logarithms: FloatRows = np.log(np.maximum(checked, SCORE_FLOOR))
        return logarithms
    if aggregation == "majority_vote":
        return with_ties_broken(np.eye(checked.shape[1])[checked.argmax(axis=1)], checked)
    return checked


def from_mean_evidence(evidence: FloatRows, aggregation: str) -> FloatRows:
    """Return the scores (..., n_genres), which sum to 1, of a mean over frames of evidence."""
    values = np.exp(evidence) if aggregation == "geometric_mean" else evidence
    scores: FloatRows = values / values.sum(axis=-1, keepdims=True)
    return scores


def with_ties_broken(shares: FloatRows, scores: npt.ArrayLike) -> FloatRows:
    """Add a billionth of the scores to shares of votes: enough to decide a tie."""
    return shares + TIE_BREAK_WEIGHT * np.asarray(scores, dtype=np.float64)


def check_aggregation(aggregation: str) -> None:
    """Refuse an aggregation that does not exist, with SettingsError."""
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

    Returns Verdict: with "majority_vote" its confidence is a share of the frames, not a
    probability; in a tie the margin is 0 and `genre` is the one with the higher mean. Raises
    SettingsError if there is no such aggregation. Raises AudioError if every frame is left out.
    Raises ValueError if shapes do not match or a row of `scores` is not on the simplex.

    Parameters
    ----------
    scores : float (n_frames, n_genres), rows sum to 1
    genres : names of the columns, two or more
    aggregation : a key of `AGGREGATES`
    silent : bool (n_frames,), frames to leave out
    """
    check_aggregation(aggregation)
    counted = _checked(scores)
    if counted.shape[1] != len(genres) or len(genres) < 2:
        raise ValueError(
            f"expected one column of scores for each of two or more genres, "
            f"got {counted.shape[1]} columns and {len(genres)} genres"
        )
    if silent is not None:
        left_out = np.asarray(silent, dtype=bool)
        if left_out.shape != (len(counted),):
            raise ValueError(f"expected `silent` of shape ({len(counted)},), got {left_out.shape}")
        counted = counted[~left_out]
        if len(counted) == 0:
            raise AudioError("Every frame is silent: there is nothing to judge.")

    combined = AGGREGATES[aggregation](counted)
    best, second = np.argsort(-combined, kind="stable")[:2]
    scores_out = combined.astype(np.float32)
    return Verdict(
        genres=tuple(genres),
        scores=scores_out,
        genre=genres[best],
        runner_up=genres[second],
        confidence=float(scores_out[best]),
        margin=float(scores_out[best] - scores_out[second]),
        disagreement=float(np.mean(counted.argmax(axis=1) != best)),
        n_frames=len(counted),
        aggregation=aggregation,
    )


def confidence_in_words(verdict: Verdict) -> str:
    """Say in words how far a verdict can be trusted.

    "very sure" from a confidence of 0.8, "fairly sure" from 0.5, "unsure" from 0.3, "guessing"
    below; at best "unsure" where the runner-up is less than 0.1 behind. A share of votes is first
    drawn towards the middle by Laplace's rule of succession, (votes + 1) / (frames + 2): one frame
    that votes for itself is not "very sure", three are.

    Returns str: one of "very sure", "fairly sure", "unsure", "guessing".
    """
    confidence = verdict.confidence
    if verdict.aggregation == "majority_vote":
        confidence = (confidence * verdict.n_frames + 1) / (verdict.n_frames + 2)
    if confidence >= VERY_SURE:
        return "very sure"
    if confidence >= FAIRLY_SURE and verdict.margin >= CLOSE_MARGIN:
        return "fairly sure"
    if confidence >= UNSURE:
        return "unsure"
    return "guessing"


def _checked(scores: npt.ArrayLike) -> FloatRows:
    checked = np.asarray(scores, dtype=np.float64)
    if checked.ndim != 2 or 0 in checked.shape:
        raise ValueError(f"expected scores of shape (n_frames, n_genres), got {checked.shape}")
    # 1e-3 leaves room for float16 softmax; NaN and infinity fail it too.
    if not ((checked >= 0).all() and (abs(checked.sum(axis=1) - 1) < 1e-3).all()):
        raise ValueError("expected scores that are not negative and sum to 1 in each frame")
    return checked


def _combined(scores: npt.ArrayLike, aggregation: str) -> FloatRows:
    # Sorted first: a float sum depends on its order, and then so could a close verdict.
    evidence = np.sort(frame_evidence(scores, aggregation), axis=0)
    return from_mean_evidence(evidence.mean(axis=0), aggregation)
