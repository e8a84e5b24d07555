"""What the rows of an experiment come to: means with spread, intervals, differences.

Knows nothing of networks, so that pages and documents can use it at no cost.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from genre_core.evaluation.metrics import Estimate, PairedTest, mcnemar, wilson_interval

Record = Mapping[str, Any]
Row = Mapping[str, Any]

CURVES = ("train_accuracy", "valid_accuracy", "test_accuracy")
LOSSES = ("train_loss", "valid_loss", "test_loss")


@dataclass(frozen=True)
class Spread:
    """Values of the same quantity from several seeds.

    Attributes
    ----------
    mean : float
    deviation : float
        Standard deviation between seeds (n - 1); 0 for one.
    n : int
    """

    mean: float
    deviation: float
    n: int


@dataclass(frozen=True)
class SizePoint:
    """One network of experiment A, over its seeds.

    Attributes
    ----------
    family : str
    wanted : int
        Number of parameters that it was to have; the same for every family.
    parameters : int
    valid, test, train : Spread
        Shares of songs, and of the last epoch's crops, that were named rightly.
    multiply_adds : int or None
        For a frame of 29.12 s; None where `networks.json` does not have this network.
    train_ms, infer_ms : float or None
        Milliseconds a frame, on one thread.
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
class Learnt:
    """One way to use the published network (experiment B), over its seeds.

    Attributes
    ----------
    learns : str
        What learns: "svm", "softmax", "knn" on features; "classifier", "recurrent", "conv4",
        "everything"; "random" from random weights.
    parameters : int or None
        Numbers that learn; None for the classifiers on features.
    train, valid, test : Spread
        Accuracy, at the epoch that the validation list chose.
    best_epoch : Spread or None
    curve : dict of str to tuple of float
        Mean over seeds, a value an epoch, by the names in `CURVES` and `LOSSES`; empty without.
    """

    learns: str
    parameters: int | None
    train: Spread
    valid: Spread
    test: Spread
    best_epoch: Spread | None
    curve: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class OptimizerCurve:
    """One optimiser at one learning rate (experiment C), over its seeds.

    Attributes
    ----------
    optimizer : str
        "adam" or "sgd".
    learning_rate : float
    best : bool
        Whether its lowest validation loss is the lowest of this optimiser's rates.
    valid, test : Spread
        Accuracy at the epoch that the validation list chose.
    curve : dict of str to tuple of float
        As in `Learnt`.
    """

    optimizer: str
    learning_rate: float
    best: bool
    valid: Spread
    test: Spread
    curve: dict[str, tuple[float, ...]]


@dataclass(frozen=True)
class ProtocolPair:
    """One network by one scheme, tested both ways (experiment D).

    Attributes
    ----------
    network : str
        "svm", "tuned" or "scratch".
    songs : str
        "fault-free" or "all".
    scheme : str
        "folds" or "hold-out".
    random, artist : Estimate
        Share of the tested songs named rightly, with Wilson's 95 % interval.
    flattery : Estimate
        random - artist, with a 95 % interval; paired over songs for "folds".
    paired : PairedTest or None
        McNemar's test, for "folds", where both test every song once.
    """

    network: str
    songs: str
    scheme: str
    random: Estimate
    artist: Estimate
    flattery: Estimate
    paired: PairedTest | None


def spread(values: Iterable[float]) -> Spread:
    """Return mean and standard deviation between seeds."""
    every = np.array(list(values), dtype=np.float64)
    deviation = float(every.std(ddof=1)) if len(every) > 1 else 0.0
    return Spread(float(every.mean()), deviation, len(every))


def accuracies(rows: Sequence[Row], which: str) -> Spread:
    """Return the spread of the accuracy on the list "valid" or "test"."""
    return spread(row[which]["n_right"] / row[which]["n_songs"] for row in rows)


def size_points(record: Record, networks: Record | None = None) -> tuple[SizePoint, ...]:
    """Summarise experiment A.

    Parameters
    ----------
    record : mapping
        `size.json`.
    networks : mapping, optional
        `networks.json`, for the times.
    """
    measured = {
        (row["family"], row["wanted_parameters"]): row
        for row in (networks or {"runs": []})["runs"]
        if "wanted_parameters" in row
    }
    points = []
    for (family, wanted), rows in _grouped(record, "family", "wanted_parameters").items():
        cost = measured.get((family, wanted), {})
        points.append(
            SizePoint(
                family=family,
                wanted=wanted,
                parameters=rows[0]["parameters"],
                valid=accuracies(rows, "valid"),
                test=accuracies(rows, "test"),
                train=spread(row["train_accuracy"] for row in rows),
                multiply_adds=cost.get("multiply_adds"),
                train_ms=cost.get("train_ms"),
                infer_ms=cost.get("infer_ms_1_thread"),
            )
        )
    return tuple(points)


