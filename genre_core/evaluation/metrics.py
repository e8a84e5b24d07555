"""How good a network is: measures over songs and frames, on arrays and names alone.

Everywhere the reference (true genres) comes before the estimate; genres are indices 0 to
n_genres - 1.

References
----------
Wilson (1927): Probable inference, the law of succession, and statistical inference. JASA 22(158).
Efron, Tibshirani (1993): An introduction to the bootstrap. Chapman & Hall. Chapter 13.
    (percentile interval)
Bar-Joseph, Gifford, Jaakkola (2001): Fast optimal leaf ordering for hierarchical clustering.
    Bioinformatics 17(S1). (the order of genres that are alike)
McNemar (1947): Note on the sampling error of the difference between correlated proportions.
    Psychometrika 12(2). (here the exact binomial form)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform
from sklearn import metrics

CONFIDENCE_LEVEL = 0.95
N_RESAMPLES = 2_000

IntArray = npt.NDArray[np.int64]
Shares = Literal["row", "column", "count"]


@dataclass(frozen=True)
class Estimate:
    """A measured share with its 95 % interval, all 0 to 1 (a difference: -1 to 1)."""

    value: float
    low: float
    high: float

    def in_percent(self) -> str:
        """Return a share and its interval, e.g. "77.9 % (72.6 to 82.3)"."""
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f} to {100 * self.high:.1f})"

    def in_points(self) -> str:
        """Return a difference and its interval in percentage points, "+4.2 (+1.0 to +7.3)"."""
        return f"{100 * self.value:+.1f} ({100 * self.low:+.1f} to {100 * self.high:+.1f})"


@dataclass(frozen=True)
class GenreMetrics:
    """Measures of one genre, 0 to 1; `support` is the number of songs of this true genre.

    A precision or recall with nothing in its denominator is 0.
    """

    genre: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class PairedTest:
    """McNemar's exact test: songs on which only one of two is correct, two-sided p-value."""

    first_only: int
    second_only: int
    p_value: float


