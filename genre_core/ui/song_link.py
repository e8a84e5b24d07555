"""What a link to the page "Analyse a song" says: which demo song, how it is cut and combined.

`?demo=reggae&t=10&n=20&agg=vote&fine=3`: `t` is the frame length, `n` the trim and `fine` the
window of the finer timeline, in seconds; `fine=0` leaves it out. `lab=2` opens the sound lab on
frame 2, with `sound` as `sound_link` says it. `why=2&for=reggae` says what in frame 2 speaks for
reggae. With `guess=1` the page says
nothing of a song until the listener has guessed; then `demo` may be a number, see `guess.py`.
`stage=1` shows the player over the whole screen. `at=72` begins the sound at 72 s.
"""

from dataclasses import dataclass, replace
from typing import get_args

from genre_core.audio.sound_changes import NO_CHANGES, SoundChanges
from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_SONG_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    FrameSettings,
    SlidingSettings,
)
from genre_core.inference.explain import Method
from genre_core.ui import sound_link, url

# The windows of the finer timeline, by their length in seconds.
FINER: dict[float, SlidingSettings] = {
    settings.window_seconds: settings
    for settings in (
        SlidingSettings(window_seconds=3.0, hop_seconds=1.0),
        SlidingSettings(),
        SlidingSettings(window_seconds=12.0, hop_seconds=4.0),
    )
}
NOT_FINER = 0.0
MOST_FRAMES = 1_300  # of an hour, 3 s each, and some more


@dataclass(frozen=True)
class SongView:
    """The settings of the page; the defaults are the paper's.

    Attributes
    ----------
    demo : key of the demo song shown, None for a song of the user's own or none at all
    frame_seconds, trim_seconds : as in `FrameSettings`
    aggregation : a key of `aggregate.AGGREGATES`
    finer_seconds : a key of `FINER`, or `NOT_FINER` for no finer timeline
    guess : whether the listener guesses before the page says anything
    lab_frame : the frame in the sound lab, from 1; 0 while the lab is closed
    sound_changes : made in the lab
    stage : whether the player is over the whole screen
    at_seconds : where the sound begins; 0 for the first frame
    why_frame : the frame of which reasons are shown, from 1; 0 for none
    why_genre : the genre that they are for
    why_method : how they are computed
    """

    demo: str | None = None
    frame_seconds: float = FrameSettings().frame_seconds
    trim_seconds: float = FrameSettings().trim_seconds
    aggregation: str = "mean"
    finer_seconds: float = SlidingSettings().window_seconds
    guess: bool = False
    lab_frame: int = 0
    sound_changes: SoundChanges = NO_CHANGES
    stage: bool = False
    at_seconds: float = 0.0
    why_frame: int = 0
    why_genre: str = ""
    why_method: Method = "occlusion"

    @property
    def frames(self) -> FrameSettings:
        """How the song is cut."""
        return FrameSettings(self.frame_seconds, self.trim_seconds)

    @property
    def finer(self) -> SlidingSettings | None:
        """The windows of the finer timeline, None for no such timeline."""
        return FINER.get(self.finer_seconds)

    def with_default_settings(self) -> "SongView":
        """Return the same song with the paper's settings."""
        default = SongView()
        return replace(
            self,
            frame_seconds=default.frame_seconds,
            trim_seconds=default.trim_seconds,
            aggregation=default.aggregation,
        )


PARAMETERS: dict[str, url.Parameter] = {
    "demo": url.text("demo"),
    "t": url.nearest(
        "frame_seconds",
        lambda text: round(float(text), 2),
        MIN_FRAME_SECONDS,
        MAX_FRAME_SECONDS,
    ),
    "n": url.nearest("trim_seconds", lambda text: float(round(float(text))), 0.0, MAX_TRIM_SECONDS),
    "agg": url.named("aggregation", url.AGGREGATIONS),
    "fine": url.one_of("finer_seconds", (NOT_FINER, *FINER), float),
    "guess": url.named("guess", {"1": True, "0": False}),
    "lab": url.between("lab_frame", int, 1, MOST_FRAMES),
    "stage": url.named("stage", {"1": True, "0": False}),
    "at": url.between("at_seconds", lambda text: round(float(text), 2), 0.0, MAX_SONG_SECONDS),
    "sound": sound_link.parameter("sound_changes"),
    "why": url.between("why_frame", int, 1, MOST_FRAMES),
    "for": url.text("why_genre"),
    "how": url.one_of("why_method", get_args(Method)),
}
