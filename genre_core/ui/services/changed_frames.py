"""Frames whose sound was changed, cached for all sessions."""

from collections.abc import Hashable
from dataclasses import dataclass

import streamlit as st

from genre_core.audio.sound_changes import SoundChanges
from genre_core.config import FrameSettings
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.changed_frame import ChangedFrame, score_changed
from genre_core.ui.services.line import turn
from genre_core.ui.services.networks import recognizer
from genre_core.ui.services.slots import TTL, Slot, Slots

_MAX_CHANGED = 16  # 2 MB each


@dataclass(frozen=True)
class _Key:
    digest: str
    settings: FrameSettings
    model: str
    index: int
    changes: SoundChanges


def changed_frame(
    digest: str, settings: FrameSettings, analysis: SongAnalysis, index: int, changes: SoundChanges
) -> ChangedFrame:
    """Return a frame of a song changed and scored.

    Parameters
    ----------
    digest, settings : of the song, and how it is cut
    index : of the frame

    Raises SettingsError or ModelError, as `score_changed`, and BusyError.
    """
    network = recognizer()
    slot = _changed_frames.at(_Key(digest, settings, network.info.sha256, index, changes))
    if slot.value is not None:
        return slot.value
    with turn(lambda what, share: None) as on_step:
        on_step("Changing the sound", 0.0)
        return slot.fill(
            lambda: score_changed(network, analysis.frames.samples[index], changes), on_step
        )


def forget() -> None:
    """Empty the cache."""
    _keep.clear()


@st.cache_resource(max_entries=_MAX_CHANGED, ttl=TTL, show_spinner=False)
def _keep(key: Hashable, _slot: Slot[ChangedFrame]) -> Slot[ChangedFrame]:
    return _slot


_changed_frames = Slots(_keep)
