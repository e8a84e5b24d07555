"""Ways to give the words of a song: paste them, drop a file, choose an example."""

from collections.abc import Callable

import streamlit as st

from genre_core.errors import GenreError, LyricsError
from genre_core.lyrics import bundled
from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.reading import TEXT_SUFFIXES, parse_any, parse_bytes
from genre_core.lyrics.tags import SONG_SUFFIXES, lyrics_in_song
from genre_core.lyrics.text import Lyrics
from genre_core.ui import uploads
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.lyrics.state import LyricsState

_TEXT, _FILE, _EXAMPLE, _ERROR = "lyrics_text", "lyrics_file", "lyrics_example", "lyrics_error"
_PLACEHOLDER = "Paste the lyrics of a song, a line a line."


def text_input(state: LyricsState) -> None:
    """Show the three ways in; a new text is given to `state`."""
    st.text_area(
        "Lyrics",
        key=_TEXT,
        height=170,
        placeholder=_PLACEHOLDER,
        on_change=lambda: _paste(state),
        help="Plain text, or timed text as .lrc has it. Ctrl+Enter reads it. It is used for this "
        "page only: nothing is stored, and no link holds it.",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Read the words", type="primary", key="lyrics_read", on_click=lambda: _paste(state)
        )
        with st.popover("A file instead", icon=":material/upload_file:"):
            st.file_uploader(
                "A text, a .lrc or .srt file, or a song that carries its lyrics",
                type=[suffix[1:] for suffix in (*TEXT_SUFFIXES, *SONG_SUFFIXES)],
                key=_FILE,
                on_change=lambda: _drop(state),
            )
    examples = {example.name: example for example in bundled.examples()}
    st.session_state[_EXAMPLE] = state.view.example or None
    st.pills(
        "Or a text written for this page",
        list(examples),
        format_func=lambda name: (
            f"{examples[name].title} ({genre_name(examples[name].genre)})"
            if name in examples
            else name
        ),
        key=_EXAMPLE,
        on_change=lambda: _example(state),
    )
    message = st.session_state.pop(_ERROR, "")
    if message:
        st.error(as_markdown(message), icon=":material/error:")


def chosen(state: LyricsState) -> tuple[Lyrics, str] | None:
    """Return the words to show and their name; None before anything was given."""
    if state.own is not None:
        return state.own, state.own_name
    if not state.view.example:
        return None
    for example in bundled.examples():
        if example.name == state.view.example:
            return parse_any(example.text, example.title), example.title
    st.warning(
        f"There is no example “{as_markdown(state.view.example, 60)}”.", icon=":material/link:"
    )
    return None


def _paste(state: LyricsState) -> None:
    text = str(st.session_state.get(_TEXT) or "")
    if text.strip():
        _take(state, "Your text", lambda: parse_any(text, "The text"))


def _drop(state: LyricsState) -> None:
    file = next(iter(uploads.arrived(_FILE)), None)
    if file is None:
        return
    name, data = tidy(file.name), uploads.take(file)

    def read() -> Lyrics:
        if not name.lower().endswith(SONG_SUFFIXES):
            return parse_bytes(data, name)
        lyrics = lyrics_in_song(data, name)
        if lyrics is None:
            raise LyricsError(
                f"{name}: carries no lyrics in its tags. Paste them, or give a .txt, .lrc or .srt "
                "file."
            )
        return lyrics

    _take(state, name, read)


def _example(state: LyricsState) -> None:
    state.choose_example(st.session_state.get(_EXAMPLE) or "")


def _take(state: LyricsState, name: str, read: Callable[[], Lyrics]) -> None:
    """Give new words to the page, or keep the reason why there are none."""
    try:
        state.give(read(), name)
    except GenreError as error:
        st.session_state[_ERROR] = str(error)