def confusion_difference(before: npt.ArrayLike, after: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the change of each cell of a confusion matrix in percentage points of its row.

    Rows sum to 0; rows that are empty in either matrix are NaN.

    Parameters
    ----------
    before, after : int (n_genres, n_genres), counts, e.g. of frames and of songs
    """
    return row_percent(after) - row_percent(before)


def song_accuracy(reference: npt.ArrayLike, estimate: npt.ArrayLike) -> Estimate:
    """Return the accuracy over songs, with Wilson's interval.

    Parameters
    ----------
    reference, estimate : int (n_songs,)
    """
    correct = _same_length(reference, estimate)
    return wilson_interval(int(correct.sum()), len(correct))


def wilson_interval(n_correct: int, n: int) -> Estimate:
    """Return `n_correct` of `n` as a share with Wilson's 95 % score interval.

    Raises ValueError if `n` is 0 or smaller than `n_correct`.
    """
    interval = stats.binomtest(n_correct, n).proportion_ci(CONFIDENCE_LEVEL, method="wilson")
    return Estimate(n_correct / n, float(interval.low), float(interval.high))


def frame_accuracy(
    correct: npt.ArrayLike, song: npt.ArrayLike, n_resamples: int = N_RESAMPLES, seed: int = 0
) -> Estimate:
    """Return the accuracy over frames, with a bootstrap interval over songs.

    Parameters
    ----------
    correct : bool (n_frames,), the frame's genre is correct
    song : int (n_frames,), index of the frame's song, 0 to n_songs - 1
    """
    n_correct, n_frames = per_song(correct, song)
    drawn = _resamples(len(n_frames), n_resamples, seed)
    shares = n_correct[drawn].sum(axis=1) / n_frames[drawn].sum(axis=1)
    return _percentile(float(n_correct.sum() / n_frames.sum()), shares)


def averaging_gain(
    song_correct: npt.ArrayLike,
    frame_correct: npt.ArrayLike,
    song: npt.ArrayLike,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Return song accuracy minus frame accuracy, with a bootstrap interval over songs.

    Parameters
    ----------
    song_correct : bool (n_songs,)
    frame_correct : bool (n_frames,)
    song : int (n_frames,)
    """
    by_song = np.asarray(song_correct, dtype=np.float64)
    n_correct, n_frames = per_song(frame_correct, song)
    drawn = _resamples(len(n_frames), n_resamples, seed)
    frame_shares = n_correct[drawn].sum(axis=1) / n_frames[drawn].sum(axis=1)
    value = by_song.mean() - n_correct.sum() / n_frames.sum()
    return _percentile(float(value), by_song[drawn].mean(axis=1) - frame_shares)


def confusion_matrix(reference: npt.ArrayLike, estimate: npt.ArrayLike, n_genres: int) -> IntArray:
    """Return the counts, (n_genres, n_genres): rows are true genres, columns predicted ones.

    Parameters
    ----------
    reference, estimate : int (n,)
    """
    _same_length(reference, estimate)
    counts: IntArray = metrics.confusion_matrix(reference, estimate, labels=np.arange(n_genres))
    return counts.astype(np.int64)


def row_percent(counts: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return a confusion matrix in percent of its rows; rows without songs are NaN.

    Parameters
    ----------
    counts : int (n_genres, n_genres)
    """
    counts = np.asarray(counts, dtype=np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    return 100.0 * np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)


def column_percent(counts: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return a confusion matrix in percent of its columns; columns without songs are NaN.

    Its diagonal is the precision, as that of `row_percent` is the recall.

    Parameters
    ----------
    counts : int (n_genres, n_genres)
    """
    return row_percent(np.asarray(counts).T).T


def alike_order(counts: npt.ArrayLike) -> IntArray:
    """Return an order of the genres, (n_genres,), that puts genres which are confused together.

    Hierarchical clustering with average linkage. Two genres are the closer, the larger the shares
    of their songs that are confused, either way. The order of the leaves is optimal.

    Parameters
    ----------
    counts : int (n_genres, n_genres)
    """
    shares = np.nan_to_num(row_percent(counts)) / 100.0
    n_genres = len(shares)
    if n_genres < 3:
        return np.arange(n_genres)
    distance = 2.0 - (shares + shares.T)
    np.fill_diagonal(distance, 0.0)
    condensed = squareform(distance, checks=False)
    tree = hierarchy.linkage(condensed, "average", optimal_ordering=True)
    return hierarchy.leaves_list(tree).astype(np.int64)


def mean_of_diagonal(counts: npt.ArrayLike) -> float:
    """Return the mean recall over the genres that occur, 0 to 1: the paper's accuracy.

    Parameters
    ----------
    counts : int (n_genres, n_genres)
    """
    return float(np.nanmean(np.diag(row_percent(counts)))) / 100.0


def per_genre(
    reference: npt.ArrayLike, estimate: npt.ArrayLike, genres: Sequence[str]
) -> tuple[GenreMetrics, ...]:
    """Return precision, recall and F1 of each genre.

    Parameters
    ----------
    reference, estimate : int (n,)
    """
    _same_length(reference, estimate)
    columns = metrics.precision_recall_fscore_support(
        reference, estimate, labels=np.arange(len(genres)), zero_division=0.0
    )
    return tuple(
        GenreMetrics(genre, float(precision), float(recall), float(f1), int(support))
        for genre, precision, recall, f1, support in zip(genres, *columns, strict=True)
    )


def mcnemar(reference: npt.ArrayLike, first: npt.ArrayLike, second: npt.ArrayLike) -> PairedTest:
    """Test whether two estimates of the same songs differ by more than chance.

    Only the songs on which exactly one of the two is correct count.

    Parameters
    ----------
    reference, first, second : int (n_songs,)
    """
    first_correct, second_correct = _same_length(reference, first), _same_length(reference, second)
    first_only = int((first_correct & ~second_correct).sum())
    second_only = int((second_correct & ~first_correct).sum())
    n = first_only + second_only
    p_value = float(stats.binomtest(first_only, n, 0.5).pvalue) if n else 1.0
    return PairedTest(first_only, second_only, p_value)


def _same_length(reference: npt.ArrayLike, estimate: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Return where the two agree; ValueError if their shapes differ or they are empty."""
    reference, estimate = np.asarray(reference), np.asarray(estimate)
    if reference.shape != estimate.shape or reference.ndim != 1 or len(reference) == 0:
        raise ValueError(
            f"expected a reference and an estimate (n,), got {reference.shape}, {estimate.shape}"
        )
    return reference == estimate


def per_song(
    correct: npt.ArrayLike, song: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the number of correct frames and of all frames of each song."""
    song = np.asarray(song, dtype=np.int64)
    weights = np.asarray(correct, dtype=np.float64), np.ones(len(song))
    n_correct, n_frames = (np.bincount(song, weights=weight) for weight in weights)
    return n_correct.astype(np.float64), n_frames.astype(np.float64)


def _resamples(n_songs: int, n_resamples: int, seed: int) -> IntArray:
    return np.random.default_rng(seed).integers(n_songs, size=(n_resamples, n_songs))


def _percentile(value: float, resampled: npt.NDArray[np.float64]) -> Estimate:
    tail = 50.0 * (1.0 - CONFIDENCE_LEVEL)
    low, high = np.percentile(resampled, [tail, 100.0 - tail])
    return Estimate(value, float(low), float(high))
