"""What each experiment teaches: paragraphs whose numbers, and whose words, follow the results."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from genre_core.experiments.summaries import (
    Learnt,
    OptimizerCurve,
    ProtocolPair,
    SizePoint,
    Spread,
)
from genre_core.plots.experiments import (
    NETWORK_NAMES,
    OPTIMIZER_NAMES,
    in_percent,
    way_name,
)

LEARNT_MOST = 0.9  # share of the training songs from which on a network has learnt them by heart
LATE = 0.75  # of the epochs: a best epoch after it says that learning was not over


def networks(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return what equal size costs."""
    wanted = max(row.get("wanted_parameters", 0) for row in rows)
    own = [row for row in rows if row.get("wanted_parameters", 0) == wanted]
    by_time = sorted(own, key=lambda row: row["train_ms"])
    least = by_time[0]
    parts = [
        f"{row['family']} takes {row['train_ms'] / least['train_ms']:.1f} times as long to train "
        f"({row['multiply_adds'] / least['multiply_adds']:.1f} times the arithmetic)"
        for row in by_time[1:]
    ]
    gains = [
        row["infer_ms_1_thread"] / row["infer_ms_2_threads"]
        for row in own
        if "infer_ms_2_threads" in row
    ]
    text = f"At about {wanted:,} parameters {least['family']} is the cheapest"
    if parts:
        text += f"; beside it {' and '.join(parts)}"
    if gains:
        text += f". A second thread makes listening {_range(gains, 1)} times as fast"
    return (
        f"{text}. Training needs "
        f"{_range([row['train_memory_mb'] for row in own], 0)} MB for four frames, listening "
        f"{_range([row['infer_memory_mb'] for row in own], 0)} MB for one."
    )


def size(points: Sequence[SizePoint], n_train: int) -> str:
    """Return which family learns most, what size brings, and how far that can be trusted."""
    sizes: dict[int, list[SizePoint]] = {}
    for point in points:
        sizes.setdefault(point.wanted, []).append(point)
    firsts = {n: max(own, key=lambda point: point.test.mean) for n, own in sizes.items()}
    names = [point.family for point in firsts.values()]
    often = max(set(names), key=names.count)
    largest = max(sizes)
    ranked = sorted(sizes[largest], key=lambda point: -point.test.mean)
    text = (
        f"{often} is highest at {_count(names.count(often), len(names))}; at about {largest:,} "
        f"parameters {_listed([f'{p.family} names {in_percent(p.test)}' for p in ranked])} rightly"
    )
    if len(ranked) > 1:
        text += f", the first two {_told(ranked[0].test, ranked[1].test)}"
    gains = []
    for family in dict.fromkeys(point.family for point in points):
        own = sorted((p for p in points if p.family == family), key=lambda p: p.parameters)
        if len(own) > 1:
            gain = 100 * (own[-1].test.mean - own[0].test.mean)
            gains.append(
                f"{gain:+.1f} to {family} "
                f"({'more' if _apart(own[-1].test, own[0].test) else 'no more'} than the spread)"
            )
    if gains:
        text += f". From the smallest to the largest, size adds {_listed(gains)} points"
    times = [point for point in ranked if point.train_ms is not None]
    if len(times) > 1:
        quick = min(times, key=lambda point: point.train_ms or 0)
        slow = max(times, key=lambda point: point.train_ms or 0)
        assert quick.train_ms is not None
        assert slow.train_ms is not None
        text += (
            f". For that size {slow.family} pays {slow.train_ms / quick.train_ms:.1f} times the "
            f"training time of {quick.family}"
        )
    most = max(points, key=lambda point: point.train.mean)
    if most.train.mean < LEARNT_MOST:
        text += (
            f". None has learnt its {n_train} songs: at most {100 * most.train.mean:.0f} % of the "
            "training crops are named rightly. So the order is that of how quickly they begin, and "
            "not that of the paper, whose networks had some 200,000 songs and time to learn them"
        )
    return text + "."


def transfer(results: Sequence[Learnt]) -> str:
    """Return what was worth keeping, where learning turns to learning by heart, what is open."""
    plain = [each for each in results if each.parameters is None]
    tuned = [each for each in results if each.parameters is not None and each.learns != "random"]
    parts = []
    if plain and tuned:
        first, second = (max(own, key=lambda each: each.test.mean) for own in (plain, tuned))
        more = first.test.mean > second.test.mean
        parts.append(
            f"What the published network hears is worth most as it is: {way_name(first)} "
            f"({in_percent(first.test)}) does better than any further training, of which "
            f"{way_name(second)} is the best ({in_percent(second.test)})"
            if more
            else f"Further training pays: {way_name(second)} ({in_percent(second.test)}) does "
            f"better than every plain classifier, of which {way_name(first)} is the best "
            f"({in_percent(first.test)})"
        )
    random = next((each for each in results if each.learns == "random"), None)
    if random is not None and tuned:
        best = max(tuned, key=lambda each: each.test.mean)
        parts.append(
            f"random weights reach {in_percent(random.test)}, "
            f"{100 * (best.test.mean - random.test.mean):.0f} points less than the best tuned start"
        )
    text = "; ".join(parts)
    learnt: dict[str, str] = {}
    for each in results:
        losses = each.curve.get("valid_loss")
        if not losses or each.best_epoch is None:
            continue
        lowest, last = losses.index(min(losses)) + 1, len(losses)
        gap = 100 * (each.curve["train_accuracy"][-1] - each.curve["test_accuracy"][-1])
        if lowest <= LATE * last and gap > 0:
            rise = losses[-1] - min(losses)
            learnt[each.learns] = (
                f"{way_name(each)} from epoch {lowest} of {last} on (the loss then rises by "
                f"{rise:.2f}; in the end training is {gap:.0f} points above test)"
            )
    if learnt:
        text += f". By heart, going by the validation loss, learn: {_listed(list(learnt.values()))}"
    late = [
        f"{way_name(each)} ({in_percent(each.test)})"
        for each in results
        if each.best_epoch is not None
        and each.best_epoch.mean > LATE * len(each.curve["test_loss"])
    ]
    if late:
        text += (
            f". Still learning in the last quarter of their epochs, so not at their best: "
            f"{_listed(late)}"
        )
    single = [
        way_name(each) for each in results if each.parameters is not None and each.test.n == 1
    ]
    if single:
        text += f". One seed only, so no spread: {_listed(single)}"
    return text + "."


