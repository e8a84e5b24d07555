"""The port of the published network gives the tag scores that its author printed.

Tolerance 0.0006: the scores were printed with three decimals (0.0005), the rest is the rounding
of float32 sums in another order.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from genre_core.checkpoints.keras_weights import load_keras_weights
from genre_core.models.crnn_choi import CrnnChoi

pytestmark = pytest.mark.data
TOLERANCE = 0.0006


def tag_scores(data: Path, song: str, *, input_scale: str, factor: float) -> dict[str, float]:
    published = json.loads((data / "reference/published_tags.json").read_text())
    model = CrnnChoi(50, input_scale=input_scale).eval()
    load_keras_weights(data / "weights/choi_msd_crnn_theano.h5", model)
    melgram = np.load(data / f"reference/bensound-{song}.melgram.npy")
    with torch.inference_mode():
        scores = model(torch.from_numpy(melgram * np.float32(factor))[None]).exp()[0]
    return dict(zip(published["tags"], scores.tolist(), strict=True))


# The melgrams are published after squaring: taken as they are with "db"; half of them is the
# standard log-mel (10 log10 S = 10 log10(S**2) / 2), from which "db_squared" must make them again.
@pytest.mark.parametrize(("input_scale", "factor"), [("db", 1.0), ("db_squared", 0.5)])
@pytest.mark.parametrize("song", ["cute", "actionable", "dubstep", "thejazzpiano"])
def test_published_tag_scores(data_root: Path, song: str, input_scale: str, factor: float) -> None:
    published = json.loads((data_root / "reference/published_tags.json").read_text())
    scores = tag_scores(data_root, song, input_scale=input_scale, factor=factor)
    expected = dict(published["top10"][song])
    assert {tag: scores[tag] for tag in expected} == pytest.approx(expected, abs=TOLERANCE)
    # and nothing outside the printed ten is larger than the tenth
    others = max(score for tag, score in scores.items() if tag not in expected)
    assert others <= min(expected.values()) + TOLERANCE
