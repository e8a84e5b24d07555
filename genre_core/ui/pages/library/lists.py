"""Playlists and exports, as downloads."""

from functools import partial

import pandas as pd
import streamlit as st

from genre_core.errors import LibraryError
from genre_core.library.export import export_bytes
from genre_core.library.playlists import DEFAULT_LENGTH, like, m3u8, path_between, songs_of
from genre_core.library.query import SongFilter
from genre_core.library.songs import LibrarySong
from genre_core.library.store import LibraryStore
from genre_core.plots.time_axis import clock
from genre_core.ui.components.text import as_markdown, file_stem, tidy
from genre_core.ui.pages.library import cached
from genre_core.ui.pages.library.sources import Source
from genre_core.ui.pages.library.state import LibraryState
from genre_core.ui.words import count

_KINDS = {"genre": "Of a genre", "like": "Like one song", "path": "From one song to another"}
_MOST_FOUND = 30  # songs offered by a search
# Larger ones are for the command line: a download is made in the server's memory.
_MOST_SONGS = {"csv": 200_000, "parquet": 200_000, "jsonl": 20_000, "beets": 200_000}
_NAMES = {"csv": "Table (CSV)", "parquet": "Table (Parquet)", "jsonl": "All scores (JSON lines)",
          "beets": "Commands for beets"}  # fmt: skip
_MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet",
         "jsonl": "application/jsonl", "beets": "text/x-shellscript"}  # fmt: skip
_SUFFIXES = {"beets": "sh"}


def lists(
    state: LibraryState, source: Source, store: LibraryStore, genres: tuple[str, ...], n_songs: int
) -> None:
    """Show the playlists, and the files of the songs wanted."""
    st.header("Playlists", anchor=False)
    st.caption(
        "Nearly every player reads these files (M3U8). A playlist like one song, or from one song "
        "to another, goes by what sounds alike to the network."
    )
    _playlist(state, source, store, genres)
    st.header("Files", anchor=False)
    st.caption(f"Of the songs chosen above: {count(n_songs, 'song')}.")
    _exports(state, source, n_songs)


def _playlist(
    state: LibraryState, source: Source, store: LibraryStore, genres: tuple[str, ...]
) -> None:
    kind = st.segmented_control(
        "Kind of playlist",
        list(_KINDS),
        format_func=_KINDS.__getitem__,
        default="genre",
        required=True,
        key="library_list_kind",
        label_visibility="collapsed",
    )
    length = st.slider("Songs", 2, 200, DEFAULT_LENGTH, key="library_list_length")
    try:
        if kind == "genre":
            songs, name = _of_genre(state, store, genres, length)
        else:
            songs, name = _through_the_map(state, source, store, kind, length)
    except LibraryError as error:
        st.warning(as_markdown(str(error)), icon=":material/info:")
        return
    if not songs:
        return
    seconds = sum(song.duration_seconds for song in songs)
    st.dataframe(
        pd.DataFrame(
            {
                "Song": [tidy(song.label, 80) for song in songs],
                "Genre": [song.genre for song in songs],
                "Sure": [100 * song.confidence for song in songs],
                "Length": [clock(song.duration_seconds) for song in songs],
            },
            index=pd.RangeIndex(1, len(songs) + 1),
        ),
        height="content" if len(songs) <= 10 else 388,
        column_config={
            "Song": st.column_config.TextColumn(width=320),
            "Sure": st.column_config.NumberColumn(format="%.0f %%"),
        },
        key="library_list_songs",
        alt="The songs of the playlist, in their order.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "Playlist (M3U8)",
            partial(m3u8, songs),
            file_name=f"{file_stem(name)}.m3u8",
            mime="application/vnd.apple.mpegurl",
            icon=":material/queue_music:",
            type="primary",
            on_click="ignore",
            key="library_list_download",
        )
        st.caption(f"{count(len(songs), 'song')}, {clock(seconds)}. {_paths(source)}")


