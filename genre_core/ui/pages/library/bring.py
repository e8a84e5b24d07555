"""The three ways to a library: drop songs, choose a store of this computer, upload a store."""

import streamlit as st

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.errors import GenreError
from genre_core.library.dropped import MAX_SONGS, DroppedSong
from genre_core.ui import services, uploads
from genre_core.ui.components.dropped_files import within_limits
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.library.sources import DROPPED, FOLDERS_VARIABLE, SUFFIX, Source
from genre_core.ui.pages.library.state import LibraryState

_MAX_STORE_MB = 200


def drop_input(state: LibraryState) -> None:
    """Show the drop zone for several songs, and its limits."""
    key = f"library_songs_{state.n_taken}"
    st.file_uploader(
        "Drop several songs here",
        type=[extension.lstrip(".") for extension in SUPPORTED_EXTENSIONS],
        accept_multiple_files=True,
        key=key,
        on_change=_take_songs,
        args=(state, key),
    )
    st.caption(
        f"Up to {MAX_SONGS} songs at once, 200 MB each. They are sent only to the computer that "
        "runs this app, and stay in memory until you close the page. Their scores lie in a "
        "temporary file until then."
    )


def store_choice(state: LibraryState, offered: dict[str, Source]) -> None:
    """Show the libraries to choose from, where there are several."""
    if len(offered) < 2:
        return
    shown = state.view.store
    key = f"library_store_{state.n_taken}_{list(offered).index(shown)}"

    def chosen() -> None:
        # When its popover closes, the control may report the library that it has shown.
        if st.session_state[key] != shown:
            state.show(st.session_state[key])

    st.selectbox(
        "Library",
        list(offered),
        index=list(offered).index(shown),
        format_func=lambda name: tidy(offered[name].label),
        key=key,
        on_change=chosen,
    )


def store_upload(state: LibraryState) -> None:
    """Let a store be uploaded."""
    key = f"library_upload_{state.n_taken}"
    st.file_uploader(
        "Open a store",
        type=[SUFFIX.lstrip(".")],
        key=key,
        max_upload_size=_MAX_STORE_MB,
        on_change=_take_store,
        args=(state, key),
    )
    st.caption(
        f"The file that a scan has made (see below): at most {_MAX_STORE_MB} MB, which is about "
        "150,000 songs. It holds no sound. The copy here is deleted when you close the page."
    )
    if state.error:
        st.error(as_markdown(state.error), icon=":material/error:")


def how_to_scan() -> None:
    """Say how a folder of any size becomes a store, and where the page looks for it."""
    st.markdown("Folders of any size are scanned once, on the command line:")
    st.code(
        "python -m genre_core library scan ~/Music --store home.db",
        language="bash",
        wrap_lines=True,
    )
    st.caption(
        f"The environment variable {FOLDERS_VARIABLE} names folders whose stores are offered here; "
        "songs that lie below them can be opened and heard. docs/library.md says more."
    )


def _take_songs(state: LibraryState, key: str) -> None:
    files = uploads.arrived(key)
    if files:
        state.n_taken += 1
        take_songs(state, [DroppedSong(tidy(f.name, 200), uploads.take(f)) for f in files])


def take_songs(state: LibraryState, songs: list[DroppedSong]) -> None:
    """Begin to analyse songs, and show them; those over the limits are left out, with a word."""
    dropped = state.dropped
    sizes = [(song.name, len(song.data)) for song in songs]
    places, dropped.left_out = within_limits(sizes, dropped.n_bytes)
    if not places:
        return
    try:
        dropped.start([songs[place] for place in places], services.recognizer())
    except (GenreError, OSError) as error:
        dropped.left_out = (str(error),)
    else:
        state.show_taken(DROPPED)


def _take_store(state: LibraryState, key: str) -> None:
    for file in uploads.arrived(key):
        state.take_store(tidy(file.name), uploads.take(file))
