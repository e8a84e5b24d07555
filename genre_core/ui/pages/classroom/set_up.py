"""Opening a room: which songs, and what the teacher says their genres are."""

import random

import streamlit as st

from genre_core.errors import GenreError, RoomError
from genre_core.ui import media, services
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.classroom import own_songs
from genre_core.ui.pages.classroom.state import ClassState, Seat
from genre_core.ui.rooms.room import FEWEST_SONGS, MOST_SONGS, RoomSong
from genre_core.ui.rooms.store import rooms
from genre_core.ui.songs import DemoSong, demo_songs
from genre_core.ui.words import count

_DEMOS, _ON_PHONES = "class_demos", "class_on_phones"
USUAL_SONGS = 10


def show(state: ClassState) -> None:
    """Show the choice of songs and the button that opens the room."""
    st.header("Open a room", anchor=False)
    st.markdown(
        f"For teachers. Choose {FEWEST_SONGS} to {MOST_SONGS} songs; they come in a random order. "
        "Choose them before you switch the projector on: the songs are named here."
    )
    try:
        genres = services.recognizer().info.genres
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    demos = single_genre_demos(genres)
    n_demos = 0
    if demos:
        n_demos = st.slider(
            "Demo songs",
            0,
            len(demos),
            min(USUAL_SONGS, len(demos)),
            key=_DEMOS,
            help="Drawn at random. Each was composed in one genre, which counts as its true genre.",
        )
    own_songs.show(state, genres)
    n_songs = n_demos + len(state.own_songs)
    st.toggle(
        "Pupils can play the songs on their phones",
        True,
        key=_ON_PHONES,
        help="With headphones. Switch it off where you play the songs aloud.",
    )
    if st.button(
        f"Open a room with {count(n_songs, 'song')}",
        key="class_open",
        type="primary",
        icon=":material/meeting_room:",
        disabled=not FEWEST_SONGS <= n_songs <= MOST_SONGS,
    ):
        chosen = random.sample(demos, n_demos)
        _open(state, [as_room_song(demo) for demo in chosen], genres)


def single_genre_demos(genres: tuple[str, ...]) -> list[DemoSong]:
    """Return the demo songs that were composed in one genre, which the network knows."""
    songs = demo_songs().values()
    return [song for song in songs if len(song.genres) == 1 and song.genres[0] in genres]


def as_room_song(demo: DemoSong) -> RoomSong:
    """Return a demo song for a room."""
    song = demo.load()
    mime = media.mime_of(song.file_name) or "audio/mpeg"
    return RoomSong(demo.title, song.file_name, song.data, mime, demo.genres[0], demo.key)


def _open(state: ClassState, demos: list[RoomSong], genres: tuple[str, ...]) -> None:
    songs = [*demos, *state.own_songs]
    random.shuffle(songs)
    try:
        room = rooms.open(tuple(songs), genres, bool(st.session_state[_ON_PHONES]))
    except RoomError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    state.own_songs = []
    state.view = Seat(room.code, key=room.key)
    st.rerun()
