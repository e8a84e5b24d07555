"""How sure a verdict is: fitted on songs from elsewhere, counted on the test list."""

from dataclasses import replace

import numpy as np
import pytest

from genre_core.evaluation.bundled import read_score_files
from genre_core.evaluation.score_set import CROSS_VALIDATION, ScoreSet
from genre_core.evaluation.surety import MIN_SONGS, WORDS, Surety, fit_surety
from genre_core.evaluation.verdicts import song_scores
from genre_core.inference.aggregate import verdict
from genre_core.types import ModelInfo, Verdict
from tests import builders

NETWORK = ModelInfo("net", "0" * 64, builders.GENRES)
HOME = {"dataset": "home", "list_name": "test", "prefix": "t"}
AWAY = {"dataset": "away", "list_name": "all", "prefix": "a"}


def songs(n: int, shares_right: dict[float, float], seed: int = 0, **record: object) -> ScoreSet:
    """Return songs of one frame: each confidence, and the share of them that is right."""
    generator = np.random.default_rng(seed)
    labels, scores = [], []
    for index in range(n):
        confidence = list(shares_right)[index % len(shares_right)]
        label = int(generator.integers(3))
        named = label if generator.random() < shares_right[confidence] else (label + 1) % 3
        row = np.full(3, (1 - confidence) / 2)
        row[named] = confidence
        labels.append(label)
        scores.append(row[None])
    return builders.score_set(labels, {29.12: scores}, model="net", **record)


def of(confidence: float, n_frames: int = 1, aggregation: str = "mean") -> Verdict:
    rest = (1 - confidence) / 2
    return verdict([[confidence, rest, rest]] * n_frames, builders.GENRES, aggregation)


def test_the_chance_is_that_of_songs_from_elsewhere_not_of_the_test_list():
    test = songs(200, {0.62: 1.0, 0.93: 1.0}, **HOME)
    away = songs(2_000, {0.62: 0.4, 0.93: 0.8}, **AWAY)
    curve = fit_surety([test, away], NETWORK, "mean", 29.12)
    assert curve is not None
    unsure, sure = curve.surety(of(0.62)), curve.surety(of(0.93))
    assert unsure.chance == pytest.approx(0.4, abs=0.06)
    assert sure.chance == pytest.approx(0.8, abs=0.06)
    assert (unsure.words, sure.words) == ("guessing", "fairly sure")
    # ... but what is counted are the songs of the test list.
    assert sure.like_it.count == sure.n_right == 100


def test_songs_that_the_network_learnt_from_say_nothing():
    test = songs(60, {0.62: 0.5}, **HOME)
    away = songs(200, {0.4: 0.2, 0.93: 0.8}, **AWAY)
    alone = fit_surety([test, away], NETWORK, "mean", 29.12)
    for record in (
        {"list_name": "train"},
        {"dataset": "home", "list_name": "all"},
        {"model_sha256": "1" * 64},
        {"perturbation": "telephone"},
    ):
        learnt = songs(400, {0.4: 1.0, 0.93: 1.0}, **{**AWAY, **record, "prefix": "l"})
        curve = fit_surety([test, away, learnt], NETWORK, "mean", 29.12)
        assert (curve.slope, curve.intercept) == (alone.slope, alone.intercept)


def test_folds_of_the_same_recipe_count():
    test = songs(60, {0.62: 0.5}, **HOME)
    folds = songs(
        MIN_SONGS, {0.4: 0.2, 0.93: 0.8}, **{**AWAY, "list_name": CROSS_VALIDATION},
        model_sha256="2" * 64,
    )  # fmt: skip
    assert fit_surety([test, folds], NETWORK, "mean", 29.12) is not None
    other = replace(NETWORK, name="another")
    assert fit_surety([test, folds], other, "mean", 29.12) is None


def test_too_few_songs_or_none_of_the_network_give_nothing():
    test = songs(60, {0.62: 0.5}, **HOME)
    few = songs(MIN_SONGS - 1, {0.4: 0.2, 0.93: 0.8}, **AWAY)
    enough = songs(MIN_SONGS, {0.4: 0.2, 0.93: 0.8}, **AWAY)
    assert fit_surety([test, few], NETWORK, "mean", 29.12) is None
    assert fit_surety([enough], NETWORK, "mean", 29.12) is None
    assert fit_surety([test, enough], NETWORK, "mean", 29.12) is not None
    assert fit_surety([], NETWORK, "mean", 29.12) is None


def test_words_fall_with_the_chance():
    bin_ = fit_bin()
    assert [Surety(chance, bin_).words for chance in (0.95, 0.8, 0.6, 0.1)] == [
        word for _, word in WORDS
    ]


def fit_bin():
    test = songs(60, {0.62: 0.5}, **HOME)
    curve = fit_surety([test, songs(60, {0.4: 0.2, 0.93: 0.8}, **AWAY)], NETWORK, "mean", 29.12)
    assert curve is not None
    return curve.bins[5]


@pytest.fixture(scope="module")
def bundled() -> tuple[list[ScoreSet], ModelInfo]:
    sets = list(read_score_files().values())
    own = next(
        each
        for each in sets
        if each.provenance.list_name == "test"
        and each.provenance.model == "gtzan10"
        and not each.provenance.perturbation
    )
    return sets, ModelInfo("gtzan10", own.provenance.model_sha256, own.genres)


@pytest.mark.parametrize("aggregation", ["mean", "geometric_mean", "majority_vote"])
@pytest.mark.parametrize("seconds", [3.0, 10.0, 29.12])
def test_the_bundled_network_is_surer_with_more_confidence(bundled, aggregation, seconds):
    sets, network = bundled
    curve = fit_surety(sets, network, aggregation, seconds)
    assert curve is not None
    assert curve.slope > 0


def test_what_the_bundled_network_says_surely_is_right(bundled):
    """Fitted on songs from elsewhere, the words hold for the songs of the test list too."""
    sets, network = bundled
    curve = fit_surety(sets, network, "mean", 29.12)
    test = next(each for each in sets if each.provenance.model_sha256 == network.sha256
                and each.provenance.list_name == "test")  # fmt: skip
    by_song = song_scores(test.frames[29.12])
    right: dict[str, list[bool]] = {}
    for row, label in zip(by_song, test.labels(), strict=True):
        words = curve.surety(verdict([row], network.genres)).words
        right.setdefault(words, []).append(bool(row.argmax() == label))
    assert np.mean(right["very sure"]) > 0.9
    assert np.mean(right["very sure"]) > np.mean(right["unsure"]) > np.mean(right["guessing"])


def test_one_vote_of_one_is_less_than_eight_of_eight(bundled):
    sets, network = bundled
    curve = fit_surety(sets, network, "majority_vote", 29.12)
    rest = [0.01] * 9
    one, eight = (
        curve.surety(verdict([[0.91, *rest]] * n, network.genres, "majority_vote")).chance
        for n in (1, 8)
    )
    assert one < 0.85 < 0.9 < eight
