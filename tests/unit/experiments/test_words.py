"""Sentences about the experiments: their words follow the results, not only their numbers."""

from typing import Any

import pytest

from genre_core.evaluation.metrics import Estimate
from genre_core.experiments import names, words
from genre_core.experiments.rows import NetworkRow
from genre_core.experiments.summaries import (
    OptimizerCurve,
    ProtocolPair,
    SizePoint,
    Spread,
    TransferResult,
)


def spread(mean: float, deviation: float = 0.01, n: int = 3) -> Spread:
    return Spread(mean, deviation, n)


def point(family: str, wanted: int, test: float, train: float = 0.6, ms: float = 9.0) -> SizePoint:
    return SizePoint(
        family, wanted, wanted + 7, spread(test), spread(test), spread(train), 1_000, ms, 1.0
    )


def test_size_names_the_highest_and_what_size_adds() -> None:
    points = [
        point("crnn", 100_000, 0.40),
        point("crnn", 500_000, 0.60, ms=27.0),
        point("k2c2", 100_000, 0.50),
        point("k2c2", 500_000, 0.505, ms=9.0),
    ]
    text = words.size_lesson(points, 442)
    assert "is highest at 1 of 2 sizes" in text
    assert "60.0 ± 1.0 % for crnn and 50.5 ± 1.0 % for k2c2" in text
    assert "further apart than their spread" in text
    assert "+20.0 to crnn (more than the spread) and +0.5 to k2c2 (no more than" in text
    assert "crnn takes 3.0 times the training time of k2c2" in text
    assert "None has learnt its 442 songs: at most 60 %" in text
    assert "None has learnt" not in words.size_lesson(
        [point("crnn", 100_000, 0.4, train=0.97)], 442
    )


def way(learns: str, test: float, **options: Any) -> TransferResult:
    curve = {
        "train_accuracy": (0.5, 0.7, 0.9, 1.0),
        "test_accuracy": (0.5, 0.6, 0.6, 0.6),
        "valid_loss": options.pop("valid_loss", (1.0, 0.9, 1.2, 1.5)),
        "test_loss": (1.0, 1.0, 1.0, 1.0),
    }
    if learns in ("svm", "softmax", "knn"):
        return TransferResult(learns, None, spread(1.0), spread(test), spread(test, n=1), None, {})
    best = spread(options.pop("best_epoch", 2.0))
    n = options.pop("n", 3)
    return TransferResult(learns, 100, spread(0.9), spread(test), spread(test, n=n), best, curve)


def test_transfer_names_the_best_start_and_unfinished_runs() -> None:
    falling = (1.0, 0.9, 0.8, 0.7)
    results = [
        way("softmax", 0.7),
        way("recurrent", 0.6),
        way("everything", 0.5, valid_loss=falling, best_epoch=4.0, n=1),
        way("random", 0.3, valid_loss=falling, best_epoch=4.0, n=1),
    ]
    text = words.transfer_lesson(results)
    assert "features, softmax (70.0 %) is better than any further training" in text
    assert "Random weights reach 30.0 %, 30 points less" in text
    assert "recurrent + classifier from epoch 2 of 4 (the loss then rises by 0.60" in text
    assert "training is 40 points above test" in text
    assert "not at their best: everything (50.0 %) and everything, from random weights" in text
    assert "One seed only, so no spread: everything and everything, from random" in text

    results[1] = way("recurrent", 0.8)
    text = words.transfer_lesson(results)
    assert "Further training pays: recurrent + classifier (80.0 ± 1.0 %)" in text
    assert "any further training" not in text


def test_optimizers_say_where_a_range_was_too_short() -> None:
    def curve(optimizer: str, rate: float, lowest: float, best: bool) -> OptimizerCurve:
        losses = {"train_loss": (2.0, 1.2, 0.9), "valid_loss": (2.0, lowest, lowest + 0.1)}
        return OptimizerCurve(optimizer, rate, best, spread(0.6), spread(1 - lowest), losses)

    curves = [
        curve("adam", 0.001, 0.5, best=False),
        curve("adam", 0.01, 0.4, best=True),
        curve("sgd", 0.01, 0.6, best=False),
        curve("sgd", 0.1, 0.3, best=True),
        curve("sgd", 1.0, 0.9, best=False),
    ]
    text = words.optimizers_lesson(curves)
    assert text.index("SGD") < text.index("Adam")  # the lower loss first
    assert "at rate 0.1 halves its training loss by epoch 3" in text
    assert "validation loss, 0.30, after epoch 2 of 3 and ends at 0.40" in text
    assert "60.0 for SGD, Nesterov momentum" in text
    assert "The best rate of Adam is the end of its range" in text


def test_protocol_says_when_one_list_shows_the_opposite() -> None:
    def pair(network: str, scheme: str, difference: float, half: float) -> ProtocolPair:
        artist = Estimate(0.5, 0.4, 0.6)
        random = Estimate(0.5 + difference, 0.4, 0.6)
        difference_of_shares = Estimate(difference, difference - half, difference + half)
        return ProtocolPair(network, "all", scheme, random, artist, difference_of_shares, None)

    pairs = [
        pair("svm", "folds", 0.08, 0.02),
        pair("scratch", "folds", 0.01, 0.02),
        pair("scratch", "hold-out", -0.05, 0.1),
    ]
    text = words.protocol_lesson(pairs)
    assert "add 1.0 to 8.0 points" in text
    assert "In 1 of 2 comparisons the interval excludes 0" in text
    assert "largest for tag features, SVM, all songs, and smallest for CRNN from scratch" in text
    assert (
        "within ±10 points only. For CRNN from scratch the difference even has the opposite sign"
        in text
    )
    assert "opposite sign" not in words.protocol_lesson(pairs[:2])


def test_networks_of_one_size_are_compared_with_the_cheapest() -> None:
    def row(family: str, train_ms: float, multiply_adds: int, wanted: int | None) -> NetworkRow:
        return NetworkRow(
            key=family,
            fingerprint="",
            family=family,
            wanted_parameters=wanted,
            parameters=9,
            train_ms=train_ms,
            multiply_adds=multiply_adds,
            infer_ms_1_thread=4.0,
            infer_ms_2_threads=2.0,
            train_memory_mb=80.0,
            infer_memory_mb=20.0,
        )

    text = words.networks_lesson(
        [row("crnn", 30.0, 8, 9), row("k2c2", 10.0, 2, 9), row("other", 1.0, 1, None)]
    )
    assert "k2c2 is the cheapest. crnn takes 3.0 times as long to train (4.0 times" in text
    assert "inference 2.0 times as fast" in text


@pytest.mark.parametrize(
    "numbers",
    [
        words.size_numbers,
        words.transfer_numbers,
        words.optimizers_numbers,
        words.protocol_numbers,
    ],
)
def test_nothing_measured_is_said(numbers: Any) -> None:
    assert "yet" in numbers(())


def test_numbers_are_written_with_their_spread() -> None:
    assert names.percent(Spread(0.509, 0.014, 3)) == "50.9 ± 1.4 %"
    assert names.percent(Spread(0.509, 0.0, 1)) == "50.9 %"
    assert Estimate(0.717, 0.69, 0.742).in_percent() == "71.7 % (69.0 to 74.2)"
    assert Estimate(-0.05, -0.1, 0.02).in_points() == "-5.0 (-10.0 to +2.0)"
