"""The experiments in words: every number of a figure, and what each experiment shows.

The page, its figures and docs/experiments.md take their sentences from here. The words, too, follow
from the results.
"""

import math
from collections.abc import Sequence

from genre_core.experiments.names import (
    SCHEME_NAMES,
    network_name,
    optimizer_name,
    pair_name,
    percent,
    result_name,
)
from genre_core.experiments.rows import NetworkRow
from genre_core.experiments.summaries import (
    OptimizerCurve,
    ProtocolPair,
    SizePoint,
    Spread,
    TransferResult,
)

MEMORISED_SHARE = 0.9  # of the training songs correct: the network has memorised them
LATE_SHARE = 0.75  # of the epochs: a best epoch after it means that learning was not over


def size_numbers(results: Sequence[SizePoint]) -> str:
    """Return every number of the figure of experiment A."""
    parts = [
        f"{each.family} with {each.parameters:,} parameters {percent(each.test)}"
        + (f" at {each.train_ms:.0f} ms a training frame" if each.train_ms is not None else "")
        for each in sorted(results, key=lambda each: (each.family, each.parameters))
    ]
    return _sentence("Correct test songs, mean and standard deviation between seeds: ", parts)


def transfer_numbers(results: Sequence[TransferResult]) -> str:
    """Return every number of the figure of experiment B."""
    parts = [
        f"{result_name(each)} {percent(each.test)} ({100 * each.train.mean:.0f} % in training)"
        for each in results
    ]
    return _sentence("Correct test songs: ", parts)


def curve_numbers(result: TransferResult) -> str:
    """Return where one learning curve of experiment B is best and where it ends."""
    test, train = result.curve["test_accuracy"], result.curve["train_accuracy"]
    best = result.best_epoch.mean if result.best_epoch else len(test)
    return (
        f"{result_name(result)}: validation is best after epoch {best:.0f} of {len(test)}. At the "
        f"end {100 * train[-1]:.0f} % of the training examples and {100 * test[-1]:.0f} % of the "
        f"test songs are correct, {100 * (train[-1] - test[-1]):.0f} points less."
    )


def optimizers_numbers(curves: Sequence[OptimizerCurve]) -> str:
    """Return how each optimiser of experiment C does at its best rate."""
    parts = [
        f"{optimizer_name(each)} with learning rate {each.learning_rate:g}: training loss "
        f"{each.curve['train_loss'][0]:.2f} after the first epoch and "
        f"{each.curve['train_loss'][-1]:.2f} after epoch {len(each.curve['train_loss'])}, lowest "
        f"validation loss {min(each.curve['valid_loss']):.2f}, test songs {percent(each.test)}"
        for each in curves
        if each.best
    ]
    return _sentence("", parts)


def protocol_numbers(pairs: Sequence[ProtocolPair]) -> str:
    """Return every number of the figure of experiment D."""
    parts = [
        f"{pair_name(pair)}, {SCHEME_NAMES[pair.scheme]}: {100 * pair.random.value:.1f} % with "
        f"songs at random, {100 * pair.artist.value:.1f} % with artists on one side, difference "
        f"{pair.difference.in_points()} points"
        for pair in pairs
    ]
    return _sentence("", parts)


def networks_lesson(rows: Sequence[NetworkRow]) -> str:
    """Return the cost of networks of equal size."""
    target = max(row.wanted_parameters or 0 for row in rows)
    own = sorted(
        (row for row in rows if (row.wanted_parameters or 0) == target), key=lambda r: r.train_ms
    )
    least = own[0]
    text = f"At about {target:,} parameters {least.family} is the cheapest."
    for row in own[1:]:
        text += (
            f" {row.family} takes {row.train_ms / least.train_ms:.1f} times as long to train "
            f"({row.multiply_adds / least.multiply_adds:.1f} times the arithmetic)."
        )
    gains = [
        row.infer_ms_1_thread / row.infer_ms_2_threads for row in own if row.infer_ms_2_threads
    ]
    if gains:
        text += f" A second thread makes inference {_range(gains, 1)} times as fast."
    return (
        f"{text} Training needs {_range([row.train_memory_mb for row in own], 0)} MB for four "
        f"frames, inference {_range([row.infer_memory_mb for row in own], 0)} MB for one."
    )


