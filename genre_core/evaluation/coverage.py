"""Selective classification: accuracy on the songs of a minimum confidence.

References
----------
Geifman, El-Yaniv (2017): Selective classification for deep neural networks. NeurIPS.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.evaluation.metrics import wilson_interval


@dataclass(frozen=True, eq=False)
class SelectiveCurve:
    """Accuracy against coverage, all float64 (n_points,), from few songs to all.

    Attributes
    ----------
    threshold : minimum confidence of the songs that count
    coverage : share of the songs that count
    accuracy, low, high : of those songs, with Wilson's 95 % interval
    """

    threshold: npt.NDArray[np.float64]
    coverage: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]

    def at(self, coverage: float) -> int:
        """Return the index of the point with the fewest songs that keeps `coverage` of them."""
        return int(np.searchsorted(self.coverage, coverage - 1e-12))


def selective_curve(
    labels: npt.ArrayLike, scores: npt.ArrayLike, most_points: int = 200
) -> SelectiveCurve:
    """Return one point for each confidence that occurs, from the highest to the lowest.

    Parameters
    ----------
    labels : int (n_songs,)
    scores : float (n_songs, n_genres); the confidence of a song is its largest score
    most_points : of more confidences, evenly spaced ones are taken, and always the last
    """
    labels, scores = np.asarray(labels, dtype=np.int64), np.asarray(scores, dtype=np.float64)
    if scores.ndim != 2 or labels.shape != scores.shape[:1] or len(labels) == 0:
        raise ValueError(f"expected labels (n,), scores (n, m), got {labels.shape}, {scores.shape}")
    confidence = scores.max(axis=1)
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    n_correct = (scores.argmax(axis=1) == labels)[order].cumsum()
    last = np.flatnonzero(np.append(ranked[1:] < ranked[:-1], True))
    if len(last) > most_points:
        last = last[np.linspace(0, len(last) - 1, most_points).round().astype(int)]
    estimates = [wilson_interval(int(n_correct[i]), int(i) + 1) for i in last]
    return SelectiveCurve(
        threshold=ranked[last],
        coverage=(last + 1) / len(labels),
        accuracy=np.array([item.value for item in estimates]),
        low=np.array([item.low for item in estimates]),
        high=np.array([item.high for item in estimates]),
    )
