import numpy as np
import pytest

from genre_core.evaluation.coverage import selective_curve
from genre_core.evaluation.metrics import wilson_interval


def test_by_hand() -> None:
    """Confidences 0.9 right, 0.8 wrong, 0.7 right, 0.6 right."""
    scores = [[0.7, 0.3], [0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]
    curve = selective_curve([0, 0, 0, 0], scores)
    np.testing.assert_allclose(curve.threshold, [0.9, 0.8, 0.7, 0.6])
    np.testing.assert_allclose(curve.coverage, [0.25, 0.5, 0.75, 1.0])
    np.testing.assert_allclose(curve.accuracy, [1, 1 / 2, 2 / 3, 3 / 4])
    assert (curve.low[2], curve.high[2]) == (wilson_interval(2, 3).low, wilson_interval(2, 3).high)
    assert [curve.at(share) for share in (0.1, 0.25, 0.3, 0.5, 1.0)] == [0, 0, 1, 1, 3]


def test_equally_sure_songs_go_together() -> None:
    curve = selective_curve([0, 1, 0], [[0.8, 0.2], [0.8, 0.2], [0.6, 0.4]])
    np.testing.assert_allclose(curve.coverage, [2 / 3, 1.0])
    np.testing.assert_allclose(curve.accuracy, [1 / 2, 2 / 3])


def test_all_songs_are_the_last_point_however_many_there_are() -> None:
    generator = np.random.default_rng(0)
    scores = generator.dirichlet(np.ones(3), 1000)
    labels = generator.integers(3, size=1000)
    curve = selective_curve(labels, scores)
    assert len(curve.coverage) == 200
    assert (np.diff(curve.coverage) > 0).all()
    assert curve.coverage[-1] == 1.0
    assert curve.accuracy[-1] == np.mean(scores.argmax(axis=1) == labels)


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="expected labels"):
        selective_curve([0, 1], [[0.5, 0.5]])
