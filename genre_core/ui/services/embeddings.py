"""The songs that come with the app as embeddings, and the embedding of the song at hand."""

from pathlib import Path

import streamlit as st

from genre_core import assets
from genre_core.evaluation.embedding_set import EmbeddingSet, read_embedding_files
from genre_core.inference.similarity import SongSpace

_MAX_EMBEDDINGS = 256


def embedding_sets() -> tuple[tuple[EmbeddingSet, SongSpace], ...]:
    """Return the songs that come with the app as embeddings, by whichever networks.

    Raises DatasetError if one of their files is damaged.
    """
    folder = assets.EMBEDDINGS_FOLDER
    changed = tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*.json")))
    return _embedding_sets(folder, changed)


def songs_embedded_by(model_sha256: str) -> tuple[EmbeddingSet, SongSpace] | None:
    """Return the songs embedded by this very network, or None; raises as `embedding_sets`."""
    return next(
        (
            (songs, space)
            for songs, space in embedding_sets()
            if songs.provenance.model_sha256 == model_sha256
        ),
        None,
    )


@st.cache_resource(max_entries=2, show_spinner=False)
def _embedding_sets(
    folder: Path, changed_ns: tuple[int, ...]
) -> tuple[tuple[EmbeddingSet, SongSpace], ...]:
    return tuple((songs, SongSpace(songs.embeddings)) for songs in read_embedding_files(folder))
