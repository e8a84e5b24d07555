"""Calibration: the temperature of the scores, and the distance of confidence from accuracy.

References
----------
Guo, Pleiss, Sun, Weinberger (2017): On calibration of modern neural networks. ICML. (temperature
    scaling, section 4.2; expected calibration error, equation 3)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

TEMPERATURE_RANGE: tuple[float, float] = (0.05, 20.0)
N_BINS = 10


@dataclass(frozen=True)
class ReliabilityBin:
    """Songs whose confidence lies within `low` (excluded, but for 0) to `high` (included).

    `confidence` and `accuracy` are means over them; NaN where there are none.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def fit_temperature(logits: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Return the temperature, 0.05 to 20, under which softmax(logits / temperature) fits best.

    It minimises the mean negative log-likelihood of the labels. Raises ValueError if there are no
    labels, or the shapes do not fit together.

    Parameters
    ----------
    logits : float (n, n_genres), of a list that was not trained on
    labels : int (n,), index of the true genre
    """
    logits = np.asarray(logits, dtype=np.float64)
    labels = np.asarray(labels, dtype=np.int64)
    if logits.ndim != 2 or labels.shape != logits.shape[:1] or len(labels) == 0:
        raise ValueError(
            f"expected logits (n, n_genres) and labels (n,), got {logits.shape}, {labels.shape}"
        )
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        log_scores = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(log_scores[rows, labels].mean())

    bounds = np.log(TEMPERATURE_RANGE)
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def reliability(
    labels: npt.ArrayLike, scores: npt.ArrayLike, n_bins: int = N_BINS
) -> tuple[ReliabilityBin, ...]:
    """Compare confidence with accuracy in bins of equal width from 0 to 1.

    Parameters
    ----------
    labels : int (n,), index of the true genre
    scores : float (n, n_genres), rows sum to 1; the confidence is a row's maximum
    """
    labels = np.asarray(labels, dtype=np.int64)
    scores = np.asarray(scores, dtype=np.float64)
    confidence = scores.max(axis=1)
    is_correct = scores.argmax(axis=1) == labels
    edges = np.linspace(0.0, 1.0, n_bins + 1)
    number = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, n_bins - 1)
    bins = []
    for index in range(n_bins):
        inside = number == index
        count = int(inside.sum())
        bins.append(
            ReliabilityBin(
                low=float(edges[index]),
                high=float(edges[index + 1]),
                count=count,
                confidence=float(confidence[inside].mean()) if count else float("nan"),
                accuracy=float(is_correct[inside].mean()) if count else float("nan"),
            )
        )
    return tuple(bins)


def expected_calibration_error(
    labels: npt.ArrayLike, scores: npt.ArrayLike, n_bins: int = N_BINS
) -> float:
    """Return the mean distance, 0 to 1, between confidence and accuracy over bins, by their size.

    Parameters
    ----------
    labels : int (n,)
    scores : float (n, n_genres)
    """
    bins = [item for item in reliability(labels, scores, n_bins) if item.count]
    total = sum(item.count for item in bins)
    return sum(item.count * abs(item.confidence - item.accuracy) for item in bins) / total
