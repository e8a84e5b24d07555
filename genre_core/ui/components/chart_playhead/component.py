"""The playhead over charts whose x axis is the time in the song, in seconds."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

_component = st.components.v2.component(
    "genre_core.chart_playhead",
    html="<i hidden></i>",
    js=(Path(__file__).parent / "chart_playhead.js").read_text(encoding="utf-8"),
)


def chart_playhead(key: str, sound: str, charts: Sequence[str], start_seconds: float) -> None:
    """Let a line move over charts while a sound plays.

    Parameters
    ----------
    sound : key of the container of the `st.audio`
    charts : keys of the charts
    start_seconds : second of the song with which the sound begins
    """
    data = {"sound": sound, "charts": list(charts), "start_seconds": start_seconds}
    _component(key=key, data=data)
