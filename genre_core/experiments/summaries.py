"""The rows of an experiment as means with spread, intervals and differences.

It imports no networks, so that pages and documents load quickly.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from genre_core.evaluation.metrics import Estimate, PairedTest, mcnemar, wilson_interval
from genre_core.experiments.rows import (
    Epoch,
    NetworkRow,
    OptimizerRow,
    ProtocolRow,
    SizeRow,
    Tested,
    TransferRow,
)

Row = TypeVar("Row")
Curve = dict[str, tuple[float, ...]]  # name -> a value an epoch

CURVES = (
    *("train_accuracy", "valid_accuracy", "test_accuracy"),
    *("train_loss", "valid_loss", "test_loss"),
)


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation (n - 1; 0 for one value) over `n` seeds."""

    mean: float
    deviation: float
    n: int


@dataclass(frozen=True)
class SizePoint:
    """One network of experiment A, over its seeds.

    Attributes
    ----------
    wanted : target number of parameters, the same for every family
    valid, test, train : shares of the songs, and of the last epoch's crops, that were correct
    multiply_adds : for a frame of 29.12 s; None where `networks.json` does not have this network
    train_ms, infer_ms : milliseconds a frame, on one thread
    """

    family: str
    wanted: int
    parameters: int
    valid: Spread
    test: Spread
    train: Spread
    multiply_adds: int | None
    train_ms: float | None
    infer_ms: float | None


@dataclass(frozen=True)
class TransferResult:
    """One way to use a pretrained network (experiment B), over its seeds.

    Attributes
    ----------
    learns : see `names.LEARNT_NAMES`
    parameters : numbers that learn; None for the classifiers on features
    train, valid, test : accuracy, at the epoch that the validation list chose
    best_epoch : Spread or None
    curve : mean over seeds, a value an epoch, by the names in `CURVES`; empty without
    """

    learns: str
    parameters: int | None
    train: Spread
    valid: Spread
    test: Spread
    best_epoch: Spread | None
    curve: Curve


@dataclass(frozen=True)
class OptimizerCurve:
    """One optimiser ("adam" or "sgd") at one learning rate (experiment C), over its seeds.

    Attributes
    ----------
    best : whether its lowest validation loss is the lowest of this optimiser's rates
    valid, test : accuracy at the epoch that the validation list chose
    curve : as in `TransferResult`
    """

    optimizer: str
    learning_rate: float
    best: bool
    valid: Spread
    test: Spread
    curve: Curve


@dataclass(frozen=True)
class ProtocolPair:
    """One network by one scheme, tested on both kinds of split (experiment D).

    Attributes
    ----------
    network, songs, scheme : see `names`
    random, artist : share of the tested songs that were correct, with Wilson's 95 % interval
    difference : random - artist, with a 95 % interval; paired over songs for "folds"
    paired : McNemar's test, for "folds", where both test every song once
    """

    network: str
    songs: str
    scheme: str
    random: Estimate
    artist: Estimate
    difference: Estimate
    paired: PairedTest | None


def spread(values: Iterable[float]) -> Spread:
    """Return mean and standard deviation between seeds."""
    every = np.array(list(values), dtype=np.float64)
    deviation = float(every.std(ddof=1)) if len(every) > 1 else 0.0
    return Spread(float(every.mean()), deviation, len(every))


def size_points(
    rows: Sequence[SizeRow], networks: Sequence[NetworkRow] = ()
) -> tuple[SizePoint, ...]:
    """Summarise experiment A; `networks`, where given, adds what each network costs."""
    costs = {(row.family, row.wanted_parameters): row for row in networks}
    points = []
    for (family, wanted), own in _grouped(rows, lambda r: (r.family, r.wanted_parameters)).items():
        cost = costs.get((family, wanted))
        points.append(
            SizePoint(
                family=family,
                wanted=wanted,
                parameters=own[0].parameters,
                valid=_accuracy(row.valid for row in own),
                test=_accuracy(row.test for row in own),
                train=spread(row.train_accuracy for row in own),
                multiply_adds=cost.multiply_adds if cost else None,
                train_ms=cost.train_ms if cost else None,
                infer_ms=cost.infer_ms_1_thread if cost else None,
            )
        )
    return tuple(points)


