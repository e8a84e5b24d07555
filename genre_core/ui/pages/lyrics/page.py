"""The page "Lyrics": what the words say of a song's genre, and of songs over seventy years."""

import streamlit as st

from genre_core.errors import GenreError
from genre_core.ui.components import style
from genre_core.ui.components.choice import choice
from genre_core.ui.components.link_notes import show_link_notes
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.lyrics import style as lyrics_style
from genre_core.ui.pages.lyrics.link import PARTS
from genre_core.ui.pages.lyrics.one_song import one_song
from genre_core.ui.pages.lyrics.over_years import over_years
from genre_core.ui.pages.lyrics.quality import quality
from genre_core.ui.pages.lyrics.state import LyricsState
from genre_core.ui.pages.lyrics.typical import typical

_SHOW = {"song": one_song, "years": over_years, "typical": typical, "quality": quality}
_KEY = "lyrics_part"


def page() -> None:
    """Show the page."""
    style.apply()
    lyrics_style.apply()
    state = LyricsState.current()
    state.follow_link()
    state.write_link()
    st.title("Lyrics", anchor=False)
    st.html(
        '<p class="gr-lead">What the words alone say of a song’s genre, and how length, '
        "vocabulary and sentiment of lyrics changed over seventy years.</p>"
    )
    show_link_notes(state.notes)
    choice("What to show", PARTS, state.view.part, _KEY, lambda part: state.change(part=part))
    try:
        _SHOW[state.view.part](state)
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
