"""What one browser session has on the page "Lyrics"."""

from dataclasses import dataclass
from typing import ClassVar

from genre_core.evaluation.score_set import ScoreSet
from genre_core.lyrics.text import Lyrics
from genre_core.ui.page_state import PageState
from genre_core.ui.pages.lyrics.link import PARAMETERS, LyricsView


@dataclass
class LyricsState(PageState[LyricsView]):
    """The state of the page.

    Attributes
    ----------
    own : Lyrics or None
        What was pasted or dropped last.
    own_name : str
        What to call it.
    scores : ScoreSet or None
        A score file of the user's own.
    """

    page: ClassVar[str] = "lyrics"
    default: ClassVar[LyricsView] = LyricsView()
    parameters = PARAMETERS

    own: Lyrics | None = None
    own_name: str = ""
    scores: ScoreSet | None = None

    def give(self, lyrics: Lyrics, name: str) -> None:
        """Show the user's own words."""
        self.own, self.own_name = lyrics, name
        self.change(example="", about="")

    def choose_example(self, name: str) -> None:
        """Show a bundled example."""
        self.own = None
        self.change(example=name, about="")
