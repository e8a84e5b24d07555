"""Guess first: the listener chooses a genre, and only then does the page say anything."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.inference.analysis import SongAnalysis
from genre_core.types import Verdict
from genre_core.ui import guess
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.pages.analyse import over_time, song_input
from genre_core.ui.session import Session
from genre_core.ui.songs import Song, demo_songs
from genre_core.ui.words import NAME, PRIVACY

NO_IDEA = "No idea"
_SWITCH = "guess_switch"


def switch(state: Session) -> None:
    """Show the switch."""
    st.session_state[_SWITCH] = state.view.guess
    st.toggle(
        "Guess first",
        key=_SWITCH,
        on_change=lambda: state.set_guess_first(st.session_state[_SWITCH]),
        help="Hides what the network says, and the names of the songs, until you have chosen.",
    )


def show_title(place: DeltaGenerator, song: Song) -> None:
    """Show a heading that does not name the song."""
    st.set_page_config(page_title=f"Guess · {NAME}")
    demos = demo_songs()
    name = f"Demo song {guess.number_of(song.demo, demos)}" if song.demo in demos else "A song"
    place.html(
        f'<p class="gr-soft">Guess first</p><h1 class="gr-song">{name}: which genre is it?</h1>'
    )


def ask(state: Session, song: Song, analysis: SongAnalysis, place: DeltaGenerator) -> None:
    """Ask for the genre where the verdict will be, and let the song be heard."""
    key = f"guess_{song.digest}"

    def choose() -> None:
        chosen = st.session_state[key]
        state.guess(song, None if chosen == NO_IDEA else chosen)

    with place.container(key="guess_box", gap="xsmall"):
        st.markdown("Listen to the song, then choose. The network has already chosen.")
        st.pills(
            "Your guess",
            [*analysis.model.genres, NO_IDEA],
            key=key,
            on_change=choose,
        )
    over_time.unscored(song, analysis)


def show_guess(state: Session, song: Song, verdict: Verdict) -> None:
    """Show the guess beside the verdict, and what a demo song was written as."""
    if state.guessed is None or state.guessed.digest != song.digest:
        return
    said = state.guessed.genre
    yours = chip_html(said) if said else "nothing"
    parts = [f"You said {yours}", f"the network says {chip_html(verdict.genre)}"]
    demo = demo_songs().get(song.demo) if song.demo else None
    if demo is not None:
        written = " and ".join(chip_html(genre) for genre in demo.genres)
        parts.append(f"the song was written as {written}")
    st.html(f'<p class="gr-guess" role="status">{"; ".join(parts)}.</p>')


def demo_buttons(state: Session, key: str) -> None:
    """Show the demo songs by numbers alone, one click each; `key` begins the buttons' keys."""
    demos = demo_songs()
    with st.container(horizontal=True, gap="xsmall", key=f"{key}_songs"):
        for number, name in enumerate(guess.shuffled(demos), 1):
            st.button(
                f"Song {number}",
                key=f"{key}_{number}",
                on_click=lambda demo=demos[name]: state.take(demo.load()),
                disabled=state.view.demo == name,
            )


def first_view(state: Session) -> None:
    """Show the inputs, and the demo songs without a word of theirs."""
    st.title("Guess the genre first", anchor=False)
    st.markdown("You hear a song and choose a genre. Then you see what the network chose, and why.")
    switch(state)
    st.header("A demo song", anchor=False)
    st.caption("The songs have numbers here: their titles would tell.")
    demo_buttons(state, "guess_demo")
    st.header("Your own song", anchor=False)
    with st.grid(2, min_column_width=300, gap="medium"):
        song_input.file_input(state)
        song_input.microphone_input(state)
    st.caption(f":material/lock: {PRIVACY}")
