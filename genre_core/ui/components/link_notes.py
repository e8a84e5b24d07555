"""What of a page's URL could not be followed."""

from collections.abc import Iterable

import streamlit as st

from genre_core.ui.components.text import as_markdown


def show_link_notes(notes: Iterable[str]) -> None:
    """Show a warning for each note; notes are unescaped."""
    for note in notes:
        st.warning(as_markdown(note), icon=":material/link:")