def transfer_results(rows: Sequence[TransferRow]) -> tuple[TransferResult, ...]:
    """Summarise experiment B, in the order of its rows."""
    return tuple(
        TransferResult(
            learns=learns,
            parameters=own[0].learnt_parameters,
            train=spread(_train_accuracy(row) for row in own),
            valid=_accuracy(row.valid for row in own),
            test=_accuracy(row.test for row in own),
            best_epoch=spread(row.best_epoch or 0 for row in own) if own[0].curve else None,
            curve=mean_curve([row.curve for row in own]),
        )
        for learns, own in _grouped(rows, lambda row: row.learns).items()
    )


def optimizer_curves(rows: Sequence[OptimizerRow]) -> tuple[OptimizerCurve, ...]:
    """Summarise experiment C."""
    groups = _grouped(rows, lambda row: (row.optimizer, row.learning_rate))
    curves = {key: mean_curve([row.curve for row in own]) for key, own in groups.items()}
    lowest: dict[str, float] = {}
    for (optimizer, _), curve in curves.items():
        lowest[optimizer] = min(min(curve["valid_loss"]), lowest.get(optimizer, math.inf))
    return tuple(
        OptimizerCurve(
            optimizer=optimizer,
            learning_rate=rate,
            best=min(curves[optimizer, rate]["valid_loss"]) == lowest[optimizer],
            valid=_accuracy(row.valid for row in own),
            test=_accuracy(row.test for row in own),
            curve=curves[optimizer, rate],
        )
        for (optimizer, rate), own in groups.items()
    )


def protocol_pairs(rows: Sequence[ProtocolRow]) -> tuple[ProtocolPair, ...]:
    """Summarise experiment D; pairs not yet tested on both kinds of split are left out.

    The intervals take songs as independent. Songs of one artist are not, so they are a little too
    narrow.
    """
    pairs = []
    groups = _grouped(rows, lambda row: (row.network, row.songs, row.scheme))
    for (network, songs, scheme), own in groups.items():
        tests = [[row.test for row in own if row.split == split] for split in ("random", "artist")]
        if not tests[0] or len(tests[0]) != len(tests[1]):
            continue
        n_songs = [sum(test.n_songs for test in each) for each in tests]
        random, artist = (
            wilson_interval(sum(test.n_right for test in each), n)
            for each, n in zip(tests, n_songs, strict=True)
        )
        paired = None
        if scheme == "folds" and n_songs[0] == n_songs[1]:
            paired = _paired(tests[0], tests[1], n_songs[0])
        difference = _difference(random, artist, n_songs, paired)
        pairs.append(ProtocolPair(network, songs, scheme, random, artist, difference, paired))
    return tuple(pairs)


def mean_curve(curves: Sequence[Sequence[Epoch]]) -> Curve:
    """Return the mean over runs of equal length, by the names in `CURVES`; empty without epochs."""
    if not all(curves):
        return {}
    return {
        name: tuple(
            np.array([[getattr(epoch, name) for epoch in curve] for curve in curves])
            .mean(axis=0)
            .tolist()
        )
        for name in CURVES
    }


def _accuracy(tests: Iterable[Tested]) -> Spread:
    return spread(test.accuracy for test in tests)


def _grouped(rows: Sequence[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _train_accuracy(row: TransferRow) -> float:
    """Return the accuracy in training at the best epoch."""
    if row.curve and row.best_epoch is not None:
        return row.curve[row.best_epoch - 1].train_accuracy
    return row.train_accuracy


def _paired(random: Sequence[Tested], artist: Sequence[Tested], n_songs: int) -> PairedTest:
    """Compare both song by song; only the names of wrong songs are known, and needed."""
    wrong = [{name for test in tests for name in test.wrong} for tests in (random, artist)]
    right = np.ones((2, n_songs), dtype=np.int64)
    for index, name in enumerate(sorted(wrong[0] | wrong[1])):
        right[:, index] = [name not in each for each in wrong]
    return mcnemar(np.ones(n_songs, dtype=np.int64), right[0], right[1])


def _difference(
    random: Estimate, artist: Estimate, n_songs: Sequence[int], paired: PairedTest | None
) -> Estimate:
    """Return random - artist with a normal 95 % interval."""
    value = random.value - artist.value
    if paired is not None:
        n = n_songs[0]
        discordant = (paired.first_only + paired.second_only) / n
        variance = (discordant - value**2) / n
    else:
        variance = sum(
            each.value * (1 - each.value) / n
            for each, n in zip((random, artist), n_songs, strict=True)
        )
    half = 1.96 * math.sqrt(max(0.0, variance))
    return Estimate(value, value - half, value + half)
