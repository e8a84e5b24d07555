"""What is computed from a whole library, cached for all sessions by the store's version.

The version holds the path of the store, which for a session's own store no other session knows.
"""

from dataclasses import dataclass
from html import escape

import numpy as np
import streamlit as st

from genre_core.inference.similarity import MIN_SONGS, SongSpace
from genre_core.library.query import ALL, SongFilter
from genre_core.library.store import LibraryEmbeddings, LibraryStore
from genre_core.plots.library.library_map import MapSongs
from genre_core.types import FloatArray
from genre_core.ui.components.text import tidy
from genre_core.ui.services.slots import TTL

_MAX_LIBRARIES = 4  # 26 MB for 100,000 songs of 64 numbers
_MAX_MAPS = 8


@dataclass(frozen=True, eq=False)
class Places:
    """Songs on a map: `places` float32 (n_songs, 2), in the order of the embeddings."""

    embeddings: LibraryEmbeddings
    places: FloatArray
    explained_variance: float


def places(version: str, store: LibraryStore) -> Places | None:
    """Return all songs of the last scan's network on a map; None if they are too few."""
    return _places(version, store)


def map_songs(version: str, store: LibraryStore, wanted: SongFilter) -> MapSongs | None:
    """Return the songs wanted as a map has them; None if there are too few for a map."""
    return _map_songs(version, wanted, store)


def years(version: str, store: LibraryStore, wanted: SongFilter = ALL) -> dict[int, dict[str, int]]:
    """Return the number of songs by year and genre."""
    return _years(version, wanted, store)


@st.cache_resource(max_entries=_MAX_LIBRARIES, ttl=TTL, show_spinner=False)
def _places(version: str, _store: LibraryStore) -> Places | None:
    embeddings = _store.embeddings()
    n_songs, width = embeddings.points.shape
    if n_songs < MIN_SONGS or width < 2:
        return None
    space = SongSpace(embeddings.points)
    return Places(embeddings, space.places, space.explained_variance)


@st.cache_resource(max_entries=_MAX_MAPS, ttl=TTL, show_spinner=False)
def _map_songs(version: str, wanted: SongFilter, _store: LibraryStore) -> MapSongs | None:
    known = places(version, _store)
    if known is None:
        return None
    names = {name.id: name for name in _store.names(wanted)}
    rows = [row for row, key in enumerate(known.embeddings.ids.tolist()) if key in names]
    ids = known.embeddings.ids[rows]
    chosen = [names[key] for key in ids.tolist()]
    return MapSongs(
        ids,
        known.places[rows],
        np.array([name.genre for name in chosen], dtype=np.str_),
        np.array([escape(tidy(name.label)) for name in chosen], dtype=np.str_),
    )


@st.cache_data(max_entries=_MAX_MAPS, ttl=TTL, show_spinner=False)
def _years(version: str, wanted: SongFilter, _store: LibraryStore) -> dict[int, dict[str, int]]:
    return _store.genre_counts_by_year(wanted)
