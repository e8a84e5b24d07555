"""The name of the song at hand: by the demo's index, or by what its file says of itself."""

import base64

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.ui import services
from genre_core.ui.components.text import as_html, tidy
from genre_core.ui.pages.analyse import guess_first
from genre_core.ui.session import Session
from genre_core.ui.songs import Song, demo_songs
from genre_core.ui.words import NAME

_MOST = 120  # letters of a tag


def show_title(place: DeltaGenerator, state: Session, song: Song) -> None:
    """Show title, artist, album and cover; the file's name where it says nothing."""
    if state.must_guess(song):
        guess_first.show_title(place, song)
        return
    demo = demo_songs().get(song.demo) if song.demo else None
    if demo is not None:
        _show(place, "Demo song", song.name, as_html(demo.listen_for, 400), None)
        return
    facts = services.file_facts(song)
    tags = facts.tags
    if not tags.title:
        _show(place, "Your song", song.name, "", facts.cover)
        return
    album = f"{tags.album} ({tags.year})" if tags.album and tags.year else tags.album
    line = " · ".join(as_html(text, _MOST) for text in (tags.artist, album, song.name) if text)
    _show(place, "Your song", tags.title, line, facts.cover)


def _show(place: DeltaGenerator, kind: str, name: str, line: str, cover: bytes | None) -> None:
    """Show the heading; `line` is HTML."""
    st.set_page_config(page_title=f"{tidy(name, 40)} · {NAME}")
    picture = ""
    if cover is not None:
        data = base64.b64encode(cover).decode()
        picture = f'<img class="gr-cover" alt="Cover" src="data:image/jpeg;base64,{data}">'
    below = f'<p class="gr-soft">{line}</p>' if line else ""
    place.html(
        f'<div class="gr-heading">{picture}<div><p class="gr-soft">{kind}</p>'
        f'<h1 class="gr-song">{as_html(name, _MOST)}</h1>{below}</div></div>'
    )
