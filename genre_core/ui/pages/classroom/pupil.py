"""A pupil's side of a room: made for a phone."""

import streamlit as st

from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.classroom import lobby, reveal
from genre_core.ui.pages.classroom.state import ClassState
from genre_core.ui.rooms import room as rules
from genre_core.ui.rooms.room import Room
from genre_core.ui.rooms.tally import tally
from genre_core.ui.words import count

NO_IDEA = "No idea"


def show(state: ClassState, room: Room) -> None:
    """Show what the class is at."""
    token = state.view.me
    if room.stage == "lobby":
        st.title("You are in", anchor=False)
        st.markdown("Wait for the first song. This page goes on by itself.")
    else:
        st.title(f"Song {room.place + 1} of {len(room.songs)}", anchor=False)
        if room.on_phones:
            name = f"Song {room.place + 1}, without its name"
            st.audio(room.song.data, format=room.song.mime, alt=name)
        if room.stage == "guess":
            _guess(state, room)
        else:
            st.html(f"<p>{_yours_html(room, token)}</p>")
            reveal.show(room)
    st.caption(
        "If you lose this page, open its address again: it is yours alone and brings you back."
    )


def _guess(state: ClassState, room: Room) -> None:
    place, token = room.place, state.view.me
    guesses = room.pupils[token].guesses
    chosen = (guesses[place] or NO_IDEA) if place in guesses else None

    def choose(option: str) -> None:
        said = None if option == NO_IDEA else option
        lobby.change(state, room.code, lambda now: rules.guess(now, token, place, said))

    with st.container(key="class_choices"), st.grid(2, min_column_width=120, gap="small"):
        for option in (*room.genres, NO_IDEA):
            st.button(
                option,
                key=f"class_guess_{place}_{option}",
                type="primary" if option == chosen else "secondary",
                width="stretch",
                on_click=choose,
                args=(option,),
            )
    st.markdown(
        f"You said **{as_markdown(chosen)}**. You can change it until your teacher goes on."
        if chosen
        else "Which genre is it?"
    )


def _yours_html(room: Room, token: str) -> str:
    guesses = room.pupils[token].guesses
    if room.place not in guesses:
        return "You did not answer."
    said = guesses[room.place]
    return f"You said {chip_html(said)}." if said else "You had no idea."


def own_score(room: Room, token: str) -> str:
    """Return how often a pupil and the network were right, of the songs with a true genre."""
    guesses = room.pupils[token].guesses
    places = [i for i, song in enumerate(room.songs) if song.truth is not None]
    right = sum(guesses.get(i) == room.songs[i].truth for i in places)
    network = sum(tally(room, i).network == room.songs[i].truth for i in places)
    return f"Of {count(len(places), 'song')}, you were right on {right}, the network on {network}."
