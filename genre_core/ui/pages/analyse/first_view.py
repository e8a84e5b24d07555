"""What a newcomer sees: a place for a song, what comes of it, and demo songs to hear."""

import streamlit as st

from genre_core.ui.pages.analyse import guess_first, song_input
from genre_core.ui.pages.analyse.demo_cards import demo_cards
from genre_core.ui.pages.analyse.example import example
from genre_core.ui.session import Session
from genre_core.ui.words import NAME, PRIVACY


def first_view(session: Session) -> None:
    """Show the inputs, an example and the demo songs."""
    if session.view.guess:
        guess_first.first_view(session)
        return
    with st.container(key="first_view", gap="small"):
        st.html(f'<p class="gr-soft">{NAME}</p>')
        st.title("What genre is this? Drop a song.", anchor=False)
        with st.grid(2, min_column_width=300, gap="medium"):
            song_input.file_input(session)
            with st.container(gap="xsmall"):
                example()
                song_input.quick_start(session)
    st.header("Or take a demo song", anchor=False)
    demo_cards(session)
    guess_first.switch(session)
    st.header("Or record what is playing", anchor=False)
    song_input.microphone_input(session)
    st.caption(f":material/lock: {PRIVACY}")
