"""What a link to the page says: which demo song, and how it is cut and combined.

`?demo=reggae&t=10&n=20&agg=vote`: `t` is the frame length and `n` the trim in seconds, `agg` one
of mean, geometric, vote. What is left out has the paper's value.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    FrameSettings,
)

AGGREGATION_OF_LINK: dict[str, str] = {
    "mean": "mean",
    "geometric": "geometric_mean",
    "vote": "majority_vote",
}
_LINK_OF_AGGREGATION = {name: link for link, name in AGGREGATION_OF_LINK.items()}


@dataclass(frozen=True)
class View:
    """The settings of the page; the defaults are the paper's.

    Attributes
    ----------
    demo : str or None
        Key of the demo song shown, None for a song of the user's own or none at all.
    frames : FrameSettings
    aggregation : str
        A key of `aggregate.AGGREGATES`.
    """

    demo: str | None = None
    frames: FrameSettings = field(default_factory=FrameSettings)
    aggregation: str = "mean"

    def with_default_settings(self) -> "View":
        """Return the same song with the paper's settings."""
        return View(demo=self.demo)


def view_from_query(query: Mapping[str, str]) -> tuple[View, tuple[str, ...]]:
    """Read a link.

    Parameters
    ----------
    query : mapping of str to str
        The URL's parameters; unknown ones are ignored.

    Returns
    -------
    (View, tuple of str)
        The view, and a plain sentence for every value that had to be changed or left out. The
        sentences quote the link, so they must be escaped before they are shown.
    """
    view = View(demo=query.get("demo") or None)
    notes: list[str] = []
    t = _seconds(query, "t", "frame length", MIN_FRAME_SECONDS, MAX_FRAME_SECONDS, notes)
    if t is not None:
        view = replace(view, frames=replace(view.frames, frame_seconds=round(t, 2)))
    n = _seconds(query, "n", "trim", 0.0, MAX_TRIM_SECONDS, notes)
    if n is not None:
        view = replace(view, frames=replace(view.frames, trim_seconds=float(round(n))))
    name = query.get("agg")
    if name in AGGREGATION_OF_LINK:
        view = replace(view, aggregation=AGGREGATION_OF_LINK[name])
    elif name:
        known = ", ".join(AGGREGATION_OF_LINK)
        notes.append(f"The link asks for the aggregation “{name}”: there are only {known}.")
    return view, tuple(notes)


def query_from_view(view: View) -> dict[str, str]:
    """Return the parameters of a link to `view`; those with the paper's values are left out."""
    default = View()
    query: dict[str, str] = {}
    if view.demo:
        query["demo"] = view.demo
    if view.frames.frame_seconds != default.frames.frame_seconds:
        query["t"] = f"{view.frames.frame_seconds:g}"
    if view.frames.trim_seconds != default.frames.trim_seconds:
        query["n"] = f"{view.frames.trim_seconds:g}"
    if view.aggregation != default.aggregation:
        query["agg"] = _LINK_OF_AGGREGATION[view.aggregation]
    return query


def _seconds(
    query: Mapping[str, str], key: str, what: str, least: float, most: float, notes: list[str]
) -> float | None:
    text = query.get(key)
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        notes.append(f"The link asks for a {what} of “{text}”: that is no number of seconds.")
        return None
    kept = min(max(value, least), most)
    if kept != value:
        notes.append(
            f"The link asks for a {what} of {value:g} s: set to {kept:g} s, "
            f"the nearest of {least:g} to {most:g} s."
        )
    return kept
