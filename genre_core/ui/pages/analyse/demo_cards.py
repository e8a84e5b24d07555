"""The demo songs as cards: each can be heard where it stands, and analysed."""

import streamlit as st

from genre_core.plots.time_axis import clock
from genre_core.ui import media, no_music
from genre_core.ui.components.card_sound.component import card_sound
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.pages.analyse.song_input import take_demo
from genre_core.ui.session import Session
from genre_core.ui.songs import DemoSong, Song, demo_songs


def demo_cards(session: Session) -> None:
    """Show a card a demo song, and one of a sound that is no music."""
    songs = demo_songs()
    if not songs:
        st.info("There are no demo songs in assets/demo: use a song of your own.")
        return
    with st.grid(min_column_width=158, gap="small", key="demo_cards"):
        for demo in songs.values():
            _card(session, demo)
        _no_music(session)


def _card(session: Session, demo: DemoSong) -> None:
    chips = " ".join(chip_html(genre) for genre in demo.genres)
    with st.container(border=True, gap="xsmall", height="stretch"):
        _heading(demo.key, demo.load(), f"{chips}<br>{clock(demo.seconds)}")
        st.button(
            f"Analyse “{demo.title}”",
            key=f"demo_{demo.key}",
            on_click=take_demo,
            args=(session, demo),
            width="stretch",
        )


def _no_music(session: Session) -> None:
    siren = no_music.siren()
    with st.container(border=True, gap="xsmall", height="stretch"):
        _heading("siren", siren, "What if it is<br>no music?")
        st.button(
            f"Analyse “{siren.name}”",
            key="no_music",
            on_click=lambda: session.take(no_music.siren()),
            width="stretch",
        )


def _heading(key: str, song: Song, facts: str) -> None:
    """Show a button that plays the song, and beside it `facts`, which are HTML."""
    place = f"card_sound_{key}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        mime = media.mime_of(song.file_name)
        if mime is not None:
            with st.container(width=44, height=44, border=False):
                card_sound(song.name, media.media_url(song.data, mime, place), place)
        st.html(f'<p class="gr-soft">{facts}</p>')
