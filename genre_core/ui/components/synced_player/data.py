"""What the synced player shows of a song: all that goes to the browser besides the sound."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from genre_core.inference.sliding import SlidingScores, nearest_stretches
from genre_core.plots.frame_labels import best_genres
from genre_core.plots.palette import code_of, colour_of, ink_on
from genre_core.plots.time_axis import clock
from genre_core.types import FloatArray, Frames, Waveform
from genre_core.ui.components.text import tidy
from genre_core.ui.songs import Section

PEAK_STEPS = 500  # a peak is a whole number from -500 to 500
SCORE_DIGITS = 4  # 0.01 % is finer than anything that is drawn or written
_MOST_NAMED = 20  # frames named in the summary


@dataclass(frozen=True)
class GenreStyle:
    """A genre's name, three-letter code, "#rrggbb" colour, and that of text on it."""

    name: str
    code: str
    colour: str
    ink: str


@dataclass(frozen=True)
class Stretches:
    """Pieces of a song that do not overlap, in order, each with its scores.

    Attributes
    ----------
    starts, ends : seconds
    silent : whether a piece is silent; then it has no genre
    scores : one for each piece, one entry a genre; empty while the network has not run
    """

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    silent: tuple[bool, ...]
    scores: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class SectionStyle:
    """A part of the song as it was composed: seconds, name, and "#rrggbb" colour of its genre."""

    start: float
    end: float
    name: str
    colour: str


@dataclass(frozen=True)
class PlayerView:
    """A song to listen to and to look at.

    Attributes
    ----------
    title : anybody's text: the browser shows it as text only
    lows, highs : waveform in equal pieces, in steps of 1 / `peak_steps` of its own highest peak
    genres : of the columns of scores
    windows : the finer timeline
    windows_name : what its windows are, e.g. "6 s every 2 s"
    summary : the pictures in one sentence, for those who cannot see them
    sections : the song as it was composed, where that is known
    axis_seconds : length of the time axis: that of the song, or more beside a longer song
    """

    title: str
    duration_seconds: float
    lows: tuple[int, ...]
    highs: tuple[int, ...]
    genres: tuple[GenreStyle, ...]
    frames: Stretches
    windows: Stretches | None
    windows_name: str
    summary: str
    axis_seconds: float
    sections: tuple[SectionStyle, ...] = ()
    peak_steps: int = PEAK_STEPS

    def as_data(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return asdict(self)


def player_view(
    title: str,
    waveform: Waveform,
    frames: Frames,
    genres: tuple[str, ...],
    scores: FloatArray | None,
    peaks: tuple[FloatArray, FloatArray],
    sliding: SlidingScores | None = None,
    sections: Sequence[Section] = (),
    axis_seconds: float = 0.0,
) -> PlayerView:
    """Put together what the player shows.

    Parameters
    ----------
    title : of the song; foreign text, shortened here
    genres : names of the columns of scores
    scores : float32 (n_frames, n_genres), None while the network has not run
    peaks : lows and highs, float32 (n,), as `peaks.peaks` returns them
    sliding : SlidingScores, optional
    sections : of a demo song
    axis_seconds : length of the time axis where it is longer than the song
    """
    lows, highs = _in_steps(*peaks)
    return PlayerView(
        title=tidy(title),
        duration_seconds=waveform.duration_seconds,
        lows=lows,
        highs=highs,
        genres=tuple(
            GenreStyle(tidy(genre), code_of(genre), colour_of(genre), ink_on(colour_of(genre)))
            for genre in genres
        ),
        frames=_stretches(
            [(span.start_seconds, span.end_seconds) for span in frames.spans],
            [span.silent for span in frames.spans],
            scores,
        ),
        windows=_windows(sliding) if sliding else None,
        windows_name=windows_name(sliding) if sliding else "",
        summary=summary(waveform, frames, genres, scores) + _composed(sections),
        axis_seconds=max(axis_seconds, waveform.duration_seconds),
        sections=_section_styles(sections, waveform.duration_seconds),
    )


def windows_name(sliding: SlidingScores) -> str:
    """Return e.g. "6 s every 2 s"."""
    return f"{sliding.settings.window_seconds:g} s every {sliding.settings.hop_seconds:g} s"


def summary(
    waveform: Waveform, frames: Frames, genres: tuple[str, ...], scores: FloatArray | None
) -> str:
    """Return what the waveform and its frames show in one sentence."""
    best = [] if scores is None else best_genres(scores, genres, frames.spans)
    labels = ", ".join(f"{i} {label}" for i, label in enumerate(best[:_MOST_NAMED], 1))
    more = "" if len(best) <= _MOST_NAMED else f" and {len(best) - _MOST_NAMED} more"
    return (
        f"Waveform of {clock(waveform.duration_seconds)} minutes; frames from "
        f"{clock(frames.spans[0].start_seconds)} to {clock(frames.spans[-1].end_seconds)}: "
        f"{labels or 'no scores yet'}{more}."
    )


def _composed(sections: Sequence[Section]) -> str:
    named = ", ".join(f"{clock(each.start_seconds)} {each.name}" for each in sections)
    return f" As it was composed: {named}." if sections else ""


def _section_styles(sections: Sequence[Section], duration: float) -> tuple[SectionStyle, ...]:
    ends = [each.start_seconds for each in sections[1:]] + [duration]
    return tuple(
        SectionStyle(each.start_seconds, end, tidy(each.name), colour_of(each.genre))
        for each, end in zip(sections, ends, strict=False)
    )


def _windows(sliding: SlidingScores) -> Stretches:
    silent = [span.silent for span in sliding.spans]
    return _stretches(nearest_stretches(sliding.spans), silent, sliding.scores)


def _in_steps(lows: FloatArray, highs: FloatArray) -> tuple[tuple[int, ...], tuple[int, ...]]:
    top = max(float(np.abs(lows).max()), float(np.abs(highs).max()), 1e-3)
    down, up = (np.rint(PEAK_STEPS / top * ends).astype(int).tolist() for ends in (lows, highs))
    return tuple(down), tuple(up)


def _stretches(
    seconds: list[tuple[float, float]], silent: list[bool], scores: FloatArray | None
) -> Stretches:
    rows = [] if scores is None else scores.tolist()
    return Stretches(
        starts=tuple(round(start, 3) for start, _ in seconds),
        ends=tuple(round(end, 3) for _, end in seconds),
        silent=tuple(silent),
        scores=tuple(tuple(round(value, SCORE_DIGITS) for value in row) for row in rows),
    )
