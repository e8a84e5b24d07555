"""Songs whose embeddings are near one another, and a flat map of them.

A frame's embedding is the input of the network's classifier. A song's is the mean over its
frames, of length 1; the similarity of two songs is the cosine between theirs.

References
----------
Pearson (1901): On lines and planes of closest fit to systems of points in space. Philosophical
    Magazine 2(11). (principal components: the map)
Choi, Fazekas, Sandler, Cho (2017): Transfer learning for music classification and regression
    tasks. ISMIR. (a trained network's inner activations as a description of music)
"""

from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from genre_core.types import FloatArray

MIN_SONGS = 3  # fewer make no map


@dataclass(frozen=True)
class Neighbour:
    """A song of a `SongSpace`: its index, and the cosine of its embedding and the query's."""

    index: int
    similarity: float


def song_embedding(frames: FloatArray) -> FloatArray:
    """Return a song's embedding, float32 (width,) of length 1, from those of its frames.

    `frames` is (n_frames, width), without silent ones. Raises ValueError if there are none.
    """
    if len(frames) == 0:
        raise ValueError("a song without frames has no embedding")
    mean = frames.mean(axis=0, dtype=np.float64)
    return (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)


class SongSpace:
    """Songs by their embeddings: neighbours among them, and their places on a map.

    The map is the plane with the largest share of the songs' variance. Other songs have a place on
    it too.

    Parameters
    ----------
    embeddings : float32 (n_songs, width), at least `MIN_SONGS` rows of length 1

    Attributes
    ----------
    places : float32 (n_songs, 2), on the map
    explained_variance : share of the songs' variance that the map shows, 0 to 1
    width : numbers in an embedding
    """

    def __init__(self, embeddings: FloatArray) -> None:
        self._search = NearestNeighbors(metric="cosine", algorithm="brute").fit(embeddings)
        self._plane = PCA(n_components=2, svd_solver="covariance_eigh").fit(embeddings)
        self.places: FloatArray = self._plane.transform(embeddings).astype(np.float32)
        self.explained_variance = float(self._plane.explained_variance_ratio_.sum())
        self.width = embeddings.shape[1]
        pairs = np.triu_indices(len(embeddings), k=1)
        self._pairs = np.sort((embeddings @ embeddings.T)[pairs])

    def nearest(self, embedding: FloatArray, n: int) -> list[Neighbour]:
        """Return the `n` songs nearest to `embedding` (width,), or all if fewer; nearest first."""
        n = min(n, len(self.places))
        distances, indices = self._search.kneighbors(embedding[np.newaxis], n_neighbors=n)
        return [
            Neighbour(int(index), 1.0 - float(distance))
            for index, distance in zip(indices[0], distances[0], strict=True)
        ]

    def share_of_pairs_below(self, similarity: float) -> float:
        """Return the share of all pairs of songs that are less alike than this, 0 to 1."""
        return float(np.searchsorted(self._pairs, similarity) / len(self._pairs))

    def place(self, embedding: FloatArray) -> FloatArray:
        """Return where `embedding` (width,) lies on the map, float32 (2,)."""
        place: FloatArray = self._plane.transform(embedding[np.newaxis])[0].astype(np.float32)
        return place
