"""The three ways to a library: drop songs, choose a store of this computer, upload a store."""

from typing import Any

import streamlit as st

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.errors import GenreError
from genre_core.library.dropped import MAX_SONGS, DroppedSong
from genre_core.ui import services
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.library.sources import DROPPED, FOLDERS_VARIABLE, SUFFIX, Source
from genre_core.ui.pages.library.state import MAX_DROPPED_BYTES, LibraryState
from genre_core.ui.words import count

_MAX_STORE_MB = 200
_MOST_NAMED = 10  # files left out that are named


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
        "runs this app and stay in memory until you close the page; their scores lie in a "
        "temporary file of your session alone."
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
        f"A file that `library scan` has written, up to {_MAX_STORE_MB} MB (about 150,000 songs). "
        "It is checked, opened to read, and deleted with your session; it holds no sound."
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
    # The browser may send a choice once more before its empty drop zone is there.
    found: list[Any] = st.session_state.get(key) or []
    uploads = [upload for upload in found if upload.file_id not in state.taken]
    if not uploads:
        return
    state.taken |= {upload.file_id for upload in uploads}
    state.n_taken += 1
    dropped = state.dropped
    songs: list[DroppedSong] = []
    too_many, too_large = [], []
    n_bytes = dropped.n_bytes
    for upload in uploads:
        if len(songs) == MAX_SONGS:
            too_many.append(upload.name)
        elif n_bytes + upload.size > MAX_DROPPED_BYTES:
            too_large.append(upload.name)
        else:
            songs.append(DroppedSong(tidy(upload.name, 200), upload.getvalue()))
            n_bytes += upload.size
    dropped.left_out = (
        *_left_out(too_many, f"{MAX_SONGS} songs at once are the limit: drop them again later"),
        *_left_out(
            too_large,
            f"{MAX_DROPPED_BYTES // 2**20:,} MB in one session are the limit: scan the folder with "
            "`library scan`",
        ),
    )
    if not songs:
        return
    try:
        dropped.start(songs, services.recognizer())
    except (GenreError, OSError) as error:
        dropped.left_out = (str(error),)
    else:
        state.show_taken(DROPPED)


def _left_out(names: list[str], why: str) -> list[str]:
    if not names:
        return []
    named = ", ".join(tidy(name, 40) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return [f"{count(len(names), 'file')} left out ({named}{more}): {why}."]


def _take_store(state: LibraryState, key: str) -> None:
    upload = st.session_state.get(key)
    if upload is not None and upload.file_id not in state.taken:
        state.taken.add(upload.file_id)
        state.take_store(tidy(upload.name), upload.getvalue())
