"""A sentence for each experiment, made from its results: what to see in the figure."""

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
    SONGS_NAMES,
    way_name,
)


def costs(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return how far listening times of networks of (nearly) the same size lie apart."""
    sizes: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row.get("wanted_parameters"):
            sizes.setdefault(row["wanted_parameters"], []).append(row)
    several = {size: own for size, own in sizes.items() if len(own) > 1}
    if not several:
        return "One network a size: nothing to compare yet."
    size = max(several)
    by_time = sorted(several[size], key=lambda row: row["infer_ms_1_thread"])
    quick, slow = by_time[0], by_time[-1]
    return (
        f"At about {size:,} parameters {slow['family']} takes "
        f"{slow['infer_ms_1_thread'] / quick['infer_ms_1_thread']:.1f} times as long to hear a "
        f"frame as {quick['family']}: equal size is not equal cost."
    )


def size(points: Sequence[SizePoint]) -> str:
    """Return which network is best, and whether that can be told from the next."""
    best, *others = sorted(points, key=lambda point: -point.test.mean)
    text = (
        f"Higher is better, bars are one standard deviation between {best.test.n} seeds. Highest: "
        f"{_named(best)} with {_percent(best.test)}"
    )
    other = next((point for point in others if point.family != best.family), None)
    if other is None:
        return text + "."
    apart = best.test.mean - other.test.mean
    told = apart > best.test.deviation + other.test.deviation
    return (
        f"{text}; of another family {_named(other)} with {_percent(other.test)}, "
        f"{100 * apart:.1f} points lower: {'more' if told else 'not more'} than the spread of both."
    )


def transfer(results: Sequence[Learnt]) -> str:
    """Return what helps most, and what random weights come to."""
    best = max(results, key=lambda each: each.test.mean)
    text = (
        f"Bars are test songs, hollow diamonds songs in training: far apart means learnt by heart. "
        f"Best on the test list: {way_name(best)}, {_percent(best.test)}"
    )
    random = next((each for each in results if each.learns == "random"), None)
    if random is None or random is best:
        return text + "."
    return f"{text}; from random weights {_percent(random.test)}."


def learning(each: Learnt) -> str:
    """Return where one way of learning begins to learn by heart."""
    train, test = each.curve["train_accuracy"], each.curve["test_accuracy"]
    best = each.best_epoch.mean if each.best_epoch else len(test)
    return (
        f"Dotted is training, solid is test; the mark is where the validation list says to stop. "
        f"{way_name(each)}: best after epoch {best:.0f} of {len(test)}; at the end training is "
        f"{100 * (train[-1] - test[-1]):.0f} points above test."
    )


def optimizers(curves: Sequence[OptimizerCurve]) -> str:
    """Return which optimiser gets lower, each at its best rate."""
    best = sorted(
        (curve for curve in curves if curve.best), key=lambda curve: min(curve.curve["valid_loss"])
    )
    parts = [
        f"{OPTIMIZER_NAMES.get(c.optimizer, c.optimizer)} at rate {c.learning_rate:g}: "
        f"{min(c.curve['valid_loss']):.2f} (test songs {_percent(c.test)})"
        for c in best
    ]
    return (
        "Dotted is training, solid is test, each optimiser at the best of its learning rates. "
        f"Lowest validation loss of {'; '.join(parts)}."
    )


def protocol(pairs: Sequence[ProtocolPair]) -> str:
    """Return how much a random split flatters, from the least to the most."""
    ordered = sorted(pairs, key=lambda pair: pair.flattery.value)
    least, most = ordered[0], ordered[-1]
    name = f"{NETWORK_NAMES.get(most.network, most.network)}, "
    name += SONGS_NAMES.get(most.songs, most.songs)
    text = (
        "Hatched bars let songs of one artist stand in training and testing. That flatters "
        f"most for {name}: {100 * most.flattery.value:+.1f} points "
        f"(95 %: {100 * most.flattery.low:+.1f} to {100 * most.flattery.high:+.1f})"
    )
    if least is most:
        return text + "."
    return f"{text}; least, {100 * least.flattery.value:+.1f} points."


def _named(point: SizePoint) -> str:
    return f"{point.family} of {point.parameters:,} parameters"


def _percent(value: Spread) -> str:
    text = f"{100 * value.mean:.1f} %"
    return f"{text} ± {100 * value.deviation:.1f}" if value.n > 1 else text
