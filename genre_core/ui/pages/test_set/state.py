"""What one browser session has chosen on the page "Test set"."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from genre_core.evaluation.score_set import ScoreSet
from genre_core.ui.page_state import PageState
from genre_core.ui.pages.test_set.link import (
    OWN_KEY,
    PARAMETERS,
    Part,
    ScoresView,
    Tab,
    Unit,
    fit_view,
)

Place = Literal["cell", "songs", "repairs"]


@dataclass
class ScoresState(PageState[ScoresView]):
    """The state of the page.

    Attributes
    ----------
    own : the score file that this session opened, or its own test set
    own_digest : tells one own score set from another in the caches
    song_place : the part of the page from which the open song was chosen: it opens there
    """

    page = "test_set"
    default = ScoresView()
    parameters = PARAMETERS

    own: ScoreSet | None = None
    own_digest: str = ""
    song_place: Place = "songs"

    def choose_scores(self, key: str) -> None:
        """Open another score file; the frame length stays where it has it."""
        self.view = replace(self.view.without_cell(), scores=key, reference="")
        self.notes = ()

    def open_cell(self, true: str, named: str, unit: Unit) -> None:
        """Open a cell of one of the matrices."""
        self.change(true=true, named=named, unit=unit, song="")

    def open_song(self, song: str, place: Place) -> None:
        """Open a song, or close the open one if `song` is empty."""
        self.song_place = place
        self.change(song=song)

    def show_tab(self, tab: Tab) -> None:
        """Turn to another tab."""
        self.change(tab=tab)

    def show_part(self, part: Part) -> None:
        """Turn to the results, or to a test set of one's own."""
        self.change(part=part)

    def close_cell(self) -> None:
        """Close the cell that is open."""
        self.view = self.view.without_cell()

    def take_own(self, score_set: ScoreSet, digest: str) -> None:
        """Show a score set of the user's own."""
        self.own, self.own_digest = score_set, digest
        self.view = ScoresView(scores=OWN_KEY)
        self.notes = ()

    def open(self, view: ScoresView, notes: tuple[str, ...]) -> None:
        """Show the view of a URL."""
        super().open(view, notes)
        if view.true:
            self.song_place = "cell"
        else:
            self.song_place = "repairs" if view.tab == "averaging" else "songs"

    def settle(self, score_sets: Mapping[str, ScoreSet]) -> ScoreSet:
        """Fit the view to the score sets, write the URL and return the score set shown."""
        first = next(iter(score_sets))
        self.view, notes = fit_view(self.view, score_sets)
        self.notes = (*self.notes, *notes)
        shown = self.view
        self.write_link(replace(shown, scores="") if shown.scores == first else shown)
        return score_sets[self.view.scores]
