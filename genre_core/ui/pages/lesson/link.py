"""What a link to the page "How it works" says.

`?step=stft&demo=reggae&at=42&n_fft=2048`: the step, the demo song, and the controls of the steps.
What is left out has its default.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_SONG_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    FrameSettings,
)
from genre_core.lesson.inside import MOST_MAPS
from genre_core.ui.song_link import AGGREGATION_OF_LINK

STEP_KEYS: tuple[str, ...] = (
    "wave",
    "stft",
    "mel",
    "decibels",
    "frames",
    "conv",
    "recurrent",
    "scores",
    "average",
)
ZOOMS_SECONDS: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 0.0)  # 0: all of it
N_FFTS: tuple[int, ...] = (128, 256, 512, 1024, 2048, 4096)  # samples
N_MELS: tuple[int, ...] = (12, 24, 48, 96, 256)
RANGES_DB: tuple[int, ...] = (10, 20, 30, 40, 50, 60, 70, 80)
TEMPERATURES: tuple[float, ...] = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
MOST_STEPS = 10_000  # that a link may ask for
_LINK_OF_AGGREGATION = {name: link for link, name in AGGREGATION_OF_LINK.items()}


@dataclass(frozen=True)
class LessonView:
    """The settings of the page; the defaults are the method's own.

    Attributes
    ----------
    step : str
        One of `STEP_KEYS`.
    demo : str
        Key of the demo song; empty for the session's own song, or the first demo song.
    at : float
        Seconds from the start of the song: where the first steps look.
    zoom : float
        Seconds of the wave shown, one of `ZOOMS_SECONDS`; 0 for the whole song.
    n_fft, n_mels, range_db
        Of the spectrograms.
    frame_seconds, trim_seconds : float
        How the song is cut.
    frame : int
        The frame looked at, from 1; 0 for the first that is not silent.
    block : str
        Convolution block; empty for the first.
    n_maps : int
        Maps shown of it.
    n_read : int
        Steps that the recurrent part has read; 0 for all.
    temperature : float
    aggregation : str
        A key of `aggregate.AGGREGATES`.
    left_out : tuple of int
        Frames left out of the average, from 1.
    """

    step: str = STEP_KEYS[0]
    demo: str = ""
    at: float = 76.5
    zoom: float = 0.03
    n_fft: int = 512
    n_mels: int = 96
    range_db: int = 80
    frame_seconds: float = FrameSettings().frame_seconds
    trim_seconds: float = FrameSettings().trim_seconds
    frame: int = 0
    block: str = ""
    n_maps: int = 4
    n_read: int = 0
    temperature: float = 1.0
    aggregation: str = "mean"
    left_out: tuple[int, ...] = ()

    @property
    def frame_settings(self) -> FrameSettings:
        """How the song is cut."""
        return FrameSettings(self.frame_seconds, self.trim_seconds)


@dataclass(frozen=True)
class _Parameter:
    """One parameter of the link: how it is read, checked and said."""

    field: str
    read: Callable[[str], Any]
    fits: Callable[[Any], bool]
    allowed: str
    say: Callable[[Any], str] = "{:g}".format


def _one_of(field: str, read: Callable[[str], Any], values: tuple[Any, ...]) -> _Parameter:
    say = str if read is str else "{:g}".format
    return _Parameter(field, read, values.__contains__, ", ".join(map(say, values)), say)


def _between(field: str, read: Callable[[str], Any], low: float, high: float) -> _Parameter:
    # NaN fails the comparison.
    return _Parameter(field, read, lambda value: low <= value <= high, f"{low:g} to {high:g}")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(part) for part in text.split(",")}))


_PARAMETERS: dict[str, _Parameter] = {
    "step": _one_of("step", str, STEP_KEYS),
    "demo": _Parameter("demo", str, bool, "a name", str),
    "at": _between("at", float, 0.0, MAX_SONG_SECONDS),
    "zoom": _one_of("zoom", float, ZOOMS_SECONDS),
    "n_fft": _one_of("n_fft", int, N_FFTS),
    "n_mels": _one_of("n_mels", int, N_MELS),
    "range": _one_of("range_db", int, RANGES_DB),
    "t": _between("frame_seconds", float, MIN_FRAME_SECONDS, MAX_FRAME_SECONDS),
    "n": _between("trim_seconds", float, 0.0, MAX_TRIM_SECONDS),
    "frame": _between("frame", int, 1, MOST_STEPS),
    "block": _Parameter("block", str, bool, "a name", str),
    "maps": _between("n_maps", int, 1, MOST_MAPS),
    "read": _between("n_read", int, 1, MOST_STEPS),
    "temp": _one_of("temperature", float, TEMPERATURES),
    "agg": _Parameter(
        "aggregation",
        lambda text: AGGREGATION_OF_LINK.get(text, ""),
        bool,
        ", ".join(AGGREGATION_OF_LINK),
        _LINK_OF_AGGREGATION.__getitem__,
    ),
    "without": _Parameter(
        "left_out",
        _numbers,
        lambda numbers: all(1 <= n <= MOST_STEPS for n in numbers),
        "numbers of frames such as 2,5",
        lambda numbers: ",".join(map(str, numbers)),
    ),
}


def view_from_query(query: Mapping[str, str]) -> tuple[LessonView, tuple[str, ...]]:
    """Read a link.

    Returns
    -------
    (LessonView, tuple of str)
        The view, and a plain sentence for every value that had to be left out. The sentences
        quote the link, so they must be escaped before they are shown.
    """
    view, notes = LessonView(), []
    for key, parameter in _PARAMETERS.items():
        text = query.get(key)
        if not text:
            continue
        try:
            value = parameter.read(text)
            fits = parameter.fits(value)
        except ValueError:
            fits = False
        if fits:
            view = replace(view, **{parameter.field: value})
        else:
            notes.append(f"The link asks for {key} = “{text}”: it is {parameter.allowed}.")
    return view, tuple(notes)


def query_from_view(view: LessonView) -> dict[str, str]:
    """Return the parameters of a link to `view`; defaults are left out, but never the step."""
    default = LessonView()
    changed = {
        item.name
        for item in fields(view)
        if getattr(view, item.name) != getattr(default, item.name)
    }
    return {
        key: parameter.say(getattr(view, parameter.field))
        for key, parameter in _PARAMETERS.items()
        if parameter.field in changed or key == "step"
    }
