"""A song in few numbers: enough to draw it, however long it is."""

import numpy as np

from genre_core.types import FloatArray

OVERVIEW_BUCKETS: int = 2_000  # about two for each pixel of a wide page


def peaks(samples: FloatArray, n_buckets: int = OVERVIEW_BUCKETS) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and highest sample, float32 (n,), in each of n equal pieces.

    n is min(n_buckets, n_samples) and above 0. No sample lies outside its pair, so a click that
    lasts one sample is still seen.
    """
    n = min(n_buckets, len(samples))
    starts = np.arange(n) * len(samples) // n
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
