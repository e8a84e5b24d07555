"""Which song the lesson is about: the session's own, or a demo song."""

import streamlit as st

from genre_core.ui import session
from genre_core.ui.components.song_choice import OWN, song_choice
from genre_core.ui.pages.lesson.state import LessonState
from genre_core.ui.songs import Song, default_demo, demo_songs, find_demo

_KEY = "lesson_song"


def current_song(state: LessonState) -> Song | None:
    """Return the song that the view means, None where there is none at all.

    A demo song that the link asks for and that is not there becomes a note.
    """
    songs, analysed = demo_songs(), session.current().song
    if state.view.demo:
        demo = find_demo(state.view.demo, songs)
        if demo is not None:
            return demo.load()
        missing = f"The link asks for the demo song “{state.view.demo}”. There is none."
        state.change(demo="")
        state.notes = (missing,)
    if analysed is not None:
        return analysed
    first = default_demo(songs)
    return first.load() if first else None


def choose_song(state: LessonState, song: Song) -> None:
    """Show the choice of the song."""
    st.session_state[_KEY] = song.demo or OWN
    song_choice(
        "The song of this lesson",
        _KEY,
        on_change=lambda: state.choose_song(st.session_state[_KEY]),
        label_visibility="collapsed",
    )


def take_first_demo(state: LessonState) -> None:
    """Go on with the demo song that the lesson begins with, as another was cancelled."""
    first = default_demo(demo_songs())
    state.choose_song(first.key if first else "")


def demo_in_link(state: LessonState, song: Song) -> str:
    """Return the demo song that a link to the page must name, empty where it need not."""
    first = default_demo(demo_songs())
    if state.view.demo or not song.demo or (first and song.demo == first.key):
        return state.view.demo
    return song.demo
