"""Explanations of frames, cached for all sessions."""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from genre_core.config import FrameSettings
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.explain import Explanation, Method
from genre_core.inference.explain import explain as explain_frame
from genre_core.ui.services.networks import recognizer
from genre_core.ui.services.slots import TTL, Slot

_MAX_EXPLANATIONS = 128  # 10 kB each


@dataclass(frozen=True)
class ExplanationKey:
    """What an explanation depends on: song (its hash), cut, network (its hash), frame, question."""

    digest: str
    settings: FrameSettings
    model: str
    index: int
    genre: str
    method: Method


def known_explanation(key: ExplanationKey) -> Explanation | None:
    """Return an explanation if it is there already."""
    return _explanation_slot(key).value


def explain(key: ExplanationKey, analysis: SongAnalysis) -> Iterator[float]:
    """Explain one frame of `analysis`, for `known_explanation`.

    Yields the share done, 0 to 1, after each pass of the network. Stop iterating to cancel.
    Raises ModelError if a score is not a finite number.
    """
    slot = _explanation_slot(key)
    if slot.value is None:
        log_mel = analysis.log_mel[key.index]
        slot.value = yield from explain_frame(recognizer(), log_mel, key.genre, key.method)


@st.cache_resource(max_entries=_MAX_EXPLANATIONS, ttl=TTL, show_spinner=False)
def _explanation_slot(key: ExplanationKey) -> Slot[Explanation]:
    return Slot()
