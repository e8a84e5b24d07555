"""What experiment E says: its rows as points, and both in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from genre_core.experiments.names import percent
from genre_core.experiments.rows import SourceRow
from genre_core.experiments.summaries import Spread, spread

NETWORK_NAMES: dict[str, str] = {
    "choi_msd_crnn_theano": "Choi 2017, CRNN, Million Song Dataset",
    "won_msd_crnn": "Won 2020, CRNN, Million Song Dataset",
    "won_msd_fcn": "Won 2020, FCN, Million Song Dataset",
    "won_jamendo_crnn": "Won 2020, CRNN, MTG-Jamendo",
    "won_jamendo_fcn": "Won 2020, FCN, MTG-Jamendo",
}
HOW_TO_READ = (
    "Each line is a frozen published network. Up to the dotted line the training songs are of one "
    "collection, right of it songs from elsewhere are added."
)


@dataclass(frozen=True)
class SourcePoint:
    """A probe on one network and one training set, over its draws of songs.

    Attributes
    ----------
    home_share, elsewhere_share : of the training list of home, and of the other folds of elsewhere
    n_train : songs to learn from, mean over draws and folds
    elsewhere, valid : accuracy on songs from elsewhere and on the validation list of home
    """

    network: str
    home_share: float
    elsewhere_share: float
    n_train: float
    elsewhere: Spread
    valid: Spread

    @property
    def name(self) -> str:
        """Name of the network."""
        return NETWORK_NAMES.get(self.network, self.network)


def source_points(rows: Sequence[SourceRow]) -> tuple[SourcePoint, ...]:
    """Summarise experiment E, in the order of its rows."""
    groups: dict[tuple[str, float, float], list[SourceRow]] = {}
    for row in rows:
        groups.setdefault((row.network, row.home_share, row.elsewhere_share), []).append(row)
    return tuple(
        SourcePoint(
            *key,
            n_train=sum(row.n_train for row in own) / len(own),
            elsewhere=spread(row.test.accuracy for row in own),
            valid=spread(row.valid_accuracy for row in own),
        )
        for key, own in groups.items()
    )


def starts(points: Sequence[SourcePoint]) -> list[SourcePoint]:
    """Return each network's point with all songs of home and none from elsewhere."""
    return [p for p in points if (p.home_share, p.elsewhere_share) == (1.0, 0.0)]


def training_set(point: SourcePoint) -> str:
    """Return e.g. "home and 50 % of elsewhere"."""
    home = "home" if point.home_share == 1.0 else f"{100 * point.home_share:.0f} % of home"
    if not point.elsewhere_share:
        return home
    if point.elsewhere_share == 1.0:
        return f"{home} and elsewhere"
    return f"{home} and {100 * point.elsewhere_share:.0f} % of elsewhere"


def sources_numbers(points: Sequence[SourcePoint]) -> str:
    """Return every number of the figure of experiment E."""
    parts = [
        f"{p.name}, {training_set(p)} ({p.n_train:.0f} songs) {percent(p.elsewhere)}"
        for p in points
    ]
    return f"Correct songs from elsewhere: {'; '.join(parts)}."


def starts_lesson(points: Sequence[SourcePoint]) -> str:
    """Return which pretraining is worth what, the same songs learnt."""
    own = starts(points)
    if len(own) < 2:
        return ""
    best, worst = (end(own, key=lambda p: p.valid.mean) for end in (max, min))
    away = max(own, key=lambda p: p.elsewhere.mean)
    also = "also there" if away is best else f"{away.name} there"
    return (
        f"With the same {best.n_train:.0f} songs and the same probe, {best.name} names most "
        f"songs of the validation list, {percent(best.valid)}; the least are "
        f"{percent(worst.valid)}, by {worst.name}. On songs from elsewhere the best is {also}, "
        f"with {percent(away.elsewhere)}."
    )


def sources_lesson(points: Sequence[SourcePoint]) -> str:
    """Return what songs from home and from elsewhere add, beside what a better network adds."""
    by_network: dict[str, dict[tuple[float, float], SourcePoint]] = {}
    for point in points:
        shares = (point.home_share, point.elsewhere_share)
        by_network.setdefault(point.name, {})[shares] = point
    whole = {
        name: own
        for name, own in by_network.items()
        if {(0.5, 0.0), (1.0, 0.0), (1.0, 1.0)} <= set(own)
    }
    if not whole:
        return "Not all training sets have been measured yet."
    home = {name: _gain(own[0.5, 0.0], own[1.0, 0.0]) for name, own in whole.items()}
    away = {name: _gain(own[1.0, 0.0], own[1.0, 1.0]) for name, own in whole.items()}
    first = next(iter(whole.values()))
    n_home = first[1.0, 0.0].n_train - first[0.5, 0.0].n_train
    n_away = first[1.0, 1.0].n_train - first[1.0, 0.0].n_train
    text = (
        f"The second half of the songs from home, {n_home:.0f}, adds {_points(home)} points on "
        f"songs from elsewhere. {n_away:.0f} songs from elsewhere, by other artists than those "
        f"tested, add {_points(away)} points."
    )
    if len(whole) > 1:
        before = [own[1.0, 0.0].elsewhere.mean for own in whole.values()]
        network = 100 * (max(before) - min(before))
        data = sum(away.values()) / len(away)
        more = "more" if data > network else "less"
        text += (
            f" That is {data:.1f} points on average, {more} than the {network:.1f} between the "
            "best and the worst network."
        )
    change = [100 * (own[1.0, 1.0].valid.mean - own[1.0, 0.0].valid.mean) for own in whole.values()]
    return (
        f"{text} The validation list of home changes by {min(change):+.1f} to {max(change):+.1f} "
        "points."
    )


def _gain(before: SourcePoint, after: SourcePoint) -> float:
    return 100 * (after.elsewhere.mean - before.elsewhere.mean)


def _points(gains: dict[str, float]) -> str:
    low, high = min(gains.values()), max(gains.values())
    return f"{low:.1f}" if len(gains) == 1 else f"{low:.1f} to {high:.1f}"
