"""Names and numbers as every page writes them."""

from genre_core.evaluation.verdicts import EXPLAINED, KNN, NAMES
from genre_core.inference import aggregate

AGGREGATION_NAMES: dict[str, str] = {
    **{name: text.capitalize() for name, text in aggregate.NAMES.items()},
    "geometric_mean": "All must agree",
    KNN: NAMES[KNN],
}
IN_A_SENTENCE: dict[str, str] = {
    **{name: f"the {text}" for name, text in aggregate.NAMES.items()},
    KNN: NAMES[KNN],
}
AGGREGATIONS_EXPLAINED = EXPLAINED
NAME = "Music genre recognizer"
PRIVACY = (
    "Your song is sent only to the computer that runs this app. It stays in memory while you look "
    "at it, is never written to disk, and is then forgotten."
)


def percent(share: float, digits: int = 1) -> str:
    """Return a share, 0 to 1, as e.g. "77.9 %"."""
    return f"{100 * share:.{digits}f} %"


def count(n: int, one: str, many: str | None = None) -> str:
    """Return e.g. "1 song" or "1,200 songs"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """Return a rough duration in words."""
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
