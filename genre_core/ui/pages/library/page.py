"""The page "Library": many songs at once, and what a whole collection is like."""

from dataclasses import replace

import streamlit as st

from genre_core.errors import GenreError
from genre_core.library.dropped import DroppedSong
from genre_core.library.store import LibraryStore
from genre_core.ui.components import style as app_style
from genre_core.ui.components.choice import choice
from genre_core.ui.components.link_notes import show_link_notes
from genre_core.ui.components.text import as_html, as_markdown, tidy
from genre_core.ui.pages.library import bring, cached, style
from genre_core.ui.pages.library.filters import filters
from genre_core.ui.pages.library.genres import genres
from genre_core.ui.pages.library.link import PARTS
from genre_core.ui.pages.library.lists import lists
from genre_core.ui.pages.library.one_song import OpenSong, one_song, open_asked
from genre_core.ui.pages.library.queue import queue
from genre_core.ui.pages.library.song_map import song_map
from genre_core.ui.pages.library.sources import Source
from genre_core.ui.pages.library.state import LibraryState
from genre_core.ui.pages.library.table import table
from genre_core.ui.songs import Song
from genre_core.ui.words import count

_MOST_FAILURES = 200


def page(open_song: OpenSong, songs: tuple[Song, ...] = ()) -> None:
    """Show the page.

    Parameters
    ----------
    open_song : turns to the page that analyses the session's song
    songs : to analyse now
    """
    app_style.apply()
    style.apply()
    state = LibraryState.current()
    if songs:
        bring.take_songs(state, [DroppedSong(tidy(each.name, 200), each.data) for each in songs])
    state.follow_link()
    offered = state.offered()
    source = _settle(state, offered)
    show_link_notes(state.notes)
    if source is None:
        _first_view(state)
        queue(state)
        return
    _heading(state, source, offered)
    queue(state)
    try:
        with source.open() as store:
            _library(state, source, store, open_song)
    except GenreError as error:
        reason = str(error).replace(str(source.path), f"“{source.label}”")
        st.error(as_markdown(reason), icon=":material/error:")


def _settle(state: LibraryState, offered: dict[str, Source]) -> Source | None:
    """Fit the view to the libraries that are there, write the URL, return the one to show."""
    asked = state.view.store
    if asked and asked not in offered:
        state.notes = (*state.notes, f"The link asks for the library “{asked}”. There is none.")
    if asked not in offered:
        state.view = replace(state.view, store=next(iter(offered), ""))
    state.write_link()
    return offered.get(state.view.store)


def _first_view(state: LibraryState) -> None:
    st.title("What is in your whole library?", anchor=False)
    st.html(
        '<p class="gr-lead">Drop an album or a folder of songs, or open a library that was scanned '
        "before: a table, a map, the genres over the years, and playlists.</p>"
    )
    with st.grid(2, min_column_width=300, gap="medium"):
        with st.container():
            st.header("A few songs", anchor=False)
            bring.drop_input(state)
        with st.container():
            st.header("A whole library", anchor=False)
            bring.store_upload(state)
    bring.how_to_scan()


def _heading(state: LibraryState, source: Source, offered: dict[str, Source]) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.html(f'<p class="gr-soft">Library</p><h1 class="gr-song">{as_html(source.label)}</h1>')
        # A new key closes it when something was taken.
        key = f"library_other_{state.n_taken}"
        with st.popover("Another library", icon=":material/library_music:", key=key):
            bring.store_choice(state, offered)
            bring.drop_input(state)
            bring.store_upload(state)
            bring.how_to_scan()
    if state.error:
        st.error(as_markdown(state.error), icon=":material/error:")


def _library(state: LibraryState, source: Source, store: LibraryStore, open_song: OpenSong) -> None:
    model, n_all = store.model(), store.count()
    if model is None or n_all == 0:
        if not state.dropped.is_running:
            st.info("There is no song in this library yet.", icon=":material/library_music:")
        return
    open_asked(state, source, store, open_song)
    _facts(source, store, n_all)
    version = source.version()
    by_year = cached.years(version, store)
    found = tuple(sorted(store.genre_counts()))
    unknown = set(state.view.genres) - set(found)
    if unknown:
        state.choose(genres=tuple(name for name in state.view.genres if name in found))
    filters(state, found, (min(by_year), max(by_year)) if by_year else None)
    choice(
        "Part of the page",
        PARTS,
        state.view.part,
        "library_part",
        lambda part: state.change(part=part),
    )
    n_songs = store.count(state.view.songs)
    match state.view.part:
        case "songs":
            table(state, store, n_songs, version)
            one_song(state, source, store, open_song)
        case "genres":
            genres(state, store, version)
        case "map":
            song_map(state, store, version)
            one_song(state, source, store, open_song)
        case "lists":
            lists(state, source, store, found, n_songs)


def _facts(source: Source, store: LibraryStore, n_songs: int) -> None:
    model, n_failed, n_outdated = store.model(), store.n_failures(), store.n_outdated()
    parts = [count(n_songs, "song")]
    if model is not None:
        parts.append(
            f"scores by {as_markdown(model.name, 60)}, frames of {model.frame_seconds:g} s"
        )
    st.caption("; ".join(parts) + ".")
    if n_outdated:
        st.warning(
            f"{count(n_outdated, 'song')} of them scored by another network, or in frames of "
            "another length. The map and the nearest songs leave them out. "
            f"{'Drop' if source.kind == 'dropped' else 'Scan'} them again to compare all.",
            icon=":material/sync_problem:",
        )
    if n_failed:
        with st.expander(f"Files that cannot be read ({n_failed:,})", icon=":material/info:"):
            failures = store.failures(limit=_MOST_FAILURES)
            st.markdown(
                "\n".join(
                    f"- {as_markdown(failure.path, 120)}: {as_markdown(failure.error)}"
                    for failure in failures
                )
            )
            if n_failed > len(failures):
                st.caption(f"{n_failed - len(failures):,} more are in the store.")
