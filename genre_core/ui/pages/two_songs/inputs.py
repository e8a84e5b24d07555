"""The ways to one of the two songs: one's own file, or a demo song."""

import streamlit as st

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.ui import uploads
from genre_core.ui.components.file_guard.component import DROP_KEY, UNSEEN_PIXELS
from genre_core.ui.pages.two_songs.link import PLACES
from genre_core.ui.pages.two_songs.state import PairState
from genre_core.ui.songs import DemoSong, Song, demo_songs
from genre_core.ui.words import PRIVACY

_ENDINGS = [extension.lstrip(".") for extension in SUPPORTED_EXTENSIONS]


def drop_input(state: PairState, number: int) -> None:
    """Take a song that is dropped on this side; nothing is seen of it."""
    with st.container(key=f"{DROP_KEY}_{number}", height=UNSEEN_PIXELS, border=False):
        _uploader(state, number, "drop")


def song_inputs(state: PairState, number: int) -> None:
    """Show the box for a file and the demo songs."""
    _uploader(state, number, "upload")
    st.caption(f"{PRIVACY} It is not in the link of this page.")
    with st.container(horizontal=True, gap="xsmall"):
        for demo in demo_songs().values():
            st.button(
                demo.title,
                key=f"two_songs_{number}_{demo.key}",
                on_click=_take_demo,
                args=(state, number, demo),
                disabled=getattr(state.view, PLACES[number]) == demo.key,
            )


def _uploader(state: PairState, number: int, name: str) -> None:
    key = f"two_songs_{name}_{number}_{state.n_taken}"
    st.file_uploader(
        f"Your {PLACES[number]} song",
        type=_ENDINGS,
        key=key,
        on_change=_take_file,
        args=(state, number, key),
        label_visibility="collapsed",
    )


def _take_demo(state: PairState, number: int, demo: DemoSong) -> None:
    state.take(number, demo.load())


def _take_file(state: PairState, number: int, key: str) -> None:
    for upload in uploads.arrived(key):
        state.take(number, Song.from_bytes(upload.name, uploads.take(upload)))
