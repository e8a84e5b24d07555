"""A list of songs to choose one from: what table and map do by a click, for keyboards too."""

from collections.abc import Callable, Sequence

import streamlit as st

from genre_core.library.songs import LibrarySong
from genre_core.ui.components.text import tidy
from genre_core.ui.pages.library.state import LibraryState


def song_list(
    state: LibraryState, songs: Sequence[LibrarySong], on_choice: Callable[[int], None]
) -> None:
    """Show the list; `on_choice` is called with the id of a song, or 0 for none."""
    names = {song.id: f"{tidy(song.label, 60)} ({song.genre})" for song in songs}
    st.session_state["library_song"] = state.view.song if state.view.song in names else 0
    st.selectbox(
        "Song",
        [0, *names],
        format_func=lambda key: names.get(key, "none"),
        key="library_song",
        on_change=lambda: on_choice(st.session_state["library_song"]),
        width=340,
    )
