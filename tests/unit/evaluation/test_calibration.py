import numpy as np
import pytest
from scipy.special import softmax

from genre_core.evaluation.calibration import (
    TEMPERATURE_RANGE,
    expected_calibration_error,
    fit_temperature,
    reliability,
)


def drawn(n: int = 20_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return logits whose softmax is exactly the chance of each label, and labels so drawn."""
    generator = np.random.default_rng(seed)
    logits = generator.normal(0, 1.5, (n, 4))
    chances = softmax(logits, axis=1)
    labels = (generator.random((n, 1)) > chances.cumsum(axis=1)).sum(axis=1)
    return logits, np.minimum(labels, 3)


@pytest.mark.parametrize("factor", [0.4, 1.0, 3.0])
def test_finds_the_temperature_that_was_hidden(factor: float) -> None:
    logits, labels = drawn()
    assert fit_temperature(logits * factor, labels) == pytest.approx(factor, rel=0.05)


def test_adding_to_all_logits_changes_nothing() -> None:
    logits, labels = drawn(500)
    assert fit_temperature(logits + 1_000, labels) == pytest.approx(
        fit_temperature(logits, labels), rel=1e-4
    )


def test_perfect_logits_end_at_the_bound() -> None:
    labels = np.arange(4)
    assert fit_temperature(np.eye(4), labels) == pytest.approx(TEMPERATURE_RANGE[0], rel=0.01)


def test_calibrated_scores_have_no_error_and_sharpened_ones_do() -> None:
    logits, labels = drawn()
    assert expected_calibration_error(labels, softmax(logits, axis=1)) < 0.02
    assert expected_calibration_error(labels, softmax(4 * logits, axis=1)) > 0.1


def test_error_by_hand() -> None:
    scores = [[0.95, 0.05], [0.95, 0.05], [0.35, 0.65], [0.35, 0.65]]
    labels = [0, 1, 1, 1]
    # Bin 0.9 to 1: confidence 0.95, accuracy 0.5; bin 0.6 to 0.7: confidence 0.65, accuracy 1.
    assert expected_calibration_error(labels, scores) == pytest.approx(0.5 * 0.45 + 0.5 * 0.35)


def test_reliability_counts_everything_once() -> None:
    logits, labels = drawn(1_000)
    bins = reliability(labels, softmax(logits, axis=1))
    assert len(bins) == 10
    assert sum(item.count for item in bins) == 1_000
    for item in bins:
        if item.count:
            assert item.low < item.confidence <= item.high
        else:
            assert np.isnan(item.accuracy)


def test_certain_scores_fall_into_the_last_bin() -> None:
    bins = reliability([0, 0], [[1.0, 0.0], [1.0, 0.0]])
    assert [item.count for item in bins] == [0] * 9 + [2]


@pytest.mark.parametrize("labels", [[], [0, 1, 0]], ids=["none", "too many"])
def test_refuses_what_does_not_fit(labels: list[int]) -> None:
    with pytest.raises(ValueError, match="expected logits"):
        fit_temperature(np.zeros((len(labels) and 2, 3)), labels)
