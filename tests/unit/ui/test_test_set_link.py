"""Links to the page "Test set" and its sentences: pure functions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.evaluation.knn import METRICS
from genre_core.evaluation.metrics import Estimate, PairedTest
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.verdicts import AGGREGATIONS
from genre_core.ui.pages.test_set.link import (
    PARAMETERS,
    ScoresView,
    default_frame_seconds,
    fit_view,
    reference_key,
    reference_keys,
)
from genre_core.ui.pages.test_set.words import (
    METRIC_NAMES,
    gain_sentence,
    interval,
    points,
    rival_sentence,
)
from genre_core.ui.url import read_view, write_view
from genre_core.ui.words import AGGREGATION_NAMES, AGGREGATIONS_EXPLAINED, IN_A_SENTENCE
from tests import builders


def score_set(
    model: str = "net", sha: str = "0", lengths: tuple[float, ...] = (5.0, 10.0, 29.12)
) -> ScoreSet:
    """Two songs, with ever fewer frames the longer they are."""
    half = {seconds: [np.full((int(30 // seconds), 2), 0.5)] * 2 for seconds in lengths}
    return builders.score_set([0, 1], half, genres=("blues", "jazz"), model=model, model_sha256=sha)


def read(query: dict[str, str]) -> tuple[ScoresView, tuple[str, ...]]:
    return read_view(query, ScoresView(), PARAMETERS)


def write(view: ScoresView) -> dict[str, str]:
    return write_view(view, ScoresView(), PARAMETERS)


SETS = {"a": score_set(), "b": score_set(), "other": score_set("other", "1")}


def test_every_aggregation_and_metric_has_its_names() -> None:
    assert (
        set(AGGREGATION_NAMES)
        == set(AGGREGATIONS_EXPLAINED)
        == set(IN_A_SENTENCE)
        == set(AGGREGATIONS)
    )
    assert set(METRIC_NAMES) == set(METRICS)


def test_an_empty_link_is_the_default_view() -> None:
    assert read({}) == (ScoresView(), ())
    assert write(ScoresView()) == {}


names = st.text(min_size=1)
views = st.builds(
    ScoresView,
    scores=names,
    frame_seconds=st.floats(3, 29).map(lambda s: round(s, 2)),
    aggregation=st.sampled_from(AGGREGATIONS),
    k=st.integers(1, 100),
    metric=st.sampled_from(sorted(METRICS)),
    reference=names,
    cells=st.sampled_from(["row", "column", "count"]),
    order=st.sampled_from(["name", "alike"]),
    unit=st.sampled_from(["song", "frame"]),
    true=names,
    named=names,
    song=names,
    part=st.sampled_from(["results", "own"]),
)


@given(views)
def test_a_link_and_its_view_are_one(view: ScoresView) -> None:
    assert read(write(view)) == (view, ())


KEYS = [
    *("scores", "t", "agg", "k", "metric", "ref", "cells", "order"),
    *("by", "true", "named", "song", "part"),
]


@given(st.dictionaries(st.sampled_from(KEYS), st.text()))
def test_any_link_becomes_a_view_of_what_there_is(query: dict[str, str]) -> None:
    view, _ = read(query)
    fitted, _ = fit_view(view, SETS)
    assert fitted.frame_seconds in SETS[fitted.scores].frames
    assert 1 <= fitted.k <= 100
    assert fitted.true in ("", "blues", "jazz")
    assert bool(fitted.true) == bool(fitted.named)
    assert fit_view(fitted, SETS) == (fitted, ())


def test_what_a_link_gets_wrong_is_told() -> None:
    query = {"t": "x", "agg": "median", "k": "0", "by": "bar", "scores": "?"}
    view, notes = read(query)
    assert len(notes) == 4
    fitted, more = fit_view(replace(view, frame_seconds=8.0, song="song.9", true="polka"), SETS)
    assert fitted.frame_seconds == 10.0
    assert len(more) == 2  # the scores and with them the cell; the length
    _, own = fit_view(ScoresView(scores="own"), SETS)
    assert "only their session has" in own[0]
    _, missing = fit_view(ScoresView(true="polka", named="jazz"), SETS)
    assert "polka" in missing[0]


def test_a_cell_in_a_link_to_the_first_scores_stays_open() -> None:
    fitted, notes = fit_view(ScoresView(true="jazz", named="blues", song="song.01"), SETS)
    assert (fitted.scores, fitted.true, fitted.named, fitted.song) == (
        "a",
        "jazz",
        "blues",
        "song.01",
    )
    assert notes == ()


def test_the_default_length_is_the_longest_with_frames_to_average() -> None:
    assert default_frame_seconds(score_set()) == 10.0
    assert default_frame_seconds(score_set(lengths=(29.12,))) == 29.12


def test_only_scores_of_the_same_network_can_be_the_reference() -> None:
    view, _ = fit_view(ScoresView(scores="a"), SETS)
    assert reference_keys(view, SETS) == ["b"]
    fitted, notes = fit_view(replace(view, reference="other"), SETS)
    assert fitted.reference == ""
    assert "“other”" in notes[0]
    assert "“a” is" in notes[0]


def listed(list_name: str, dataset: str = "d", **how: object) -> ScoreSet:
    of = score_set(**how)
    return replace(of, provenance=replace(of.provenance, list_name=list_name, dataset=dataset))


def test_a_validation_list_is_the_reference_where_there_is_one() -> None:
    sets = {
        "test": score_set(),
        "train": listed("train"),
        "elsewhere": listed("valid", "e"),
        "valid": listed("valid", lengths=(10.0,)),
        "other": listed("valid", model="other", sha="1"),
    }
    at_10, at_5 = ScoresView(scores="test", frame_seconds=10.0), ScoresView("test", 5.0)
    assert reference_key(at_10, sets) == "valid"
    assert reference_key(at_5, sets) == "elsewhere"
    assert reference_key(replace(at_5, reference="train"), sets) == "train"
    assert reference_key(replace(at_10, scores="valid"), sets) == "valid"
    del sets["elsewhere"]
    assert reference_key(at_5, sets) == "test"
    # The songs themselves can be chosen all the same, and a link may say so.
    chosen, notes = fit_view(replace(at_10, reference="test"), sets)
    assert (reference_key(chosen, sets), notes) == ("test", ())


@pytest.mark.parametrize(
    ("gain", "start", "end"),
    [
        (Estimate(0.041, 0.019, 0.064), "Combining the frames gains 4.1", "more than chance."),
        (Estimate(-0.041, -0.064, -0.019), "Combining the frames costs 4.1", "more than chance."),
        (
            Estimate(0.01, -0.01, 0.03),
            "Combining the frames changes the accuracy by +1.0",
            "chance.",
        ),
    ],
)
def test_the_gain_in_words(gain: Estimate, start: str, end: str) -> None:
    sentence = gain_sentence(gain, 100, 300)
    assert sentence.startswith(start)
    assert sentence.endswith(end)
    assert ("may be chance" in sentence) == (gain.low <= 0 <= gain.high)


def test_bounds_of_a_loss_stand_in_order() -> None:
    assert "interval 1.9 to 6.4" in gain_sentence(Estimate(-0.041, -0.064, -0.019), 100, 300)


def test_one_frame_a_song_is_explained() -> None:
    assert "matrices are equal" in gain_sentence(Estimate(0, 0, 0), 100, 100)
    assert "shorter frame" in gain_sentence(Estimate(0, 0, 0), 100, 100)
    last = gain_sentence(Estimate(0, 0, 0), 100, 100, shorter_is_there=False)
    assert "shorter frame" not in last


def test_knn_may_rename_a_song_of_one_frame() -> None:
    sentence = gain_sentence(Estimate(0.014, -0.01, 0.03), 100, 100, "knn")
    assert "equal" not in sentence
    assert "Using kNN changes the accuracy by +1.4" in sentence


def test_what_a_few_songs_cannot_tell_is_not_told() -> None:
    """One song drawn again and again gives an interval of no width."""
    sentence = gain_sentence(Estimate(0.4, 0.4, 0.4), 1, 10)
    assert "with 1 song, that may be chance" in sentence
    assert "95 %" not in sentence
    assert "does not change" in gain_sentence(Estimate(0, 0, 0), 100, 300)
    assert interval(Estimate(1.0, 1.0, 1.0)) == "no interval: all songs are alike"
    assert interval(Estimate(0.5, 0.4, 0.6)) == "95 % interval: 40.0 to 60.0 %"


def test_two_networks_in_words() -> None:
    assert "more than chance" in rival_sentence("a", "b", PairedTest(30, 5, 0.0001))
    assert "p < 0.001" in rival_sentence("a", "b", PairedTest(30, 5, 0.0001))
    assert "may be chance" in rival_sentence("a", "b", PairedTest(3, 2, 1.0))
    assert "only a is right on 1 song, only b on 2 songs" in rival_sentence(
        "a", "b", PairedTest(1, 2, 1.0)
    )
    assert rival_sentence("a", "b", PairedTest(0, 0, 1.0)).startswith("Against b: both are right")


def test_a_difference_has_a_true_sign_and_no_negative_zero() -> None:
    assert points(0.0414) == "+4.1"
    assert points(-0.0414) == "−4.1"
    assert points(0.0) == points(-0.0) == points(-0.0004) == "+0.0"
