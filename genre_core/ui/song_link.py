"""What a link to the page "Analyse a song" says: which demo song, how it is cut and combined.

`?demo=reggae&t=10&n=20&agg=vote`: `t` is the frame length and `n` the trim in seconds.
"""

from dataclasses import dataclass

from genre_core.config import (
    MAX_FRAME_SECONDS,
    MAX_TRIM_SECONDS,
    MIN_FRAME_SECONDS,
    FrameSettings,
)
from genre_core.ui import url


@dataclass(frozen=True)
class SongView:
    """The settings of the page; the defaults are the paper's.

    Attributes
    ----------
    demo : key of the demo song shown, None for a song of the user's own or none at all
    frame_seconds, trim_seconds : as in `FrameSettings`
    aggregation : a key of `aggregate.AGGREGATES`
    """

    demo: str | None = None
    frame_seconds: float = FrameSettings().frame_seconds
    trim_seconds: float = FrameSettings().trim_seconds
    aggregation: str = "mean"

    @property
    def frames(self) -> FrameSettings:
        """How the song is cut."""
        return FrameSettings(self.frame_seconds, self.trim_seconds)

    def with_default_settings(self) -> "SongView":
        """Return the same song with the paper's settings."""
        return SongView(demo=self.demo)


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
}
