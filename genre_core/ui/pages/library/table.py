"""The songs as a table, a page at a time."""

import hashlib

import pandas as pd
import streamlit as st

from genre_core.library.songs import LibrarySong
from genre_core.library.store import LibraryStore
from genre_core.plots.time_axis import clock
from genre_core.ui.components.text import tidy
from genre_core.ui.pages.library.song_list import song_list
from genre_core.ui.pages.library.state import LibraryState
from genre_core.ui.words import count

PAGE_SONGS = 50
_SORTS = {
    "artist": "artist",
    "title": "title",
    "album": "album",
    "year": "year",
    "genre": "genre by verdict",
    "genre_tag": "genre tag",
    "confidence": "confidence",
    "margin": "lead over the second genre",
    "disagreement": "disagreement",
    "duration_seconds": "length",
    "n_frames": "number of frames",
    "path": "path",
    "scanned_at": "time of the scan",
}


def table(state: LibraryState, store: LibraryStore, n_songs: int, version: str) -> None:
    """Show a page of the songs wanted; a row that is selected opens its song."""
    view = state.view
    n_pages = max(-(-n_songs // PAGE_SONGS), 1)
    page = min(view.page, n_pages)
    songs = store.songs(
        view.songs,
        sort=view.sort,
        descending=view.descending,
        offset=(page - 1) * PAGE_SONGS,
        limit=PAGE_SONGS,
    )
    _order(state)
    if not songs:
        st.info("No song fits. Take back a filter or change the search.", icon=":material/search:")
        return
    st.caption(
        f"{count(n_songs, 'song')}; {(page - 1) * PAGE_SONGS + 1:,} to "
        f"{(page - 1) * PAGE_SONGS + len(songs):,} are shown. Select a row: the song opens below."
    )
    digest = hashlib.blake2b(f"{version} {view}".encode("utf-8", "replace"), digest_size=8)
    key = f"library_table_{digest.hexdigest()}"

    def chosen() -> None:
        rows = st.session_state[key]["selection"]["rows"]
        state.change(song=songs[rows[0]].id if rows else 0)

    with st.container(key="library_table"):
        st.dataframe(
            song_table(songs, frames_of(store, songs), with_halves=view.shown == "midway"),
            hide_index=True,
            key=key,
            on_select=chosen,
            selection_mode="single-row",
            height="content" if len(songs) <= 10 else 420,
            column_config=_COLUMNS,
            alt="The songs of the library, one a row.",
        )
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    ):
        song_list(state, songs, lambda song: state.change(song=song))
        if n_pages > 1:
            st.session_state["library_page"] = page
            st.pagination(
                n_pages,
                key="library_page",
                on_change=lambda: state.change(page=st.session_state["library_page"]),
            )


def song_table(
    songs: list[LibrarySong], frames: list[list[float]], with_halves: bool = False
) -> pd.DataFrame:
    """Return a row a song; `frames` are the scores of its genre frame by frame, in percent."""
    columns: dict[str, list[object]] = {
        "Song": [tidy(song.label, 80) for song in songs],
        "Genre": [song.genre for song in songs],
        "Tag": [tidy(song.tags.genre, 40) if song.tags.genre else "" for song in songs],
        "Sure": [100 * song.confidence for song in songs],
        "Frames": list(frames),
        "Differ": [100 * song.disagreement for song in songs],
        "Year": ["" if song.tags.year is None else str(song.tags.year) for song in songs],
        "Length": [clock(song.duration_seconds) for song in songs],
        "Album": [tidy(song.tags.album, 60) if song.tags.album else "" for song in songs],
        "Path": [tidy(song.path, 160) for song in songs],
    }
    if with_halves:
        halves = [f"{song.first_half_genre} → {song.second_half_genre}" for song in songs]
        columns = {"Song": columns.pop("Song"), "Halves": list(halves), **columns}
    return pd.DataFrame(columns)


def frames_of(store: LibraryStore, songs: list[LibrarySong]) -> list[list[float]]:
    """Return for each song the score of its genre in the frames that count, in percent."""
    values: list[list[float]] = []
    for song in songs:
        readings, model = store.readings(song.id), store.model_of(song.id)
        if readings is None or model is None or song.genre not in model.genres:
            values.append([])
            continue
        column = readings.frame_scores[~readings.silent, model.genres.index(song.genre)]
        values.append((100.0 * column).round(1).tolist())
    return values


def _order(state: LibraryState) -> None:
    view = state.view
    st.session_state.update({"library_sort": view.sort, "library_down": view.descending})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            "Sort by",
            list(_SORTS),
            format_func=_SORTS.__getitem__,
            key="library_sort",
            on_change=lambda: state.choose(sort=st.session_state["library_sort"]),
            width=230,
        )
        st.toggle(
            "Descending",
            key="library_down",
            on_change=lambda: state.choose(descending=st.session_state["library_down"]),
        )


_COLUMNS = {
    "Song": st.column_config.TextColumn(width=230),
    "Genre": st.column_config.TextColumn(width=80, help="By verdict."),
    "Halves": st.column_config.TextColumn(
        "First → second half", width=150, help="The verdicts over the halves of the song."
    ),
    "Sure": st.column_config.NumberColumn(
        "Sure", format="%.0f %%", width=60, help="How sure the network is of the genre."
    ),
    "Frames": st.column_config.BarChartColumn(
        "Frame by frame",
        y_min=0.0,
        y_max=100.0,
        width=130,
        help="The score of the verdict’s genre in each frame, 0 to 100 %, over time.",
    ),
    "Differ": st.column_config.NumberColumn(
        "Differ", format="%.0f %%", width=65, help="How much of the song is called another genre."
    ),
    "Tag": st.column_config.TextColumn("Genre tag", width=100, help="What the file says."),
    "Year": st.column_config.TextColumn(width=60),
    "Length": st.column_config.TextColumn(width=70, help="Minutes and seconds."),
}
