"""Names and numbers as every page writes them."""

AGGREGATION_NAMES: dict[str, str] = {
    "mean": "Mean",
    "geometric_mean": "Geometric mean",
    "majority_vote": "Majority vote",
    "knn": "kNN",
}
IN_A_SENTENCE: dict[str, str] = {
    "mean": "the mean",
    "geometric_mean": "the geometric mean",
    "majority_vote": "the majority vote",
    "knn": "kNN",
}
AGGREGATIONS_EXPLAINED: dict[str, str] = {
    "mean": "The mean adds up the frames’ scores and divides by their number: every frame counts "
    "the same.",
    "geometric_mean": "The geometric mean multiplies the frames’ scores: one frame that rules a "
    "genre out counts much.",
    "majority_vote": "In the vote, each frame names one genre, however sure it is.",
    "knn": "For each frame, kNN looks up the k frames with the most similar scores in a reference "
    "set, songs whose genre is known. The song gets the genre that is most frequent among the "
    "neighbours of its frames.",
}
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
