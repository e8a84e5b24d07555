"""The button: one card sounds at a time, and nothing is fetched before it is pressed."""

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_component = st.components.v2.component(
    "genre_core.card_sound",
    html=_text("card_sound.html"),
    css=_text("card_sound.css"),
    js=_text("card_sound.js"),
)


def card_sound(title: str, sound_url: str, key: str) -> None:
    """Show the button; `sound_url` is as `media.media_url` returns it."""
    _component(key=key, data={"title": title, "sound_url": sound_url})
