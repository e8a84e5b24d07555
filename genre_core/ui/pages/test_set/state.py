"""What one browser session has chosen on the page "Test set"."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import streamlit as st

from genre_core.evaluation.score_set import ScoreSet
from genre_core.ui.pages.test_set.link import (
    OWN_KEY,
    Part,
    ScoresView,
    Unit,
    fit_view,
    query_from_view,
    view_from_query,
)
from genre_core.ui.session import asked_of, write_query

Place = Literal["songs", "repairs"]

PAGE = "test_set"
_STATE_KEY = "test_set_state"


@dataclass
class TestSetState:
    """The state of the page.

    Attributes
    ----------
    view : ScoresView
        What the controls say, and the URL.
    own : ScoreSet or None
        The score file that this session opened, or its own test set.
    own_digest : str
        Tells one own score set from another in the caches.
    song_place : "songs" or "repairs"
        The part of the page from which the open song was chosen: it opens there.
    notes : tuple of str
        What the link asked for and did not get; unescaped.
    """

    view: ScoresView = field(default_factory=ScoresView)
    own: ScoreSet | None = None
    own_digest: str = ""
    notes: tuple[str, ...] = ()
    song_place: Place = "songs"
    written: dict[str, str] = field(default_factory=dict)

    def change(self, **settings: Any) -> None:
        """Set fields of the view."""
        self.view = replace(self.view, **settings)
        self.notes = ()

    def choose_scores(self, key: str) -> None:
        """Open another score file; the frame length stays where it has it."""
        self.view = replace(self.view.without_cell(), scores=key, heard="", reference="")
        self.notes = ()

    def open_cell(self, true: str, named: str, unit: Unit) -> None:
        """Open a cell of one of the matrices."""
        self.change(true=true, named=named, unit=unit, song="")

    def open_song(self, song: str, place: Place) -> None:
        """Open a song, or close the open one if `song` is empty."""
        self.song_place = place
        self.change(song=song)

    def show_part(self, part: Part) -> None:
        """Turn to the results or to the way to a test set of one's own."""
        self.change(part=part)

    def close_cell(self) -> None:
        """Close the cell that is open."""
        self.view = self.view.without_cell()

    def take_own(self, score_set: ScoreSet, digest: str) -> None:
        """Show a score set of the user's own."""
        self.own, self.own_digest = score_set, digest
        self.view = ScoresView(scores=OWN_KEY)
        self.notes = ()

    def follow_link(self) -> None:
        """Take over what the URL asks for, where the page itself did not write it."""
        query = asked_of(PAGE, self.written)
        if query is not None:
            self.view, self.notes = view_from_query(query)
            self.song_place = "songs"

    def settle(self, score_sets: Mapping[str, ScoreSet]) -> ScoreSet:
        """Let the view ask only for what there is, write the URL and return the score set."""
        first = next(iter(score_sets))
        self.view, notes = fit_view(self.view, score_sets)
        self.notes = (*self.notes, *notes)
        shown = self.view
        if shown.scores == first:
            shown = replace(shown, scores="")
        query = query_from_view(shown)
        write_query(query)
        self.written = query
        return score_sets[self.view.scores]


def current() -> TestSetState:
    """Return this browser session's state."""
    if _STATE_KEY not in st.session_state:
        st.session_state[_STATE_KEY] = TestSetState()
    state: TestSetState = st.session_state[_STATE_KEY]
    return state
