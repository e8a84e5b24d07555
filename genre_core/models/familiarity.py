"""The distance of a frame to a network's training frames.

References
----------
Sun, Ming, Zhu, Li (2022): Out-of-distribution detection with deep nearest neighbors. ICML.
    Section 3: the distance of a feature vector, scaled to length 1, to its k-th nearest training
    vector. Here two layers of convolutions count, because the classifier's input keeps only what
    tells the genres apart: how far the inner one's features lie, and where the outer one's point.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genre_core.types import FloatArray

N_NEIGHBOURS = 5
LEVELS = np.linspace(0.0, 1.0, 101)  # shares of validation frames at which the distance is stored
UNLIKE_LEVEL = 0.98  # a song further away than this share of validation frames counts as unlike
_SMALLEST = 1e-6  # spread of a feature that is always the same


@dataclass(frozen=True, eq=False)
class Familiarity:
    """Training frames as points, and how far validation frames are from them.

    Attributes
    ----------
    mean, spread : float32 (width,), of the training frames' features
    is_inner : float32 (width,), 1 for each feature of the inner layer, else 0
    examples : float32 (n_examples, width), training frames, standardised by mean and spread
    units : float32 (2,), medians of the validation frames' two distances: inner, outer
    levels : float32 (101,), ascending: quantiles 0, 0.01 ... 1 of the validation frames' distances
    """

    mean: FloatArray
    spread: FloatArray
    is_inner: FloatArray
    examples: FloatArray
    units: FloatArray
    levels: FloatArray

    def distances(self, timbres: FloatArray) -> FloatArray:
        """Return the distance of each frame (n_frames, width) to the training frames, float32.

        That is the sum of the distances to its 5th nearest example in the inner layer's space and
        in the outer layer's directions, each divided by its unit.
        """
        points = (timbres - self.mean) / self.spread
        both = _both_distances(points, self.examples, self.is_inner > 0)
        return (both / self.units).sum(axis=1)

    def distance(self, timbres: FloatArray) -> float:
        """Return the distance of a song (n_frames, width): the median over its frames."""
        return float(np.median(self.distances(timbres)))

    def unlikeness(self, timbres: FloatArray) -> float:
        """Return the share of validation frames nearer than a song (n_frames, width), 0 to 1."""
        distance = self.distance(timbres)
        return float(np.interp(distance, self.levels, LEVELS, left=0.0, right=1.0))

    @property
    def limit(self) -> float:
        """Distance above which a song counts as unlike the training set."""
        return float(np.interp(UNLIKE_LEVEL, LEVELS, self.levels))


def fit_familiarity(train: FloatArray, valid: FloatArray, n_inner: int) -> Familiarity:
    """Fit to the timbres of training and validation frames, each (n_frames, width).

    The first `n_inner` features are those of the inner layer.

    Raises ValueError if there is no validation frame, or there are fewer than two training frames.
    """
    if len(train) < 2 or not len(valid):
        raise ValueError(f"{len(train)} training and {len(valid)} validation frames are too few")
    mean = train.mean(axis=0).astype(np.float32)
    spread = np.maximum(train.std(axis=0), _SMALLEST).astype(np.float32)
    examples = ((train - mean) / spread).astype(np.float32)
    is_inner = np.arange(len(mean)) < n_inner
    both = _both_distances((valid - mean) / spread, examples, is_inner)
    units = np.maximum(np.median(both, axis=0), _SMALLEST).astype(np.float32)
    levels = np.quantile((both / units).sum(axis=1), LEVELS).astype(np.float32)
    return Familiarity(mean, spread, is_inner.astype(np.float32), examples, units, levels)


def _both_distances(
    points: FloatArray, examples: FloatArray, is_inner: NDArray[np.bool_]
) -> FloatArray:
    """Return the distances to the 5th nearest example, inner and outer, (n, 2)."""
    inner = _nth_distance(points[:, is_inner], examples[:, is_inner])
    outer = _nth_distance(_unit(points[:, ~is_inner]), _unit(examples[:, ~is_inner]))
    return np.stack([inner, outer], axis=1)


def _nth_distance(points: FloatArray, examples: FloatArray) -> FloatArray:
    from scipy.spatial import KDTree  # here, as the command line's help does not need it

    distances, _ = KDTree(examples).query(points, k=[min(N_NEIGHBOURS, len(examples))])
    return distances[:, 0].astype(np.float32)


def _unit(points: FloatArray) -> FloatArray:
    return points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), _SMALLEST)
