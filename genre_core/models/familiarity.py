"""The distance of a frame to a network's training frames.

References
----------
Sun, Ming, Zhu, Li (2022): Out-of-distribution detection with deep nearest neighbors. ICML.
    Section 3: the distance of an embedding to its k-th nearest training embedding. Here the
    embeddings are first reduced to a few whitened principal components: the checkpoint stays
    small, and every direction counts the same.
"""

from dataclasses import dataclass

import numpy as np

from genre_core.types import FloatArray

N_COMPONENTS = 16
N_NEIGHBOURS = 5
LEVELS = np.linspace(0.0, 1.0, 101)  # shares of validation frames at which the distance is stored
UNLIKE_LEVEL = 0.98  # a song further away than this share of validation frames counts as unlike


@dataclass(frozen=True, eq=False)
class Familiarity:
    """Training frames as points, and how far validation frames are from them.

    Attributes
    ----------
    mean : float32 (width,)
    components : float32 (n_components, width), whitening
    examples : float32 (n_examples, n_components)
    levels : float32 (101,), ascending: quantiles 0, 0.01 ... 1 of the validation frames' distances
    """

    mean: FloatArray
    components: FloatArray
    examples: FloatArray
    levels: FloatArray

    def distances(self, embeddings: FloatArray) -> FloatArray:
        """Return the distance of each of (n_frames, width) to its 5th nearest example, float32."""
        from scipy.spatial import KDTree  # here, as the command line's help does not need it

        points = (embeddings - self.mean) @ self.components.T
        nth = min(N_NEIGHBOURS, len(self.examples))
        distances, _ = KDTree(self.examples).query(points, k=[nth])
        return distances[:, 0].astype(np.float32)

    def distance(self, embeddings: FloatArray) -> float:
        """Return the distance of a song (n_frames, width): the median over its frames."""
        return float(np.median(self.distances(embeddings)))

    def unlikeness(self, embeddings: FloatArray) -> float:
        """Return the share of validation frames nearer than a song (n_frames, width), 0 to 1."""
        distance = self.distance(embeddings)
        return float(np.interp(distance, self.levels, LEVELS, left=0.0, right=1.0))

    @property
    def limit(self) -> float:
        """Distance above which a song counts as unlike the training set."""
        return float(np.interp(UNLIKE_LEVEL, LEVELS, self.levels))


def fit_familiarity(train: FloatArray, valid: FloatArray) -> Familiarity:
    """Fit to the embeddings of training and validation frames, each (n_frames, width).

    Raises ValueError if there is no validation frame, or there are fewer than two training frames.
    """
    from sklearn.decomposition import PCA  # here: only training needs it, and it loads slowly

    if len(train) < 2 or not len(valid):
        raise ValueError(f"{len(train)} training and {len(valid)} validation frames are too few")
    n_components = min(N_COMPONENTS, len(train) - 1, train.shape[1])
    pca = PCA(n_components, svd_solver="full").fit(train.astype(np.float64))
    scale = np.sqrt(np.maximum(pca.explained_variance_, 1e-12))
    components = (pca.components_ / scale[:, None]).astype(np.float32)
    mean = pca.mean_.astype(np.float32)
    bare = Familiarity(mean, components, (train - mean) @ components.T, np.zeros(0, np.float32))
    levels = np.quantile(bare.distances(valid), LEVELS).astype(np.float32)
    return Familiarity(mean, components, bare.examples.astype(np.float32), levels)