def transfer_results(record: Record) -> tuple[Learnt, ...]:
    """Summarise experiment B (`transfer.json`), in the order of its rows."""
    results = []
    for (learns,), rows in _grouped(record, "learns").items():
        has_curve = all("curve" in row for row in rows)
        results.append(
            Learnt(
                learns=learns,
                parameters=rows[0].get("learnt_parameters"),
                train=spread(_train_accuracy(row) for row in rows),
                valid=accuracies(rows, "valid"),
                test=accuracies(rows, "test"),
                best_epoch=spread(row["best_epoch"] for row in rows) if has_curve else None,
                curve=mean_curve(rows) if has_curve else {},
            )
        )
    return tuple(results)


def optimizer_curves(record: Record) -> tuple[OptimizerCurve, ...]:
    """Summarise experiment C (`optimizers.json`)."""
    groups = _grouped(record, "optimizer", "learning_rate")
    curves = {key: mean_curve(rows) for key, rows in groups.items()}
    lowest: dict[str, float] = {}
    for (optimizer, _), curve in curves.items():
        lowest[optimizer] = min(min(curve["valid_loss"]), lowest.get(optimizer, math.inf))
    return tuple(
        OptimizerCurve(
            optimizer=optimizer,
            learning_rate=rate,
            best=min(curves[optimizer, rate]["valid_loss"]) == lowest[optimizer],
            valid=accuracies(rows, "valid"),
            test=accuracies(rows, "test"),
            curve=curves[optimizer, rate],
        )
        for (optimizer, rate), rows in groups.items()
    )


def protocol_pairs(record: Record) -> tuple[ProtocolPair, ...]:
    """Summarise experiment D (`protocol.json`); combinations not yet tested both ways are left out.

    Songs of one artist resemble each other, so the intervals, which take songs as independent, are
    a little too narrow.
    """
    groups = _grouped(record, "network", "songs", "scheme", "split")
    pairs = []
    for network, songs, scheme in dict.fromkeys(key[:3] for key in groups):
        both = [groups.get((network, songs, scheme, split), []) for split in ("random", "artist")]
        if not all(both) or len(both[0]) != len(both[1]):
            continue
        random, artist = (
            wilson_interval(
                sum(row["test"]["n_right"] for row in rows),
                sum(row["test"]["n_songs"] for row in rows),
            )
            for rows in both
        )
        n_songs = [sum(row["test"]["n_songs"] for row in rows) for rows in both]
        paired = _paired(*both) if scheme == "folds" and n_songs[0] == n_songs[1] else None
        pairs.append(
            ProtocolPair(
                network,
                songs,
                scheme,
                random,
                artist,
                _difference(random, artist, n_songs, paired),
                paired,
            )
        )
    return tuple(pairs)


def mean_curve(rows: Sequence[Row]) -> dict[str, tuple[float, ...]]:
    """Return the mean over runs of equal length, a value an epoch, by name."""
    names = [name for name in (*CURVES, *LOSSES) if name in rows[0]["curve"][0]]
    return {
        name: tuple(
            np.array([[epoch[name] for epoch in row["curve"]] for row in rows], dtype=np.float64)
            .mean(axis=0)
            .tolist()
        )
        for name in names
    }


def _grouped(record: Record, *facts: str) -> dict[tuple[Any, ...], list[Row]]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in record["runs"]:
        groups.setdefault(tuple(row[fact] for fact in facts), []).append(row)
    return groups


def _train_accuracy(row: Row) -> float:
    """Return the accuracy in training at the epoch that counts."""
    if "curve" in row:
        return float(row["curve"][row["best_epoch"] - 1]["train_accuracy"])
    return float(row["train_accuracy"])


def _paired(random: Sequence[Row], artist: Sequence[Row]) -> PairedTest:
    """Compare both ways song by song; those right in both need not be known by name."""
    wrong = [{name for row in rows for name in row["test"]["wrong"]} for rows in (random, artist)]
    names = sorted(wrong[0] | wrong[1])
    n_songs = sum(row["test"]["n_songs"] for row in random)
    right = np.ones((2, n_songs), dtype=np.int64)
    for index, name in enumerate(names):
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
