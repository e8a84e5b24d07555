"""What one browser session has chosen in the lesson."""

from dataclasses import dataclass

from genre_core.ui.page_state import PageState
from genre_core.ui.pages.lesson.link import PARAMETERS, STEP_KEYS, LessonView


@dataclass
class LessonState(PageState[LessonView]):
    """The state of the page.

    Attributes
    ----------
    to_top : whether to scroll to the top, as another step was opened from the end of the page
    """

    page = "lesson"
    default = LessonView()
    parameters = PARAMETERS

    to_top: bool = False

    def turn(self, by: int) -> None:
        """Open the step so many places further on."""
        self.change(step=STEP_KEYS[STEP_KEYS.index(self.view.step) + by])
        self.to_top = True

    def choose_song(self, demo: str) -> None:
        """Take another song; what belongs to one song only is forgotten."""
        self.change(demo=demo, at=self.default.at, **self._of_no_frame())

    def cut(self, **settings: float) -> None:
        """Cut the song in another way; what belongs to single frames is forgotten."""
        self.change(**self._of_no_frame(), **settings)

    def _of_no_frame(self) -> dict[str, object]:
        default = self.default
        return {"frame": default.frame, "n_read": default.n_read, "left_out": default.left_out}
