"""Accuracy against the number of frames that are combined.

References
----------
Efron, Tibshirani (1993): An introduction to the bootstrap. Chapman & Hall. Chapter 13.
    (percentile interval)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

N_DRAWS = 100
N_RESAMPLES = 2_000
MOST_FRAMES = 60
MIN_SHARE_OF_SONGS = 0.9  # that have as many frames as the curve is long

FloatRows = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hits:
    """How often the verdict of each song is correct from some of its frames.

    Attributes
    ----------
    share : (n_songs, n_most), column i: share of the draws of i + 1 frames whose verdict is correct
    included : (n_all_songs,), songs that have `n_most` frames; the others are left out, so that
        every point of a curve is about the same songs
    """

    share: FloatRows
    included: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ListeningCurve:
    """Accuracy, 0 to 1, of 1, 2, ... frames, float64 (n_most,), with its 95 % bootstrap band."""

    accuracy: FloatRows
    low: FloatRows
    high: FloatRows
    n_songs: int


def hits_by_length(
    labels: npt.ArrayLike,
    evidence: npt.ArrayLike,
    counts: npt.ArrayLike,
    n_draws: int = N_DRAWS,
    seed: int = 0,
) -> Hits:
    """Find the verdict of each song from 1, 2, ... of its frames, drawn at random many times.

    The most frames are as many as nine songs in ten have, and at most `MOST_FRAMES`.

    Parameters
    ----------
    labels : int (n_songs,)
    evidence : float (n_frames, n_genres), song after song; the verdict is the largest entry of its
        mean, see `aggregate.frame_evidence`
    counts : int (n_songs,), frames of each song
    """
    labels, counts = np.asarray(labels, dtype=np.int64), np.asarray(counts, dtype=np.int64)
    parts = np.split(np.asarray(evidence, dtype=np.float64), np.cumsum(counts)[:-1])
    n_most = min(MOST_FRAMES, int(np.quantile(counts, 1.0 - MIN_SHARE_OF_SONGS, method="lower")))
    included = counts >= n_most
    generator = np.random.default_rng(seed)
    share = np.empty((int(included.sum()), n_most))
    for row, song in zip(share, np.flatnonzero(included), strict=True):
        part = parts[song]
        orders = generator.permuted(np.tile(np.arange(len(part)), (n_draws, 1)), axis=1)
        sums = part[orders[:, :n_most]].cumsum(axis=1)  # (n_draws, n_most, n_genres)
        row[:] = (sums.argmax(axis=2) == labels[song]).mean(axis=0)
        row[0] = (part.argmax(axis=1) == labels[song]).mean()  # known exactly
    return Hits(share, included)


def listening_curve(
    hits: Hits,
    songs: npt.ArrayLike | None = None,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> ListeningCurve:
    """Average over songs; ValueError if there are none.

    Parameters
    ----------
    songs : bool (n_all_songs,), the songs to average over, e.g. those of one genre; by default all
    n_resamples, seed : of the bootstrap over songs
    """
    share = hits.share
    if songs is not None:
        share = share[np.asarray(songs, dtype=bool)[hits.included]]
    n_songs = len(share)
    if n_songs == 0:
        raise ValueError("expected at least one song")
    drawn = np.random.default_rng(seed).multinomial(
        n_songs, np.full(n_songs, 1 / n_songs), size=n_resamples
    )
    low, high = np.percentile(drawn @ share / n_songs, [2.5, 97.5], axis=0)
    return ListeningCurve(share.mean(axis=0), low, high, n_songs)
