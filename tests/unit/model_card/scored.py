"""Score sets of two genres, correct where told to be."""

from typing import Any

import numpy as np

from genre_core.evaluation.score_set import ScoreSet
from tests import builders

GENRES = ("hiss", "hum")


def scored(
    correct: list[bool],
    *,
    lengths: tuple[float, ...] = (5.0, 29.12),
    **provenance: Any,
) -> ScoreSet:
    """Return songs of alternating genre, confidence 0.75."""
    named = [i % 2 if good else 1 - i % 2 for i, good in enumerate(correct)]
    frames = {
        seconds: [np.tile(0.25 + 0.5 * np.eye(2)[genre], (n, 1)) for genre in named]
        for seconds, n in ((seconds, 3 if seconds < 10 else 1) for seconds in lengths)
    }
    labels = [i % 2 for i in range(len(correct))]
    facts = {"model": "small", "model_sha256": "", "dataset": "set", **provenance}
    return builders.score_set(labels, frames, genres=GENRES, **facts)
