"""A frozen sound still gives the frozen features and the frozen logits.

Whatever breaks here has changed what every user's song sounds like to the networks. The answers
are made by `python -m tests.golden.frozen`.
"""

import json
from typing import Any

import numpy as np
import pytest

from genre_core.checkpoints.bundled import bundled_models
from genre_core.checkpoints.checkpoint import load_checkpoint
from tests.golden import frozen

SAMPLES_TOLERANCE = 1e-6  # float32 rounding; sines of other C libraries
LOG_MEL_TOLERANCE_DB = 1e-3  # float32 power, which other FFTs round otherwise; as against librosa
LOGITS_TOLERANCE = 2e-4  # of about 1: the above and float32 sums in another order, layer on layer
TRAINED_LOGITS_TOLERANCE = 1e-3  # of up to 10


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    return json.loads(frozen.ANSWERS.read_text())


def test_input(answers: dict[str, Any]) -> None:
    samples = frozen.samples()
    assert samples.shape == (1, 349_440)
    np.testing.assert_allclose(samples[0, ::20_011], answers["samples"], atol=SAMPLES_TOLERANCE)


def test_input_to_features(answers: dict[str, Any]) -> None:
    log_mel = frozen.log_mel()[0]
    assert log_mel.shape == (96, 1366)
    np.testing.assert_allclose(
        log_mel[frozen.BANDS, frozen.COLUMNS], answers["log_mel"], atol=LOG_MEL_TOLERANCE_DB
    )
    assert log_mel.mean() == pytest.approx(answers["log_mel_mean"], abs=LOG_MEL_TOLERANCE_DB)


@pytest.mark.parametrize("name", frozen.NETWORKS)
def test_features_to_logits(answers: dict[str, Any], name: str) -> None:
    logits = frozen.logits(frozen.fixed_network(name))
    assert logits == pytest.approx(answers["logits"][name], abs=LOGITS_TOLERANCE)


def test_bundled_models(answers: dict[str, Any]) -> None:
    models = bundled_models()
    remedy = "if that is meant, run: python -m tests.golden.frozen"
    assert sorted(models) == sorted(answers["bundled"]), remedy
    for name, path in models.items():
        model, info = load_checkpoint(path)
        assert info.sha256 == answers["bundled"][name]["sha256"], f"{name} has changed; {remedy}"
        expected = answers["bundled"][name]["logits"]
        assert frozen.logits(model, info.features) == pytest.approx(
            expected, abs=TRAINED_LOGITS_TOLERANCE
        )
