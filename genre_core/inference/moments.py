"""The moments of a song that are most and least like a genre."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from genre_core.types import FloatArray, FrameSpan

MOST, LEAST = 3, 1  # moments at most
APART = 8  # two moments are at least this part of the song apart: an eighth
SAME_SCORE = 0.1  # a song whose scores differ less is alike all through


@dataclass(frozen=True)
class Moment:
    """A piece of a song, in seconds of the song, and the score of the genre there."""

    start_seconds: float
    end_seconds: float
    score: float


@dataclass(frozen=True)
class Moments:
    """The moments most and least like a genre, both in the order of the song.

    `most` and `least` are empty where the genre's score hardly changes.
    """

    genre: str
    most: tuple[Moment, ...] = ()
    least: tuple[Moment, ...] = ()


def moments(genre: str, spans: Sequence[FrameSpan], scores: FloatArray) -> Moments:
    """Return the moments of a song that are most and least like a genre.

    Scores count in whole percent: of equal ones the first is named.

    Parameters
    ----------
    spans : pieces of the song, in order; they may overlap. Silent ones do not count
    scores : (n_spans,), of the genre
    """
    counted = [span for span in spans if not span.silent]
    percent = np.round(100 * scores[[not span.silent for span in spans]])
    if not counted or percent.max() - percent.min() < 100 * SAME_SCORE:
        return Moments(genre)
    apart = (spans[-1].end_seconds - spans[0].start_seconds) / APART

    def extremes(badness: FloatArray, n: int, others: Sequence[Moment] = ()) -> tuple[Moment, ...]:
        taken: list[Moment] = []
        for index in np.argsort(badness, kind="stable"):
            span = counted[index]
            near = [
                each
                for each in (*others, *taken)
                if abs(each.start_seconds - span.start_seconds)
                < max(apart, span.end_seconds - span.start_seconds)
            ]
            # A third that is no better than the least would mislead.
            is_far_off = badness[index] - badness.min() > (badness.max() - badness.min()) / 2
            if len(taken) == n or is_far_off:
                break
            if not near:
                moment = Moment(span.start_seconds, span.end_seconds, percent[index] / 100)
                taken.append(moment)
        return tuple(sorted(taken, key=lambda moment: moment.start_seconds))

    most = extremes(-percent, MOST)
    return Moments(genre, most, extremes(percent, LEAST, most))
