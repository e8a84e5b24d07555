"""Which song the lesson is about: the session's own, or a demo song."""

import streamlit as st

from genre_core.plots.time_axis import clock
from genre_core.ui import session
from genre_core.ui.components.text import tidy
from genre_core.ui.pages.lesson.state import LessonState
from genre_core.ui.songs import DemoSong, Song, demo_songs, find_demo

_KEY = "lesson_song"
_OWN = ""  # the session's own song among the choices


def default_demo(songs: dict[str, DemoSong]) -> DemoSong:
    """Return the demo song that tells most about frames: the medley, or the first."""
    return songs.get("medley") or next(iter(songs.values()))


def current_song(state: LessonState) -> Song | None:
    """Return the song that the view means, None where there is none at all.

    A demo song that the link asks for and that is not there becomes a note.
    """
    songs, analysed = demo_songs(), session.current().song
    if state.view.demo:
        found = find_demo(state.view.demo, songs)
        if found is not None:
            return found.load()
        missing = f"The link asks for the demo song “{state.view.demo}”: there is none."
        state.change(demo="")
        state.notes = (missing,)
    if analysed is not None:
        return analysed
    return default_demo(songs).load() if songs else None


def song_choice(state: LessonState, song: Song) -> None:
    """Show the choice of the song."""
    songs, analysed = demo_songs(), session.current().song
    labels = {key: f"{each.title} · {clock(each.seconds)}" for key, each in songs.items()}
    if analysed is not None and analysed.demo is None:
        labels = {_OWN: f"Your song: {tidy(analysed.name, 40)}", **labels}
    st.session_state[_KEY] = song.demo or _OWN
    st.selectbox(
        "The song of this lesson",
        list(labels),
        format_func=labels.__getitem__,
        key=_KEY,
        on_change=lambda: state.choose_song(st.session_state[_KEY]),
        help="A song that you open under “Analyse a song” can be chosen here too.",
    )


def demo_in_link(state: LessonState, song: Song) -> str:
    """Return the demo song that a link to the page must name, empty where it need not."""
    if state.view.demo or not song.demo or song.demo == default_demo(demo_songs()).key:
        return state.view.demo
    return song.demo
