"""Aggregates stay on the simplex, ignore the order of frames, and agree where they must."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from genre_core.errors import AudioError, GenreError
from genre_core.inference.aggregate import (
    AGGREGATES,
    close_genres,
    geometric_mean,
    majority_vote,
    mean,
    verdict,
)

GENRES = ("blues", "jazz", "metal")


@st.composite
def score_tables(draw: st.DrawFn, max_frames: int = 12) -> np.ndarray:
    """Rows on the simplex, many with zeros and ties, as float32 as a network gives them."""
    shape = (draw(st.integers(1, max_frames)), draw(st.integers(2, 10)))
    parts = draw(hnp.arrays(np.int64, shape, elements=st.integers(0, 20)))
    parts[parts.sum(axis=1) == 0] = 1
    return (parts / parts.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("aggregate", AGGREGATES.values(), ids=AGGREGATES)
class TestEveryAggregate:
    @given(scores=score_tables())
    def test_stays_on_the_simplex(self, aggregate, scores):
        combined = aggregate(scores)
        assert combined.shape == (scores.shape[1],)
        assert np.isfinite(combined).all()
        assert (combined >= 0).all()
        assert combined.sum() == pytest.approx(1.0, abs=1e-12)

    @given(scores=score_tables(), seed=st.integers(0, 2**32 - 1))
    def test_ignores_the_order_of_frames(self, aggregate, scores, seed):
        shuffled = np.random.default_rng(seed).permutation(scores)
        np.testing.assert_array_equal(aggregate(shuffled), aggregate(scores))

    @given(scores=score_tables(max_frames=1))
    def test_one_frame_decides_alone(self, aggregate, scores):
        assert aggregate(scores).argmax() == scores[0].argmax()

    @given(scores=score_tables(), n_copies=st.integers(2, 5))
    def test_repeating_the_song_changes_nothing(self, aggregate, scores, n_copies):
        repeated = np.tile(scores, (n_copies, 1))
        np.testing.assert_allclose(aggregate(repeated), aggregate(scores), atol=1e-8)

    @pytest.mark.parametrize(
        "scores",
        [
            np.empty((0, 3)),
            np.array([0.5, 0.5]),
            np.array([[0.5, 0.6]]),
            np.array([[1.5, -0.5]]),
            np.array([[np.nan, 1.0]]),
            np.array([[np.inf, 0.0]]),
        ],
        ids=["no frames", "one axis", "sum", "negative", "NaN", "infinite"],
    )
    def test_refuses_what_is_not_on_the_simplex(self, aggregate, scores):
        with pytest.raises(ValueError, match="expected scores"):
            aggregate(scores)


@given(scores=score_tables(max_frames=1))
def test_means_of_one_frame_are_that_frame(scores):
    np.testing.assert_allclose(mean(scores), scores[0], atol=1e-6)
    np.testing.assert_allclose(geometric_mean(scores), scores[0], atol=1e-6)


def test_mean_by_hand():
    np.testing.assert_allclose(mean([[1.0, 0.0], [0.5, 0.5]]), [0.75, 0.25])


def test_geometric_mean_by_hand():
    # square roots of 0.8 * 0.2 and 0.2 * 0.8, then of 0.9 * 0.4 and 0.1 * 0.6
    np.testing.assert_allclose(geometric_mean([[0.8, 0.2], [0.2, 0.8]]), [0.5, 0.5])
    expected = np.sqrt([0.36, 0.06])
    np.testing.assert_allclose(
        geometric_mean([[0.9, 0.1], [0.4, 0.6]]), expected / expected.sum(), rtol=1e-9
    )


def test_geometric_mean_survives_a_zero_in_every_genre():
    combined = geometric_mean([[0.0, 0.4, 0.6], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]])
    assert np.isfinite(combined).all()
    assert combined.sum() == pytest.approx(1.0)
    assert (combined > 0).all()


def test_geometric_mean_hears_a_veto():
    scores = [[0.6, 0.4], [0.6, 0.4], [0.0, 1.0]]
    assert geometric_mean(scores).argmax() == 1
    assert mean(scores).argmax() == 1
    assert majority_vote(scores).argmax() == 0


def test_majority_vote_gives_shares_of_the_frames():
    scores = [[0.4, 0.3, 0.3], [0.4, 0.3, 0.3], [0.0, 0.0, 1.0]]
    np.testing.assert_allclose(majority_vote(scores), [2 / 3, 0, 1 / 3], atol=1e-8)


@pytest.mark.parametrize("flip", [False, True])
def test_the_mean_breaks_a_tie_of_votes(flip):
    scores = np.array([[0.55, 0.45, 0.0], [0.1, 0.9, 0.0]])
    if flip:
        scores = scores[:, [1, 0, 2]]
    combined = majority_vote(scores)
    np.testing.assert_allclose(combined, [0.5, 0.5, 0.0], atol=1e-8)
    assert combined.argmax() == mean(scores).argmax()

    result = verdict(scores, GENRES, "majority_vote")
    assert result.genre == GENRES[0 if flip else 1]
    assert result.runner_up == GENRES[1 if flip else 0]
    assert result.confidence == 0.5
    assert result.margin == 0.0
    assert result.disagreement == 0.5


def test_a_tie_break_never_overturns_a_majority():
    scores = [[0.34, 0.33, 0.33]] * 2 + [[0.0, 1.0, 0.0]]
    assert majority_vote(scores).argmax() == 0
    assert mean(scores).argmax() == 1


def test_verdict_by_hand():
    scores = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.6, 0.3, 0.1]], np.float32)
    result = verdict(scores, GENRES)
    assert (result.genre, result.runner_up) == ("blues", "jazz")
    assert result.genres == GENRES
    assert result.aggregation == "mean"
    np.testing.assert_allclose(result.scores, [1.4 / 3, 1.3 / 3, 0.1], rtol=1e-6)
    assert result.scores.dtype == np.float32
    assert result.confidence == pytest.approx(1.4 / 3)
    assert result.margin == pytest.approx(0.1 / 3)
    assert result.disagreement == pytest.approx(1 / 3)
    assert result.n_frames == 3


def test_silent_frames_do_not_count():
    scores = [[0.9, 0.1, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]
    result = verdict(scores, GENRES, silent=[False, True, True])
    assert result.genre == "blues"
    assert result.n_frames == 1
    assert result.disagreement == 0.0
    with pytest.raises(AudioError, match="silent"):
        verdict(scores, GENRES, silent=[True, True, True])


def test_wrong_arguments_are_refused():
    with pytest.raises(GenreError, match="mean, geometric_mean, majority_vote"):
        verdict([[0.5, 0.5]], ("jazz", "pop"), "median")
    with pytest.raises(ValueError, match="two or more genres"):
        verdict([[0.5, 0.5]], GENRES)
    with pytest.raises(ValueError, match="silent"):
        verdict([[0.5, 0.5]], ("jazz", "pop"), silent=[True, False])


def test_close_genres_have_half_the_score_of_the_best():
    genres = ("blues", "jazz", "pop", "rock")
    assert close_genres(verdict([[0.6, 0.2, 0.1, 0.1]], genres)) == ("blues",)
    assert close_genres(verdict([[0.2, 0.5, 0.3, 0.0]], genres)) == ("jazz", "pop")
    assert close_genres(verdict([[0.25] * 4], genres)) == ("blues", "jazz", "pop")
