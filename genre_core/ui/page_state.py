"""What one browser session has chosen on one page, and the URL that says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Self

import streamlit as st

from genre_core.ui.url import Parameter, View, read_view, write_view

_SHOWN_KEY = "page_shown"


@dataclass
class PageState(Generic[View]):
    """The state of a page: a subclass names the page, its default view and its parameters.

    Attributes
    ----------
    view : the settings that the controls show and the URL says
    notes : what of the URL could not be followed; unescaped
    written : the URL that the page wrote last
    """

    page: ClassVar[str]
    default: ClassVar[Any]
    parameters: ClassVar[Mapping[str, Parameter]]

    view: View
    notes: tuple[str, ...] = ()
    written: dict[str, str] = field(default_factory=dict)

    @classmethod
    def current(cls) -> Self:
        """Return this browser session's state of the page."""
        key = f"{cls.page}_state"
        if key not in st.session_state:
            st.session_state[key] = cls(cls.default)
        state: Self = st.session_state[key]
        return state

    def change(self, **settings: Any) -> None:
        """Set fields of the view."""
        self.view = replace(self.view, **settings)  # type: ignore[type-var]
        self.notes = ()

    def follow_link(self) -> None:
        """Take over what the URL asks for, unless the page wrote it itself.

        The URL asks on the first visit and after the browser's back and forward. After a visit
        to another page it is empty: the session's own view stays.
        """
        query = dict(st.query_params.items())
        came_back = enter(self.page)
        if query != self.written and (query or not came_back):
            self.open(*read_view(query, self.default, self.parameters))

    def open(self, view: View, notes: tuple[str, ...]) -> None:
        """Show the view of a URL."""
        self.view, self.notes = view, notes

    def write_link(self, view: View | None = None) -> dict[str, str]:
        """Make the URL ask for `view`, by default the one shown; return its parameters."""
        self.written = write_view(view or self.view, self.default, self.parameters)
        if dict(st.query_params.items()) != self.written:
            st.query_params.from_dict(self.written)
        return self.written


def enter(page: str) -> bool:
    """Note that this page is shown; return whether it was another one before."""
    came_back: bool = st.session_state.get(_SHOWN_KEY, page) != page
    st.session_state[_SHOWN_KEY] = page
    return came_back
