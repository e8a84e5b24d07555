"""What combining the frames of each song does."""

import numpy as np
import pytest

from genre_core.evaluation import verdicts
from genre_core.evaluation.score_set import (
    ScoreSet,
)
from genre_core.evaluation.summary import summarise
from genre_core.inference import aggregate
from tests import builders
from tests.builders import random_score_set


def one_hot(*labels: int) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[list(labels)]


def score_set_of(labels: list[int], songs: list[np.ndarray]) -> ScoreSet:
    return builders.score_set(labels, {5.0: songs})


@pytest.mark.parametrize("aggregation", ["mean", "geometric_mean", "majority_vote"])
def test_evidence_of_frames_gives_the_verdicts_of_the_aggregation(aggregation: str) -> None:
    frames = random_score_set(200).frames[5.0]
    evidence = aggregate.frame_evidence(frames.scores, aggregation)
    parts = np.split(evidence, np.cumsum(frames.counts)[:-1])
    np.testing.assert_array_equal(
        [part.mean(axis=0).argmax() for part in parts],
        verdicts.song_scores(frames, aggregation).argmax(axis=1),
    )


def test_mean_by_song_is_the_mean_of_its_frames() -> None:
    frames = random_score_set().frames[5.0]
    by_song = verdicts.mean_by_song(frames.scores.astype(np.float64), frames.counts)
    np.testing.assert_allclose(by_song, verdicts.song_scores(frames, "mean"), atol=1e-9)


def test_a_tie_of_votes_is_decided_by_the_scores() -> None:
    shares = np.array([[0.5, 0.5, 0.0]])
    decided = aggregate.with_ties_broken(shares, [[0.3, 0.4, 0.3]])
    assert decided.argmax() == 1
    np.testing.assert_allclose(decided, shares, atol=1e-8)


def test_repaired_and_broken_by_hand() -> None:
    scores = [
        np.array([[0.9, 0.1, 0.0], [0.4, 0.6, 0.0]]),  # right by its first frame: repaired
        np.array([[0.4, 0.6, 0.0], [0.9, 0.1, 0.0]]),  # right by its first frame only: broken
        one_hot(2, 2),
        one_hot(0, 0),
    ]
    tiny = score_set_of([0, 1, 2, 2], scores)
    frames = tiny.frames[5.0]
    found = verdicts.outcomes(tiny.labels(), frames, verdicts.song_scores(frames))
    np.testing.assert_array_equal(found.right, [True, False, True, False])
    np.testing.assert_array_equal(found.frames_right, [0.5, 0.5, 1.0, 0.0])
    np.testing.assert_array_equal(found.repaired, [True, False, False, False])
    np.testing.assert_array_equal(found.broken, [False, True, False, False])
    assert (found.won, found.lost) == (0.5 / 4, 0.5 / 4)


def test_repaired_minus_broken_is_the_whole_gain() -> None:
    many = random_score_set(60, n_frames=5)
    frames = many.frames[5.0]
    found = verdicts.outcomes(many.labels(), frames, verdicts.song_scores(frames))
    assert found.won - found.lost == pytest.approx(summarise(many, 5.0).averaging_gain.value)
