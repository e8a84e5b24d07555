"""Scores made sharper or softer by a temperature.

References
----------
Guo, Pleiss, Sun, Weinberger (2017): On calibration of modern neural networks. ICML. Section 4.2.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

TINY_SCORE: float = 1e-12  # smallest score before the logarithm


def at_temperature(scores: npt.ArrayLike, temperature: float) -> npt.NDArray[np.float64]:
    """Return the scores at another temperature, float64 (..., n_genres), in the same order.

    Dividing the logits by `temperature` before the softmax needs no logits: they are the
    logarithms of the scores but for a constant, which the softmax takes out.

    Parameters
    ----------
    scores : float (..., n_genres), rows sum to 1
    temperature : above 0; below 1 the best score grows, above 1 all become alike

    Raises ValueError if `temperature` is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"the temperature must be above 0, not {temperature}")
    logits = np.log(np.maximum(np.asarray(scores, dtype=np.float64), TINY_SCORE))
    tempered: npt.NDArray[np.float64] = softmax(logits / temperature, axis=-1)
    return tempered
