"""The sound of test sets of one's own, while it is at hand: few sets, not large, not for long."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from genre_core.datasets.uploads import OwnSong, OwnTestSet
from genre_core.errors import DatasetError
from genre_core.ui.services.slots import TTL

MAX_SET_BYTES = 64 * 2**20  # of its songs as they were uploaded
_MAX_SETS = 8


@dataclass(eq=False)
class _Shelf:
    songs: Mapping[str, OwnSong] = field(default_factory=dict)


def keep_songs(key: str, test_set: OwnTestSet) -> None:
    """Keep the songs of a test set, unless they are too large; the oldest set makes room.

    `key` is a secret of the session, which others cannot guess.
    """
    if sum(song.n_bytes for song in test_set.songs) <= MAX_SET_BYTES:
        _shelf(key).songs = {song.name: song for song in test_set.songs}


def song_at_hand(key: str, name: str) -> bytes | None:
    """Return the file of a song, or None if it is not at hand any more."""
    song = _shelf(key).songs.get(name) if key else None
    try:
        return song.read() if song else None
    except (DatasetError, ValueError):  # the upload is closed
        return None


def forget() -> None:
    """Let all sets go."""
    _shelf.clear()


@st.cache_resource(max_entries=_MAX_SETS, ttl=TTL, show_spinner=False)
def _shelf(key: str) -> _Shelf:
    return _Shelf()
