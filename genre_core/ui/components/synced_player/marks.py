"""The marks under the timeline: the moments most and least like a genre, in words and to click."""

from collections.abc import Sequence
from dataclasses import dataclass

from genre_core.inference.moments import Moment, Moments
from genre_core.plots.time_axis import clock
from genre_core.ui.components.text import tidy


@dataclass(frozen=True)
class Mark:
    """One mark.

    Attributes
    ----------
    seconds : where playing starts
    middle_seconds : where the mark stands
    time : `seconds` in words
    is_most : whether it is a moment most like the genre, not least
    name : what a click does, with the score
    """

    seconds: float
    middle_seconds: float
    time: str
    is_most: bool
    name: str


@dataclass(frozen=True)
class Marks:
    """The marks of a song; `words` says them all, or why there are none."""

    words: str
    marks: tuple[Mark, ...] = ()


WAITING = Marks("Moments to play come with the finer timeline.")


def marks_of(moments: Moments) -> Marks:
    """Return the marks of the moments of a song."""
    genre = tidy(moments.genre)
    if not moments.most:
        return Marks(f"The song is about equally like {genre} all through.")
    marks = [_mark(each, "most", genre) for each in moments.most]
    marks += [_mark(each, "least", genre) for each in moments.least]
    words = f"Most like {genre} at {_times(moments.most)}"
    if moments.least:
        words += f"; least at {_times(moments.least)}"
    marks.sort(key=lambda mark: mark.seconds)
    return Marks(f"{words}.", tuple(marks))


def _mark(moment: Moment, how: str, genre: str) -> Mark:
    time = clock(moment.start_seconds)
    return Mark(
        round(moment.start_seconds, 2),
        round((moment.start_seconds + moment.end_seconds) / 2, 2),
        time,
        how == "most",
        f"Play from {time}: {how} like {genre}, {100 * moment.score:.0f} %",
    )


def _times(moments: Sequence[Moment]) -> str:
    *first, last = [clock(moment.start_seconds) for moment in moments]
    return f"{', '.join(first)} and {last}" if first else last
