"""Accuracy, confusion and intervals, against values counted by hand or published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.evaluation import metrics
from genre_core.evaluation.score_set import (
    ScoreSet,
)
from genre_core.evaluation.summary import summarise
from tests import builders
from tests.builders import random_score_set


def one_hot(*labels: int) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[list(labels)]


def score_set_of(labels: list[int], songs: list[np.ndarray]) -> ScoreSet:
    return builders.score_set(labels, {5.0: songs})


@pytest.mark.parametrize(
    ("n_right", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), Statistics in Medicine 17, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_as_published(n_right: int, n: int, low: float, high: float) -> None:
    interval = metrics.wilson_interval(n_right, n)
    assert interval.value == pytest.approx(n_right / n)
    assert interval.low == pytest.approx(low, abs=1e-4)
    assert interval.high == pytest.approx(high, abs=1e-4)


def test_bootstrap_resamples_songs_not_frames() -> None:
    """Frames that agree within their song tell no more than the songs do."""
    generator = np.random.default_rng(0)
    right = generator.random(50) < 0.7
    alone = metrics.frame_accuracy(right, np.arange(50))
    repeated = metrics.frame_accuracy(np.repeat(right, 20), np.repeat(np.arange(50), 20))
    assert repeated == alone
    spread = np.sqrt(right.mean() * (1 - right.mean()) / 50)
    assert alone.high - alone.low == pytest.approx(2 * 1.96 * spread, rel=0.15)


def test_averaging_gain_by_hand() -> None:
    # Song 0: 2 of 3 frames right and the song right; song 1: 1 of 3 and wrong.
    gain = metrics.averaging_gain([True, False], [1, 1, 0, 1, 0, 0], [0, 0, 0, 1, 1, 1])
    assert gain.value == pytest.approx(0.5 - 0.5)
    gain = metrics.averaging_gain([True, True], [1, 1, 0, 1, 0, 1], [0, 0, 0, 1, 1, 1])
    assert gain.value == pytest.approx(1 - 4 / 6)
    assert gain.low <= gain.value <= gain.high


def test_confusion_matrix_has_true_genres_in_its_rows() -> None:
    counts = metrics.confusion_matrix([0, 0, 1], [0, 2, 1], 3)
    np.testing.assert_array_equal(counts, [[1, 0, 1], [0, 1, 0], [0, 0, 0]])
    percent = metrics.row_percent(counts)
    np.testing.assert_allclose(percent[:2], [[50, 0, 50], [0, 100, 0]])
    assert np.isnan(percent[2]).all()
    assert metrics.mean_of_diagonal(counts) == pytest.approx(0.75)


def test_rows_of_percentages_sum_to_a_hundred() -> None:
    percent = metrics.row_percent(summarise(random_score_set(), 5.0).frame_confusion)
    np.testing.assert_allclose(percent.sum(axis=1), 100.0)


def test_columns_of_percentages_sum_to_a_hundred_and_have_the_precision() -> None:
    counts = np.array([[6, 2, 0], [0, 3, 0], [2, 0, 0]])
    percent = metrics.column_percent(counts)
    np.testing.assert_allclose(percent[:, :2].sum(axis=0), 100)
    assert np.isnan(percent[:, 2]).all()
    reference, estimate = np.repeat(np.indices((3, 3)).reshape(2, 9), counts.ravel(), axis=1)
    precisions = [item.precision for item in metrics.per_genre(reference, estimate, "abc")]
    np.testing.assert_allclose(np.diag(percent)[:2], [100 * value for value in precisions[:2]])


def test_genres_that_are_confused_stand_together() -> None:
    """0 and 3 are taken for one another, 1 and 4 a little, 2 is always right."""
    counts = np.diag([10, 10, 10, 10, 10])
    counts[0, 3], counts[3, 0], counts[1, 4] = 8, 5, 2
    place = np.argsort(metrics.alike_order(counts))
    assert sorted(place) == [0, 1, 2, 3, 4]
    assert abs(place[0] - place[3]) == 1
    assert abs(place[1] - place[4]) == 1
    for n_genres in (1, 2):
        assert list(metrics.alike_order(np.zeros((n_genres, n_genres)))) == list(range(n_genres))
    assert sorted(metrics.alike_order(np.zeros((4, 4)))) == [0, 1, 2, 3]


def test_mcnemar_textbook_case() -> None:
    """Conover's example: 7 and 1 discordant pairs, exact two-sided p = 18/256."""
    reference = np.zeros(20, dtype=int)
    first, second = reference.copy(), reference.copy()
    second[:7] = 1
    first[7] = 1
    first[8:10] = second[8:10] = 1  # both wrong: no matter
    test = metrics.mcnemar(reference, first, second)
    assert (test.first_only, test.second_only) == (7, 1)
    assert test.p_value == pytest.approx(18 / 256)


def test_mcnemar_of_the_same_estimates() -> None:
    assert metrics.mcnemar([0, 1], [0, 0], [0, 0]).p_value == 1.0


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a reference"):
        metrics.song_accuracy([0, 1], [0])


# Files


# From songs to scores


def test_difference_of_matrices_by_hand() -> None:
    frames, songs = [[6, 2], [0, 0]], [[1, 0], [0, 0]]
    difference = metrics.confusion_difference(frames, songs)
    np.testing.assert_allclose(difference[0], [25.0, -25.0])
    assert np.isnan(difference[1]).all()
    same = metrics.confusion_difference(frames, frames)
    np.testing.assert_array_equal(same[0], [0, 0])


@given(st.integers(1, 10), st.integers(0, 2**16))
def test_the_order_of_genres_names_each_once(n_genres: int, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 9, (n_genres, n_genres))
    assert sorted(metrics.alike_order(counts)) == list(range(n_genres))
