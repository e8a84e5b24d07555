from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.errors import SettingsError
from genre_core.evaluation.knn import METRICS, KnnSettings, knn_evidence, neighbour_shares
from genre_core.evaluation.score_set import ScoreSet
from tests import builders


def score_set(artists: list[str], labels: list[int], scores: list[list[float]]) -> ScoreSet:
    """One frame of 5 s a song."""
    return builders.score_set(labels, {5.0: [[row] for row in scores]}, artists=artists)


def test_by_hand() -> None:
    """Distances from (0.5, 0.5) to (0.5 - d, 0.5 + d) are d times the root of 2."""
    reference = [[0.4, 0.6], [0.8, 0.2], [0.3, 0.7], [0.0, 1.0]]  # d: 0.1, 0.3, 0.2, 0.5
    labels = [0, 1, 1, 0]
    for k, expected in ((1, [1, 0]), (2, [1 / 2, 1 / 2]), (3, [1 / 3, 2 / 3]), (4, [1 / 2, 1 / 2])):
        shares = neighbour_shares(
            [[0.5, 0.5]],
            ["a"],
            reference,
            labels,
            ["b", "c", "d", "e"],
            KnnSettings(k, "euclidean"),
        )
        np.testing.assert_allclose(shares, [expected])


def test_equally_far_frames_share_the_last_place() -> None:
    """One neighbour lies at 0.1, two at 0.2; k = 2 gives the two half a place each."""
    shares = neighbour_shares(
        [[0.5, 0.5]], [0], [[0.4, 0.6], [0.25, 0.75], [0.75, 0.25]], [0, 1, 0], [1, 2, 3],
        KnnSettings(2, "euclidean"),
    )  # fmt: skip
    np.testing.assert_allclose(shares, [[0.75, 0.25]])


def test_frames_of_the_own_group_are_never_asked() -> None:
    scores, labels, groups = [[0.9, 0.1], [0.1, 0.9], [0.2, 0.8]], [0, 1, 1], ["a", "b", "c"]
    shares = neighbour_shares(scores, groups, scores, labels, groups, KnnSettings(1))
    np.testing.assert_allclose(shares, [[0, 1], [0, 1], [0, 1]])


def test_metrics_disagree_where_they_should() -> None:
    """A small score that is there or not weighs more for Hellinger than for Euclid."""
    asked = [[0.5, 0.5, 0.0]]
    reference = [[0.44, 0.56, 0.0], [0.49, 0.49, 0.02]]
    first = {
        metric: neighbour_shares(asked, [0], reference, [0, 1], [1, 2], KnnSettings(1, metric))[0]
        for metric in METRICS
    }
    np.testing.assert_allclose(first["hellinger"], [1, 0, 0])
    np.testing.assert_allclose(first["euclidean"], [0, 1, 0])
    np.testing.assert_allclose(first["cosine"], [0, 1, 0])


@given(seed=st.integers(0, 1000), k=st.integers(1, 30), metric=st.sampled_from(sorted(METRICS)))
def test_shares_sum_to_one_and_order_does_not_matter(seed: int, k: int, metric: str) -> None:
    generator = np.random.default_rng(seed)
    scores = generator.dirichlet(np.ones(3), 4)
    # Rounded, so that some are equally far.
    reference = generator.dirichlet(np.ones(3), 20).round(1) + 1e-3
    reference /= reference.sum(axis=1, keepdims=True)
    labels, groups = generator.integers(3, size=20), generator.integers(6, size=20)
    order = generator.permutation(20)
    settings = KnnSettings(k, metric)
    shares = neighbour_shares(scores, [0, 1, 2, 9], reference, labels, groups, settings)
    other = neighbour_shares(
        scores, [0, 1, 2, 9], reference[order], labels[order], groups[order], settings
    )
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(shares, other, atol=1e-12)


def test_songs_of_the_same_artist_are_never_asked() -> None:
    near, far = [0.9, 0.1, 0.0], [0.1, 0.1, 0.8]
    same = score_set(["Ann", "ANN ", "Bob"], [0, 1, 2], [near, near, far])
    evidence = knn_evidence(same, 5.0, same, KnnSettings(1))
    np.testing.assert_allclose(evidence[0], [0, 0, 1])
    np.testing.assert_allclose(evidence[2], [0.5, 0.5, 0])
    unknown = score_set(["", "", ""], [0, 1, 2], [near, near, far])
    np.testing.assert_allclose(knn_evidence(unknown, 5.0, unknown, KnnSettings(1))[0], [0, 1, 0])


def test_the_labels_come_from_the_reference_set() -> None:
    asked = score_set(["Ann"], [0], [[0.9, 0.1, 0.0]])
    reference = score_set(["Bob", "Cy"], [2, 1], [[0.9, 0.1, 0.0], [0.0, 0.5, 0.5]])
    # Both sets call their first song "song.0"; its artist is another one.
    np.testing.assert_allclose(knn_evidence(asked, 5.0, reference, KnnSettings(1)), [[0, 0, 1]])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (KnnSettings(0), "k is 0"),
        (KnnSettings(101), "k is 101"),
        (KnnSettings(1, "manhattan"), "manhattan"),
    ],
)
def test_impossible_settings(settings: KnnSettings, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        neighbour_shares([[0.5, 0.5]], [0], [[0.5, 0.5]], [0], [1], settings)


def test_sets_that_do_not_fit_are_refused() -> None:
    one = score_set(["Ann"], [0], [[0.9, 0.1, 0.0]])
    with pytest.raises(SettingsError, match="no song but this one"):
        knn_evidence(one, 5.0, one, KnnSettings(1))
    with pytest.raises(SettingsError, match="no frames of 3 s"):
        knn_evidence(one, 3.0, one, KnnSettings(1))
    other = replace(one, genres=one.genres[::-1])
    with pytest.raises(SettingsError, match="other genres"):
        knn_evidence(one, 5.0, other, KnnSettings(1))
