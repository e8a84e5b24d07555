"""The networks that are loaded, once for all sessions."""

from pathlib import Path

import streamlit as st

from genre_core.checkpoints.info import CheckpointInfo
from genre_core.checkpoints.limits import load_upload
from genre_core.config import GENRES, MAX_FRAME_SECONDS
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.models import registry
from genre_core.models.blocks import Architecture, architecture
from genre_core.ui import models
from genre_core.ui.models import ModelSource
from genre_core.ui.services.slots import TTL

_MAX_NETWORKS = 4  # 64 MiB each at most, mostly some MB


def recognizer(source: ModelSource | None = None) -> GenreRecognizer:
    """Return a network, loaded once for all sessions and again when its file changes.

    Parameters
    ----------
    source : by default the one that this browser session has chosen

    Raises ModelError if the checkpoint is missing or damaged, or an uploaded one is too large.
    """
    source = source or models.model_choice().chosen()
    if source is not None and source.path is None:
        return _load_uploaded(source.key, source.data)
    path = models.model_path() if source is None or source.path is None else source.path
    changed_ns = path.stat().st_mtime_ns if path.is_file() else 0
    return _load_recognizer(str(path), changed_ns)


@st.cache_resource(max_entries=1, show_spinner=False)
def architectures() -> dict[str, Architecture]:
    """Return every network that the program can build, as it is without further settings."""
    return {name: architecture(registry.build(name, len(GENRES))) for name in registry.names()}


def architecture_in_use() -> Architecture:
    """Return the network in use as its blocks, for a frame of 29.12 s at its sample rate."""
    checkpoint = recognizer().checkpoint
    return _architecture(checkpoint.sha256, checkpoint)


@st.cache_resource(max_entries=_MAX_NETWORKS, show_spinner=False)
def _architecture(sha256: str, _info: CheckpointInfo) -> Architecture:
    model = registry.build(_info.model_name, len(_info.genres), **_info.hyperparameters)
    return architecture(model, _info.features.n_columns_of(MAX_FRAME_SECONDS))


@st.cache_resource(max_entries=_MAX_NETWORKS, show_spinner=False)
def _load_recognizer(path: str, changed_ns: int) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(Path(path), is_fast=True)


@st.cache_resource(max_entries=_MAX_NETWORKS, ttl=TTL, show_spinner=False)
def _load_uploaded(key: str, _data: bytes) -> GenreRecognizer:
    return GenreRecognizer(*load_upload(_data), is_fast=True)