def size_lesson(results: Sequence[SizePoint], n_train: int) -> str:
    """Return which family is most accurate, what size adds, and how certain both are."""
    by_size = [[p for p in results if p.wanted == n] for n in sorted({p.wanted for p in results})]
    ranked = [sorted(own, key=lambda point: -point.test.mean) for own in by_size]
    names = [own[0].family for own in ranked]
    often, largest = max(names, key=names.count), ranked[-1]
    text = (
        f"{often} is highest at {_count(names.count(often), len(names), 'size')}. At about "
        f"{largest[0].wanted:,} parameters the test songs correct are "
        f"{_list([f'{percent(p.test)} for {p.family}' for p in largest])}."
    )
    if len(largest) > 1:
        text += f" The first two are {_compared(largest[0].test, largest[1].test)}."
    gains = []
    for family in dict.fromkeys(point.family for point in results):
        own = sorted((p for p in results if p.family == family), key=lambda p: p.parameters)
        if len(own) > 1:
            more = "more" if _differ(own[-1].test, own[0].test) else "no more"
            gain = 100 * (own[-1].test.mean - own[0].test.mean)
            gains.append(f"{gain:+.1f} to {family} ({more} than the spread)")
    if gains:
        text += f" From the smallest to the largest, size adds {_list(gains)} points."
    times = sorted((point.train_ms, point.family) for point in largest if point.train_ms)
    if len(times) > 1:
        (quick_ms, quick), (slow_ms, slow) = times[0], times[-1]
        text += f" {slow} takes {slow_ms / quick_ms:.1f} times the training time of {quick}."
    most = max(point.train.mean for point in results)
    if most < MEMORISED_SHARE:
        text += (
            f" None has learnt its {n_train} songs: at most {100 * most:.0f} % of the training "
            "crops are correct. So this is the order of how quickly they begin to learn. It is not "
            "that of the paper, whose networks had some 200,000 songs and time to learn them."
        )
    return text


def transfer_lesson(results: Sequence[TransferResult]) -> str:
    """Return which start is best, where songs are memorised, and what remains uncertain."""
    plain = [each for each in results if each.parameters is None]
    tuned = [each for each in results if each.parameters is not None and each.learns != "random"]
    text = ""
    if plain and tuned:
        frozen, trained = (max(own, key=lambda each: each.test.mean) for own in (plain, tuned))
        ways = [f"{result_name(each)} ({percent(each.test)})" for each in (frozen, trained)]
        text = (
            f"The pretrained features are best used unchanged: {ways[0]} is better than any "
            f"further training, of which {ways[1]} is the best."
            if frozen.test.mean > trained.test.mean
            else f"Further training pays: {ways[1]} is better than every plain classifier, of "
            f"which {ways[0]} is the best."
        )
    random = next((each for each in results if each.learns == "random"), None)
    if random is not None and tuned:
        gap = 100 * (max(each.test.mean for each in tuned) - random.test.mean)
        text += (
            f" Random weights reach {percent(random.test)}, {gap:.0f} points less than the best "
            "pretrained start."
        )
    memorised, late, single = [], [], []
    for each in results:
        losses = each.curve.get("valid_loss")
        if losses and each.best_epoch is not None:
            gap = 100 * (each.curve["train_accuracy"][-1] - each.curve["test_accuracy"][-1])
            lowest = losses.index(min(losses)) + 1
            if lowest <= LATE_SHARE * len(losses) and gap > 0:
                memorised.append(
                    f"{result_name(each)} from epoch {lowest} of {len(losses)} (the loss then "
                    f"rises by {losses[-1] - min(losses):.2f}; at the end training is {gap:.0f} "
                    "points above test)"
                )
            if each.best_epoch.mean > LATE_SHARE * len(losses):
                late.append(f"{result_name(each)} ({percent(each.test)})")
        if each.parameters is not None and each.test.n == 1:
            single.append(result_name(each))
    if memorised:
        text += f" By the validation loss, these memorise their songs: {_list(memorised)}."
    if late:
        text += (
            " Still improving in the last quarter of their epochs, so not at their best: "
            f"{_list(late)}."
        )
    if single:
        text += f" One seed only, so no spread: {_list(single)}."
    return text.strip()


