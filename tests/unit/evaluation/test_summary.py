"""The measures of a whole test set."""

import numpy as np
import pytest

from genre_core.errors import SettingsError
from genre_core.evaluation import verdicts
from genre_core.evaluation.metrics import Estimate
from genre_core.evaluation.score_set import (
    ScoreSet,
)
from genre_core.evaluation.summary import measure, summarise
from tests import builders
from tests.builders import random_score_set


def one_hot(*labels: int) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[list(labels)]


def score_set_of(labels: list[int], songs: list[np.ndarray]) -> ScoreSet:
    return builders.score_set(labels, {5.0: songs})


def test_perfect_network() -> None:
    summary = summarise(score_set_of([0, 1, 2], [one_hot(0, 0), one_hot(1), one_hot(2, 2)]), 5.0)
    assert summary.song_accuracy.value == 1.0
    assert summary.song_accuracy.high == pytest.approx(1.0)
    assert summary.frame_accuracy == Estimate(1.0, 1.0, 1.0)
    assert summary.averaging_gain == Estimate(0.0, 0.0, 0.0)
    assert summary.song_diagonal == summary.frame_diagonal == 1.0
    np.testing.assert_array_equal(summary.song_confusion, np.eye(3))
    np.testing.assert_array_equal(summary.frame_confusion, np.diag([2, 1, 2]))
    assert [item.f1 for item in summary.per_genre] == [1.0, 1.0, 1.0]
    assert summary.calibration_error == pytest.approx(0.0)


def test_always_the_same_genre() -> None:
    labels = [0, 1, 1, 2]
    summary = summarise(score_set_of(labels, [one_hot(1)] * 4), 5.0)
    assert summary.song_accuracy.value == 0.5
    assert summary.song_diagonal == pytest.approx(1 / 3)
    blues, jazz, _ = summary.per_genre
    assert (blues.precision, blues.recall, blues.f1, blues.support) == (0.0, 0.0, 0.0, 1)
    assert (jazz.precision, jazz.recall, jazz.support) == (0.5, 1.0, 2)
    assert summary.calibration_error == pytest.approx(0.5)


def test_one_frame_a_song_makes_both_matrices_equal() -> None:
    summary = summarise(random_score_set(n_frames=1), 5.0)
    np.testing.assert_array_equal(summary.song_confusion, summary.frame_confusion)
    assert summary.song_accuracy.value == summary.frame_accuracy.value
    assert summary.averaging_gain == Estimate(0.0, 0.0, 0.0)


def test_identical_frames_are_aggregated_to_themselves() -> None:
    scores = np.array([[0.5, 0.25, 0.25]], dtype=np.float32)
    frames = score_set_of([0], [np.repeat(scores, 6, axis=0)]).frames[5.0]
    for aggregation in ("mean", "geometric_mean"):
        np.testing.assert_allclose(verdicts.song_scores(frames, aggregation), scores, atol=1e-6)
    np.testing.assert_allclose(
        verdicts.song_scores(frames, "majority_vote"), [[1, 0, 0]], atol=1e-6
    )


def test_order_of_songs_does_not_matter() -> None:
    first = random_score_set()
    order = np.random.default_rng(1).permutation(len(first.clips))
    parts = first.frames[5.0].by_clip()
    labels = first.labels()
    second = score_set_of(
        [int(labels[index]) for index in order], [parts[index] for index in order]
    )
    one, other = summarise(first, 5.0), summarise(second, 5.0)
    np.testing.assert_array_equal(one.frame_confusion, other.frame_confusion)
    assert one.song_accuracy == other.song_accuracy
    assert one.frame_accuracy.value == pytest.approx(other.frame_accuracy.value)


def test_unknown_length_and_aggregation() -> None:
    score_set = random_score_set()
    with pytest.raises(SettingsError, match="there are 5 s"):
        summarise(score_set, 3.0)
    with pytest.raises(SettingsError, match="median"):
        summarise(score_set, 5.0, "median")


def test_any_judgement_of_the_songs_can_be_measured() -> None:
    tiny = score_set_of([0, 1, 2], [one_hot(0), one_hot(0), one_hot(0)])
    summary = measure(tiny.labels(), tiny.frames[5.0], np.eye(3), tiny.genres)
    assert summary.song_accuracy.value == 1.0
    assert summary.frame_accuracy.value == pytest.approx(1 / 3)
