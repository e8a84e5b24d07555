"""What a newcomer sees: what this is, in three steps, and a song one click away."""

import streamlit as st

from genre_core.ui.pages.analyse import guess_first, song_input
from genre_core.ui.session import Session
from genre_core.ui.words import PRIVACY

_STEPS = (
    "Choose a song.",
    "See the scores of each piece of it.",
    "Change the settings, and see how the verdict changes.",
)


def first_view(session: Session) -> None:
    """Show the explanation, the inputs and the demo songs."""
    if session.view.guess:
        guess_first.first_view(session)
        return
    st.title("Which genre is this song?", anchor=False)
    st.markdown(
        "A neural network gets a song in frames of half a minute. It gives each frame a score for "
        "every genre; the average of the scores is the verdict. You can see and hear every step."
    )
    with st.container(key="first_steps"):
        st.markdown("\n".join(f"{number}. {step}" for number, step in enumerate(_STEPS, 1)))
    song_input.quick_start(session)
    st.header("Your own song", anchor=False)
    with st.grid(2, min_column_width=300, gap="medium"):
        song_input.file_input(session)
        song_input.microphone_input(session)
    st.caption(f":material/lock: {PRIVACY}")
    st.header("Or a demo song", anchor=False)
    guess_first.switch(session)
    song_input.demo_cards(session)
