"""The songs that come with the app as embeddings, and the embedding of the song at hand."""

from pathlib import Path

import numpy as np
import streamlit as st

from genre_core import assets
from genre_core.config import FrameSettings
from genre_core.evaluation.embedding_set import EmbeddingSet, read_embedding_files
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.recognizer import OnStep
from genre_core.inference.similarity import SongSpace, song_embedding
from genre_core.types import FloatArray
from genre_core.ui.services.networks import recognizer
from genre_core.ui.services.slots import TTL, Slot
from genre_core.ui.songs import Song

_MAX_EMBEDDINGS = 256


def embedding_sets() -> tuple[tuple[EmbeddingSet, SongSpace], ...]:
    """Return the songs that come with the app as embeddings, by whichever networks.

    Raises
    ------
    DatasetError
        A file of them is damaged.
    """
    folder = assets.EMBEDDINGS_FOLDER
    changed = tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*.json")))
    return _embedding_sets(folder, changed)


def embedding(
    song: Song, settings: FrameSettings, analysis: SongAnalysis, on_step: OnStep
) -> FloatArray:
    """Return a song's embedding, float32 (width,) of length 1, of the frames that are not silent.

    Parameters
    ----------
    song : Song
    settings : FrameSettings
    analysis : of this song, cut so; at least one frame is not silent
    on_step : called with what is being done and the share done; may raise to cancel

    Raises
    ------
    ModelError
    """

    def embed() -> FloatArray:
        counted = np.flatnonzero(~analysis.frames.silent)
        embedded = song_embedding(recognizer().embed(analysis.log_mel[counted], on_step))
        embedded.setflags(write=False)
        return embedded

    return _embedding_slot(song.digest, settings, analysis.model.sha256).fill(embed, on_step)


@st.cache_resource(max_entries=2, show_spinner=False)
def _embedding_sets(
    folder: Path, changed_ns: tuple[int, ...]
) -> tuple[tuple[EmbeddingSet, SongSpace], ...]:
    return tuple((songs, SongSpace(songs.embeddings)) for songs in read_embedding_files(folder))


@st.cache_resource(max_entries=_MAX_EMBEDDINGS, ttl=TTL, show_spinner=False)
def _embedding_slot(digest: str, settings: FrameSettings, model: str) -> Slot[FloatArray]:
    return Slot()
