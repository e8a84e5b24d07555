"""Several songs dropped at once: the first is analysed here, all of them in the library."""

import streamlit as st

from genre_core.ui.components.text import as_markdown
from genre_core.ui.session import Session


def show_several(session: Session) -> None:
    """Offer the library for the songs that were dropped together; nothing for one song."""
    for sentence in session.left_out:
        st.warning(as_markdown(sentence), icon=":material/info:")
    n_songs = len(session.several)
    if not n_songs:
        return
    with st.container(border=True, key="several_songs", gap="small"):
        st.markdown(f"You dropped {n_songs} songs. Here you see the first of them.")
        with st.container(horizontal=True, gap="small"):
            st.button(
                f"Open all {n_songs} in the Library",
                key="several_open",
                type="primary",
                icon=":material/library_music:",
                on_click=session.open_in_library,
            )
            st.button("Only this one", key="several_forget", on_click=session.forget_several)