def optimizers_lesson(curves: Sequence[OptimizerCurve]) -> str:
    """Return which optimiser ends lower, which is quicker, and the effect of the rate."""
    best = sorted((c for c in curves if c.best), key=lambda c: min(c.curve["valid_loss"]))
    text = "Each at its best rate:"
    for each in best:
        losses, train = each.curve["valid_loss"], each.curve["train_loss"]
        half = next((i for i, loss in enumerate(train, start=1) if loss <= train[0] / 2), None)
        halves = f"halves its training loss by epoch {half}" if half else "never halves it"
        text += (
            f" {optimizer_name(each)} at rate {each.learning_rate:g} {halves}, has its lowest "
            f"validation loss, {min(losses):.2f}, after epoch {losses.index(min(losses)) + 1} of "
            f"{len(losses)} and ends at {losses[-1]:.2f} (test songs {percent(each.test)})."
        )
    if len(best) > 1:
        text += f" On the test songs the two are {_compared(best[0].test, best[1].test)}."
    text += " Difference in test accuracy between the best and the worst rate, in points:"
    ranges, ends = [], []
    for optimizer in dict.fromkeys(curve.optimizer for curve in curves):
        own = sorted((c for c in curves if c.optimizer == optimizer), key=lambda c: c.learning_rate)
        means = [curve.test.mean for curve in own]
        ranges.append(f"{100 * (max(means) - min(means)):.1f} for {optimizer_name(own[0])}")
        if len(own) > 1 and (own[0].best or own[-1].best):
            ends.append(optimizer_name(own[0]))
    text += f" {_list(ranges)}."
    if ends:
        text += (
            f" The best rate of {_list(ends)} is the end of its range, so a better one may lie "
            "beyond."
        )
    return text


def protocol_lesson(pairs: Sequence[ProtocolPair]) -> str:
    """Return how much a random split raises the accuracy, and how certain one test list is."""
    folds = [pair for pair in pairs if pair.scheme == "folds"] or list(pairs)
    sure = sum(pair.difference.low > 0 for pair in folds)
    ordered = sorted(folds, key=lambda pair: pair.difference.value)
    text = (
        "Songs of one artist in both training and testing add "
        f"{_range([100 * pair.difference.value for pair in folds], 1)} points to the same network "
        f"by the same recipe. In {_count(sure, len(folds), 'comparison')} the interval excludes "
        "0."
    )
    if len({pair.network for pair in folds}) > 1:
        text += (
            f" The difference is largest for {pair_name(ordered[-1])}, and smallest for "
            f"{pair_name(ordered[0])}."
        )
    single = [pair for pair in pairs if pair.scheme == "hold-out"]
    if single and len(folds) < len(pairs):
        half = max(pair.difference.high - pair.difference.low for pair in single) / 2
        text += (
            " A single 60/20/20 test says less: its difference is known to within "
            f"±{100 * half:.0f} points only."
        )
        opposite = [pair for pair in single if pair.difference.value < 0]
        if opposite:
            text += (
                f" For {_list([network_name(pair) for pair in opposite])} the difference even has "
                f"the opposite sign ({100 * opposite[0].difference.value:+.1f})."
            )
    return text


def _differ(one: Spread, other: Spread) -> bool:
    """Return whether two means lie further apart than the spread of both."""
    return abs(one.mean - other.mean) > math.hypot(one.deviation, other.deviation)


def _compared(one: Spread, other: Spread) -> str:
    if min(one.n, other.n) < 2:
        return "of too few seeds to be compared"
    return "further apart than their spread" if _differ(one, other) else "within their spread"


def _count(n: int, total: int, what: str) -> str:
    if n == total:
        return f"every {what}" if total > 1 else f"the only {what}"
    return f"{n} of {total} {what}s"


def _list(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


def _range(values: Sequence[float], digits: int) -> str:
    low, high = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    return low if low == high else f"{low} to {high}"


def _sentence(start: str, parts: Sequence[str]) -> str:
    return f"{start}{'; '.join(parts)}." if parts else "Nothing has been measured yet."
