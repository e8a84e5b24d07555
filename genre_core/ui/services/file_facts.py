"""What a song's file says of itself: tags and cover."""

import io
from dataclasses import dataclass

import streamlit as st

from genre_core.library.cover import read_cover
from genre_core.library.songs import SongTags
from genre_core.library.tags import read_tags
from genre_core.ui.services.slots import TTL
from genre_core.ui.songs import Song

_MAX_FACTS = 64  # some 15 kB each


@dataclass(frozen=True)
class FileFacts:
    """Anybody's text, to be escaped wherever it is shown; `cover` is a small JPEG that we drew."""

    tags: SongTags
    cover: bytes | None


def file_facts(song: Song) -> FileFacts:
    """Return what a file says; empty where nothing can be read."""
    return _file_facts(song.digest, song.data)


@st.cache_data(max_entries=_MAX_FACTS, ttl=TTL, show_spinner=False)
def _file_facts(digest: str, _data: bytes) -> FileFacts:
    return FileFacts(read_tags(io.BytesIO(_data)), read_cover(io.BytesIO(_data)))