def _paths(source: Source) -> str:
    if source.kind == "dropped":
        return "It names files without a folder: put it beside them."
    return "Its paths are those of the computer that scanned the library."


def _of_genre(
    state: LibraryState, store: LibraryStore, genres: tuple[str, ...], length: int
) -> tuple[list[LibrarySong], str]:
    chosen = state.view.genres[0] if state.view.genres else genres[0]
    genre = st.selectbox("Genre", genres, index=genres.index(chosen), key="library_list_genre")
    wanted = SongFilter(genres=(genre,), unlike_training=False)
    songs = store.songs(wanted, sort="confidence", descending=True, limit=length)
    if not songs:
        st.info(f"No song is named {as_markdown(genre)}.", icon=":material/info:")
    return songs, genre


def _through_the_map(
    state: LibraryState, source: Source, store: LibraryStore, kind: str, length: int
) -> tuple[list[LibrarySong], str]:
    first = _one_song(store, "Song" if kind == "like" else "First song", "first", state.view.song)
    last = _one_song(store, "Last song", "last", 0) if kind == "path" else None
    if first is None or (kind == "path" and last is None):
        return [], ""
    places = cached.places(source.version(), store)
    if places is None:
        raise LibraryError("There are too few songs for this: at least three are needed.")
    if last is None:
        ids = [each.index for each in like(places.embeddings, first.id, length)]
        return songs_of(store, ids), f"like {first.label}"
    ids = path_between(places.embeddings, first.id, last.id, length)
    return songs_of(store, ids), f"{first.label} to {last.label}"


def _one_song(store: LibraryStore, title: str, name: str, open_song: int) -> LibrarySong | None:
    """Let a song be searched and chosen; the open song is offered first."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            f"Find the {title.lower()}", key=f"library_find_{name}", max_chars=200, width=260,
            placeholder="artist, title, album or path",
        )  # fmt: skip
        songs = store.songs(SongFilter(text=text), sort="artist", limit=_MOST_FOUND)
        shown = store.song(open_song) if open_song and not text else None
        if shown is not None:
            songs = [shown, *(song for song in songs if song.id != shown.id)]
        by_id = {song.id: song for song in songs}
        if not by_id:
            st.caption("No song fits.")
            return None
        chosen = st.selectbox(
            title,
            list(by_id),
            format_func=lambda key: f"{tidy(by_id[key].label, 60)} ({by_id[key].genre})",
            key=f"library_{name}_song",
            width=380,
        )
    return by_id[chosen]


def _exports(state: LibraryState, source: Source, n_songs: int) -> None:
    stem = file_stem(source.label)
    too_many = []
    with st.container(horizontal=True, gap="small"):
        for form, name in _NAMES.items():
            if form == "beets" and source.kind == "dropped":
                continue
            is_too_large = n_songs > _MOST_SONGS[form]
            if is_too_large:
                too_many.append(f"{name}: {_MOST_SONGS[form]:,}")
            st.download_button(
                name,
                partial(_export, source, form, state.view.songs),
                file_name=f"{stem}.{_SUFFIXES.get(form, form)}",
                mime=_MIME[form],
                icon=":material/download:",
                on_click="ignore",
                disabled=is_too_large or n_songs == 0,
                key=f"library_export_{form}",
            )
        if source.kind == "dropped":
            st.download_button(
                "Store (SQLite)",
                partial(_whole_store, source),
                file_name="my-songs.db",
                mime="application/vnd.sqlite3",
                icon=":material/database:",
                on_click="ignore",
                key="library_export_store",
            )
            st.caption("The store opens again on this page, in another session too.")
    if too_many:
        st.caption(
            f"Songs at most, of {'; '.join(too_many)}. Filter, or use `python -m genre_core "
            "library export` for more."
        )


def _export(source: Source, form: str, wanted: SongFilter) -> bytes:
    with source.open() as store:
        return export_bytes(store, form, wanted)


def _whole_store(source: Source) -> bytes:
    with source.open() as store:
        return store.to_bytes()