def optimizers(curves: Sequence[OptimizerCurve]) -> str:
    """Return which optimiser gets lower, which is quicker, and how much hangs on the rate."""
    best = sorted(
        (curve for curve in curves if curve.best), key=lambda curve: min(curve.curve["valid_loss"])
    )
    parts = []
    for curve in best:
        losses = curve.curve["valid_loss"]
        half = curve.curve["train_loss"][0] / 2
        epoch = next((i + 1 for i, x in enumerate(curve.curve["train_loss"]) if x <= half), None)
        reaches = f"halves its training loss by epoch {epoch}" if epoch else "never halves it"
        parts.append(
            f"{_optimizer(curve)} at rate {curve.learning_rate:g} {reaches}, has its lowest "
            f"validation loss, {min(losses):.2f}, after epoch {losses.index(min(losses)) + 1} of "
            f"{len(losses)} and ends at {losses[-1]:.2f} (test songs {in_percent(curve.test)})"
        )
    text = "Each at its best rate: " + "; ".join(parts)
    if len(best) > 1:
        text += f". On the test songs the two are {_told(best[0].test, best[1].test)}"
    ranges, ends = [], []
    for optimizer in dict.fromkeys(curve.optimizer for curve in curves):
        own = sorted((c for c in curves if c.optimizer == optimizer), key=lambda c: c.learning_rate)
        means = [curve.test.mean for curve in own]
        ranges.append(
            f"{_optimizer(own[0])} {100 * (max(means) - min(means)):.1f} points between the best "
            f"and the worst of {len(own)} rates"
        )
        if len(own) > 1 and (own[0].best or own[-1].best):
            ends.append(_optimizer(own[0]))
    text += f". The rate matters as much as the choice: {_listed(ranges)}"
    if ends:
        text += (
            f". The best rate of {_listed(ends)} is the end of its range, so a better one may lie "
            "beyond"
        )
    return text + "."


def protocol(pairs: Sequence[ProtocolPair]) -> str:
    """Return how far songs of known artists flatter, and how far one test list can be trusted."""
    folds = [pair for pair in pairs if pair.scheme == "folds"] or list(pairs)
    values = [100 * pair.flattery.value for pair in folds]
    sure = [pair for pair in folds if pair.flattery.low > 0]
    text = (
        f"Letting artists stand on both sides adds {_range(values, 1)} points to the same network "
        f"by the same recipe; in {_count(len(sure), len(folds), 'comparison')} the interval "
        "leaves out 0"
    )
    shares = {}
    for pair in folds:
        right = pair.random.value - pair.artist.value
        shares[pair.network] = max(shares.get(pair.network, -math.inf), right)
    if len(shares) > 1:
        most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
        text += (
            f". It flatters most where the network is {NETWORK_NAMES.get(most, most)}, and least "
            f"where it is {NETWORK_NAMES.get(least, least)}"
        )
    single = [pair for pair in pairs if pair.scheme == "hold-out"]
    if single and len(folds) < len(pairs):
        widths = [100 * (pair.flattery.high - pair.flattery.low) / 2 for pair in single]
        text += (
            f". A single 60/20/20 test says less: its difference is sure to within "
            f"±{max(widths):.0f} points only"
        )
        wrong = [pair for pair in single if pair.flattery.value < 0]
        if wrong:
            text += (
                f", and for {_listed([NETWORK_NAMES.get(p.network, p.network) for p in wrong])} "
                f"it even has the other sign ({100 * wrong[0].flattery.value:+.1f})"
            )
    return text + "."


def _optimizer(curve: OptimizerCurve) -> str:
    return OPTIMIZER_NAMES.get(curve.optimizer, curve.optimizer)


def _apart(one: Spread, other: Spread) -> bool:
    """Return whether two means lie further apart than the spread of both."""
    return abs(one.mean - other.mean) > math.hypot(one.deviation, other.deviation)


def _told(one: Spread, other: Spread) -> str:
    if min(one.n, other.n) < 2:
        return "of too few seeds to be told apart"
    return "further apart than their spread" if _apart(one, other) else "within their spread"


def _count(n: int, total: int, what: str = "size") -> str:
    if n == total:
        return f"every {what}" if total > 1 else f"the only {what}"
    return f"{n} of {total} {what}s"


def _listed(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


def _range(values: Sequence[float], digits: int) -> str:
    low, high = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    return low if low == high else f"{low} to {high}"
