"""The map of the library: songs that are alike to the network lie near one another."""

import hashlib

import numpy as np
import streamlit as st

from genre_core.library.playlists import like
from genre_core.library.store import LibraryStore
from genre_core.plots.library.library_map import library_map_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.genre_chip import legend
from genre_core.ui.pages.library import cached
from genre_core.ui.pages.library.one_song import N_NEAREST
from genre_core.ui.pages.library.song_list import song_list
from genre_core.ui.pages.library.state import LibraryState
from genre_core.ui.words import count, percent

_MOST_LISTED = 200
# Zoom by buttons: a wheel or finger over the map scrolls the page until "Pan" is chosen.
_MAP_CONFIG = CHART_CONFIG | {
    "displayModeBar": True,
    "displaylogo": False,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "pan2d", "resetScale2d"]],
}


def song_map(state: LibraryState, store: LibraryStore, version: str) -> None:
    """Show the map of the songs wanted, and a list of them; a click or a choice opens a song."""
    view = state.view
    st.header("Map of the songs", anchor=False)
    everything = cached.places(version, store)
    songs = cached.map_songs(version, store, view.songs)
    if everything is None or songs is None:
        st.info("A map needs at least three songs of one network.", icon=":material/map:")
        return
    if len(songs.ids) == 0:
        st.info("No song fits. Take back a filter or change the search.", icon=":material/search:")
        return
    st.caption(
        f"Each of {count(len(songs.ids), 'song')} is a dot in the colour of its genre. Songs near "
        "one another sound alike to the network. A flat map shows only a part of how they differ: "
        f"{percent(everything.explained_variance, 0)}. Click a dot, or choose a song from the "
        "list: it opens on “Analyse a song” if its file is at hand, else below. A star marks it, "
        "rings mark its nearest songs."
    )
    ringed = []
    if view.song and view.song in everything.embeddings.ids:
        nearest = like(everything.embeddings, view.song, N_NEAREST + 1)
        ringed = [each.index for each in nearest[1:]]
    digest = hashlib.blake2b(f"{version} {view.songs}".encode("utf-8", "replace"), digest_size=8)
    key = f"library_map_{digest.hexdigest()}"

    def clicked() -> None:
        chosen = []
        for point in st.session_state[key]["selection"]["points"]:
            row = point.get("customdata")
            if isinstance(row, list):
                row = row[0] if row else None
            if row is not None:
                chosen.append(int(songs.ids[int(row)]))
        if len(chosen) == 1:
            state.open_at_once(chosen[0])
        elif chosen:  # several by the shift key: the last one is shown
            state.change(song=chosen[-1])

    with st.container(key="library_map"):
        st.plotly_chart(
            library_map_figure(songs, view.song, ringed),
            config=_MAP_CONFIG,
            key=key,
            on_select=clicked,
            selection_mode="points",
            alt=_in_words(songs.genres),
        )
    legend(tuple(str(genre) for genre in np.unique(songs.genres)))
    listed = store.songs(view.songs, sort=view.sort, descending=view.descending, limit=_MOST_LISTED)
    song_list(state, listed, state.open_at_once)
    if len(songs.ids) > _MOST_LISTED:
        st.caption(
            f"The list has the first {_MOST_LISTED} of {len(songs.ids):,} songs: search above for "
            "others."
        )


def _in_words(genres: np.ndarray) -> str:
    names, counts = np.unique(genres, return_counts=True)
    listed = ", ".join(f"{n:,} {name}" for name, n in zip(names, counts, strict=True))
    return f"Map of {len(genres):,} songs: {listed}. A list follows."
