"""What one browser session has chosen. Everything heavy lives in `services`, shared by all."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from genre_core.config import FrameSettings
from genre_core.ui import models
from genre_core.ui.models import ModelSource
from genre_core.ui.song_link import View, query_from_view, view_from_query
from genre_core.ui.songs import Song, demo_songs, find_demo

_KEY = "analyse_session"
_MODELS_KEY = "models_session"
PAGE_KEY = "page_shown"


@dataclass
class Session:
    """The state of the page "Analyse a song".

    Attributes
    ----------
    view : View
        What the controls say, and the URL.
    song : Song or None
        The song asked for.
    last_good : Song or None
        The last one that could be analysed: shown again when the next one fails.
    notes : tuple of str
        What the link asked for and did not get; unescaped.
    n_taken : int
        Songs taken so far; part of the input widgets' keys, so that each starts empty again.
    """

    view: View = field(default_factory=View)
    song: Song | None = None
    last_good: Song | None = None
    notes: tuple[str, ...] = ()
    n_taken: int = 0
    written: dict[str, str] = field(default_factory=dict)

    def take(self, song: Song) -> None:
        """Make `song` the one to analyse."""
        self.song = song
        self.view = replace(self.view, demo=song.demo)
        self.notes = ()
        self.n_taken += 1

    def leave_song(self) -> None:
        """Go back to the first view, keeping the settings."""
        self.song = self.last_good = None
        self.view = replace(self.view, demo=None)
        self.notes = ()
        self.n_taken += 1

    def set_frames(self, settings: FrameSettings) -> None:
        """Cut the song in another way."""
        self.view = replace(self.view, frames=settings)
        self.notes = ()

    def set_aggregation(self, name: str) -> None:
        """Combine the frames in another way."""
        self.view = replace(self.view, aggregation=name)
        self.notes = ()

    def reset(self) -> None:
        """Return to the paper's settings."""
        self.view = self.view.with_default_settings()
        self.notes = ()


@dataclass
class ModelChoice:
    """Which network listens, and those that this session has uploaded.

    Attributes
    ----------
    key : str
        Of the chosen one; empty for the default.
    uploads : dict of str to ModelSource
        By their keys, the oldest first.
    """

    key: str = models.DEFAULT_KEY
    uploads: dict[str, ModelSource] = field(default_factory=dict)

    def offered(self) -> dict[str, ModelSource]:
        """Return all that can be chosen, by their keys, the default first."""
        return {**models.files(), **self.uploads}

    def chosen(self) -> ModelSource | None:
        """Return the chosen one, the default where it is gone; None where there is neither."""
        offered = self.offered()
        return offered.get(self.key) or offered.get(models.DEFAULT_KEY)

    def add(self, source: ModelSource) -> None:
        """Keep an uploaded one; beyond `MAX_UPLOADS` the oldest is forgotten."""
        self.uploads.pop(source.key, None)
        self.uploads[source.key] = source
        while len(self.uploads) > models.MAX_UPLOADS:
            del self.uploads[next(iter(self.uploads))]


def model_choice() -> ModelChoice:
    """Return which network this browser session listens with."""
    if _MODELS_KEY not in st.session_state:
        st.session_state[_MODELS_KEY] = ModelChoice()
    choice: ModelChoice = st.session_state[_MODELS_KEY]
    return choice


def current() -> Session:
    """Return this browser session's state."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Session()
    session: Session = st.session_state[_KEY]
    return session


def asked_of(page: str, written: Mapping[str, str]) -> dict[str, str] | None:
    """Return what the URL asks of `page`, or None where the page itself last wrote it there.

    The URL asks on the first visit and after the browser's back and forward. Coming back from
    another page it is empty: then the session's own view is kept.
    """
    query = dict(st.query_params.items())
    came_back = st.session_state.get(PAGE_KEY, page) != page
    st.session_state[PAGE_KEY] = page
    return None if query == written or (came_back and not query) else query


def write_query(query: dict[str, str]) -> None:
    """Make the URL say `query`, unless it does already."""
    if dict(st.query_params.items()) != query:
        st.query_params.from_dict(query)


def follow_link(session: Session, page: str) -> None:
    """Open what the URL asks for; see `asked_of`."""
    query = asked_of(page, session.written)
    if query is not None:
        _open_query(session, query)


def write_link(session: Session) -> None:
    """Make the URL say what the page shows."""
    session.written = query_from_view(session.view)
    write_query(session.written)


def _open_query(session: Session, query: Mapping[str, str]) -> None:
    view, notes = view_from_query(query)
    session.view = view
    if view.demo is not None:
        found = find_demo(view.demo, demo_songs())
        if found is None:
            asked = view.demo
            session.leave_song()
            missing = f"The link asks for the demo song “{asked}”: there is none of that name."
            notes = (missing, *notes)
        elif session.song is None or session.song.demo != found.key:
            session.take(found.load())
        else:
            session.view = replace(view, demo=found.key)
    elif session.song is not None and session.song.demo is not None:
        session.leave_song()
    session.notes = notes
