"""What a link to the lesson says: `?step=stft&demo=reggae&at=42&n_fft=2048`.

The step, the demo song, and the controls of the steps.
"""

from dataclasses import dataclass

from genre_core.audio.sound_changes import NO_CHANGES, SoundChanges
from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_SONG_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    FrameSettings,
)
from genre_core.lesson.inside import MOST_MAPS
from genre_core.ui import sound_link, url

STEP_KEYS: tuple[str, ...] = (
    "wave",
    "stft",
    "mel",
    "decibels",
    "frames",
    "conv",
    "recurrent",
    "scores",
    "change",
    "average",
    "lyrics",
)
ZOOMS_SECONDS: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 0.0)  # 0: all of it
N_FFTS: tuple[int, ...] = (128, 256, 512, 1024, 2048, 4096)  # samples
N_MELS: tuple[int, ...] = (12, 24, 48, 96, 256)
RANGES_DB: tuple[int, ...] = (10, 20, 30, 40, 50, 60, 70, 80)
TEMPERATURES: tuple[float, ...] = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0)
N_WORDS: tuple[int, ...] = (10, 30, 100, 300, 1_000, 2_000)  # of each genre
MOST_STEPS = 10_000  # that a link may ask for


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
    sound_changes : SoundChanges
        Made in the step "Change the sound".
    aggregation : str
        A key of `aggregate.AGGREGATES`.
    left_out : tuple of int
        Frames left out of the average, from 1.
    n_words : int
        Most frequent words of each genre that the classifier may look at, one of `N_WORDS`.
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
    sound_changes: SoundChanges = NO_CHANGES
    aggregation: str = "mean"
    left_out: tuple[int, ...] = ()
    n_words: int = 30

    @property
    def frame_settings(self) -> FrameSettings:
        """How the song is cut."""
        return FrameSettings(self.frame_seconds, self.trim_seconds)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(part) for part in text.split(",")}))


PARAMETERS: dict[str, url.Parameter] = {
    "step": url.one_of("step", STEP_KEYS, always=True),
    "demo": url.text("demo"),
    "at": url.between("at", float, 0.0, MAX_SONG_SECONDS),
    "zoom": url.one_of("zoom", ZOOMS_SECONDS, float),
    "n_fft": url.one_of("n_fft", N_FFTS, int),
    "n_mels": url.one_of("n_mels", N_MELS, int),
    "range": url.one_of("range_db", RANGES_DB, int),
    "t": url.between("frame_seconds", float, MIN_FRAME_SECONDS, MAX_FRAME_SECONDS),
    "n": url.between("trim_seconds", float, 0.0, MAX_TRIM_SECONDS),
    "frame": url.between("frame", int, 1, MOST_STEPS),
    "block": url.text("block"),
    "maps": url.between("n_maps", int, 1, MOST_MAPS),
    "read": url.between("n_read", int, 1, MOST_STEPS),
    "temp": url.one_of("temperature", TEMPERATURES, float),
    "sound": sound_link.parameter("sound_changes"),
    "agg": url.named("aggregation", url.AGGREGATIONS),
    "words": url.one_of("n_words", N_WORDS, int),
    "without": url.Parameter(
        "left_out",
        _numbers,
        lambda numbers: numbers if all(1 <= n <= MOST_STEPS for n in numbers) else None,
        "numbers of frames such as 2,5",
        lambda numbers: ",".join(map(str, numbers)),
    ),
}
