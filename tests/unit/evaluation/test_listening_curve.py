from itertools import combinations

import numpy as np
import pytest

from genre_core.evaluation.listening_curve import hits_by_length, listening_curve


def test_one_frame_is_the_share_of_right_frames_and_all_are_the_verdict() -> None:
    generator = np.random.default_rng(0)
    counts, labels = np.array([4, 5, 6]), np.array([0, 1, 2])
    evidence = generator.dirichlet(np.ones(3), counts.sum())
    hits = hits_by_length(labels, evidence, counts)
    assert hits.share.shape == (3, 4)
    parts = np.split(evidence, np.cumsum(counts)[:-1])
    for row, part, label in zip(hits.share, parts, labels, strict=True):
        assert row[0] == np.mean(part.argmax(axis=1) == label)
    assert hits.share[0, 3] == (parts[0].mean(axis=0).argmax() == 0)


def test_two_frames_by_counting_every_pair() -> None:
    part = np.array([[0.9, 0.1], [0.3, 0.7], [0.4, 0.6], [0.45, 0.55], [0.8, 0.2]])
    pairs = [part[list(pair)].mean(axis=0).argmax() == 0 for pair in combinations(range(5), 2)]
    hits = hits_by_length([0], part, [5], n_draws=20_000)
    assert hits.share[0, 1] == pytest.approx(np.mean(pairs), abs=0.02)


def test_identical_frames_need_no_more_than_one() -> None:
    evidence = np.repeat([[0.6, 0.4], [0.2, 0.8]], 5, axis=0)
    curve = listening_curve(hits_by_length([0, 0], evidence, [5, 5]))
    np.testing.assert_array_equal(curve.accuracy, 0.5)


def test_every_point_is_about_the_same_songs() -> None:
    counts = [2] + [9] * 19
    hits = hits_by_length([0] * 20, np.tile([0.9, 0.1], (sum(counts), 1)), counts)
    assert hits.share.shape == (19, 9)
    np.testing.assert_array_equal(hits.included, [False] + [True] * 19)


def test_band_holds_the_curve_and_shrinks_with_more_songs() -> None:
    generator = np.random.default_rng(0)
    widths = []
    for n in (20, 320):
        evidence = generator.dirichlet([2.0, 1.0], 5 * n)
        curve = listening_curve(hits_by_length([0] * n, evidence, [5] * n))
        assert (curve.low <= curve.accuracy).all()
        assert (curve.accuracy <= curve.high).all()
        widths.append(float((curve.high - curve.low).mean()))
    assert widths[1] == pytest.approx(widths[0] / 4, rel=0.4)


def test_curve_of_one_genre() -> None:
    evidence = np.array([[0.9, 0.1], [0.9, 0.1], [0.8, 0.2], [0.8, 0.2]])
    hits = hits_by_length([0, 1], evidence, [2, 2])
    np.testing.assert_array_equal(listening_curve(hits, np.array([True, False])).accuracy, [1, 1])
    np.testing.assert_array_equal(listening_curve(hits, np.array([False, True])).accuracy, [0, 0])
    with pytest.raises(ValueError, match="at least one song"):
        listening_curve(hits, np.array([False, False]))


def test_the_same_every_time() -> None:
    evidence = np.random.default_rng(0).dirichlet(np.ones(3), 60)
    first, second = (hits_by_length([0] * 10, evidence, [6] * 10).share for _ in range(2))
    np.testing.assert_array_equal(first, second)
