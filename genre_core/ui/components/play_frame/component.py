"""The buttons. The browser plays at once: no run of the page comes in between."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "genre_core.play_frame",
    html="<div class='buttons'></div>",
    css=_text("play_frame.css"),
    js=_text("play_frame.js"),
)


@dataclass(frozen=True)
class FrameButton:
    """A button.

    Attributes
    ----------
    player : key of the player
    frame : from 0
    text : what is on it; anybody's text, shown as text only
    label : what it does, for screen readers
    """

    player: str
    frame: int
    text: str
    label: str


def play_frame(buttons: Sequence[FrameButton], key: str) -> None:
    """Show the buttons side by side."""
    _component(key=key, data={"buttons": [asdict(button) for button in buttons]})
