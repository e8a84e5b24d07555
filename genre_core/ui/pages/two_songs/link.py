"""What a link to the page "Two songs" says: `?first=medley&second=metal&t=10`.

A song is the key of a demo song, or `own` for somebody's own file, which no link holds.
`first=analysed` brings the song along that "Analyse a song" shows. `t` is the frame length.
"""

from dataclasses import dataclass

from genre_core.config import MAX_FRAME_SECONDS, MIN_FRAME_SECONDS, FrameSettings
from genre_core.ui import url

OWN = "own"
ANALYSED = "analysed"
PLACES = ("first", "second")  # fields of the view, and what the two songs are called


@dataclass(frozen=True)
class PairView:
    """Which songs are compared, and how they are cut.

    Attributes
    ----------
    first, second : keys of demo songs, `OWN`, `ANALYSED`, or empty for a usual one
    frame_seconds : as in `FrameSettings`
    """

    first: str = ""
    second: str = ""
    frame_seconds: float = FrameSettings().frame_seconds

    @property
    def frames(self) -> FrameSettings:
        """How both songs are cut."""
        return FrameSettings(self.frame_seconds)


PARAMETERS: dict[str, url.Parameter] = {
    "first": url.text("first"),
    "second": url.text("second"),
    "t": url.nearest(
        "frame_seconds", lambda text: round(float(text), 2), MIN_FRAME_SECONDS, MAX_FRAME_SECONDS
    ),
}
