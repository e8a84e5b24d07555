"""What one browser session has chosen on the page "How it works"."""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from genre_core.ui.pages.lesson.link import STEP_KEYS, LessonView, query_from_view, view_from_query
from genre_core.ui.session import asked_of, write_query

PAGE = "how_it_works"
_STATE_KEY = "lesson_state"


@dataclass
class LessonState:
    """The state of the page.

    Attributes
    ----------
    view : LessonView
        What the controls say, and the URL.
    notes : tuple of str
        What the link asked for and did not get; unescaped.
    to_top : bool
        Whether the page is to be scrolled to its top: another step was opened from its end.
    """

    view: LessonView = field(default_factory=LessonView)
    notes: tuple[str, ...] = ()
    to_top: bool = False
    written: dict[str, str] = field(default_factory=dict)

    def change(self, **settings: Any) -> None:
        """Set fields of the view."""
        self.view = replace(self.view, **settings)
        self.notes = ()

    def turn(self, by: int) -> None:
        """Open the step so many places further on."""
        self.change(step=STEP_KEYS[STEP_KEYS.index(self.view.step) + by])
        self.to_top = True

    def choose_song(self, demo: str) -> None:
        """Take another song; what belongs to one song only is forgotten."""
        default = LessonView()
        self.change(
            demo=demo, at=default.at, frame=default.frame, n_read=default.n_read, left_out=()
        )

    def cut(self, **settings: float) -> None:
        """Cut the song in another way; what belongs to single frames is forgotten."""
        default = LessonView()
        self.change(frame=default.frame, n_read=default.n_read, left_out=(), **settings)

    def follow_link(self) -> None:
        """Take over what the URL asks for, where the page itself did not write it."""
        query = asked_of(PAGE, self.written)
        if query is not None:
            self.view, self.notes = view_from_query(query)

    def write_link(self, demo: str) -> dict[str, str]:
        """Make the URL say what the page shows of which demo song, and return it."""
        query = query_from_view(replace(self.view, demo=demo))
        write_query(query)
        self.written = query
        return query


def current() -> LessonState:
    """Return this browser session's state."""
    if _STATE_KEY not in st.session_state:
        st.session_state[_STATE_KEY] = LessonState()
    state: LessonState = st.session_state[_STATE_KEY]
    return state
