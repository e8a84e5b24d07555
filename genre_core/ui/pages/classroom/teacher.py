"""The teacher's side of a room: made for a projector."""

import streamlit as st

from genre_core.ui.pages.classroom import lobby, reveal
from genre_core.ui.pages.classroom.state import ClassState
from genre_core.ui.rooms.room import Room
from genre_core.ui.words import count


def show(state: ClassState, room: Room) -> None:
    """Show the lobby, or the song that the class is at."""
    if room.stage == "lobby":
        lobby.show(state, room)
        return
    n_songs = len(room.songs)
    st.title(f"Song {room.place + 1} of {n_songs}", anchor=False)
    name = f"Song {room.place + 1}, without its name"
    st.audio(room.song.data, format=room.song.mime, alt=name)
    if room.stage == "guess":
        _answers(room)
        label, icon = "Reveal", ":material/visibility:"
    else:
        reveal.show(room)
        is_last = room.place + 1 == n_songs
        label = "Results" if is_last else f"Song {room.place + 2}"
        icon = ":material/arrow_forward:"
    with st.container(horizontal=True, gap="small"):
        st.button(
            label,
            key=f"class_go_on_{room.stage}_{room.place}",
            icon=icon,
            type="primary",
            on_click=lobby.go_on,
            args=(state, room),
        )
        with st.popover("Join the room", icon=":material/qr_code_2:"):
            lobby.invitation(state, room)
        lobby.close_button(state, room)


def _answers(room: Room) -> None:
    n_pupils = len(room.pupils)
    share = room.n_answers / n_pupils if n_pupils else 0.0
    st.progress(share, f"**{room.n_answers}** of {count(n_pupils, 'pupil')} have answered")
