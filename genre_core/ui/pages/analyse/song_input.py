"""The three ways to a song: one's own file, a demo song, the microphone."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.config import MAX_SONG_SECONDS, MIN_SONG_SECONDS
from genre_core.plots.time_axis import clock
from genre_core.ui import no_music, uploads
from genre_core.ui.components.file_guard.component import DROP_KEY, UNSEEN_PIXELS
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.live_microphone.component import live_microphone
from genre_core.ui.components.recorder.component import recorder
from genre_core.ui.components.text import as_html
from genre_core.ui.session import Session
from genre_core.ui.songs import DemoSong, Song, default_demo, demo_songs

_ENDINGS = [extension.lstrip(".") for extension in SUPPORTED_EXTENSIONS]


def file_input(session: Session) -> None:
    """Show the drop zone and its limits."""
    with st.container(gap="xxsmall"):
        _uploader(session, "upload", "Drop a file here or choose one")
        st.caption(
            "wav, mp3, flac, ogg, opus, m4a, aac, aiff, webm, mp4, wma and more; "
            f"{MIN_SONG_SECONDS:g} seconds to {MAX_SONG_SECONDS / 60:g} minutes of sound."
        )


def drop_input(session: Session) -> None:
    """Take a song that is dropped anywhere on the page; nothing is seen of it."""
    with st.container(key=DROP_KEY, height=UNSEEN_PIXELS, border=False):
        _uploader(session, "drop", "A song dropped on the page", is_labelled=False)


def microphone_input(session: Session) -> None:
    """Show the recorder and what to expect of it."""
    with st.container(gap="xxsmall"):
        st.markdown("Or record what is playing")
        recorder(
            f"recording_{session.n_taken}",
            lambda wav: session.take(Song.from_bytes("your recording.wav", wav)),
        )
        st.caption(
            "A microphone also picks up the room: echo, noise, less bass. The network learnt from "
            "files, so its verdict on a recording is less reliable. Hold the microphone "
            "close to a good loudspeaker. The browser’s speech processing is switched off."
        )
        live_microphone()


def quick_start(session: Session) -> None:
    """Show one button that starts a demo song."""
    song = default_demo(demo_songs())
    if song is not None:
        st.button(
            f"Try it with “{song.title}”",
            key="quick_start",
            icon=":material/play_arrow:",
            type="primary",
            on_click=_take_demo,
            args=(session, song),
        )


def demo_cards(session: Session) -> None:
    """Show the demo songs as cards, one click each."""
    songs = demo_songs()
    if not songs:
        st.info("There are no demo songs in assets/demo: use a song of your own.")
        return
    with st.grid(min_column_width=215, gap="small"):
        for song in songs.values():
            _demo_card(session, song)


def no_music_button(session: Session) -> None:
    """Show a button that gives the network what is no music."""
    st.button(
        "What if it is no music?",
        key="no_music",
        icon=":material/campaign:",
        help="Analyse a siren. The network has to name one of its genres all the same.",
        on_click=lambda: session.take(no_music.siren()),
    )


def demo_buttons(session: Session) -> None:
    """Show the demo songs as a row of buttons."""
    with st.container(horizontal=True, gap="xsmall"):
        for song in demo_songs().values():
            st.button(
                song.title,
                key=f"switch_{song.key}",
                on_click=_take_demo,
                args=(session, song),
                disabled=session.view.demo == song.key,
            )


def _uploader(session: Session, name: str, label: str, is_labelled: bool = True) -> None:
    key = f"{name}_{session.n_taken}"
    st.file_uploader(
        label,
        type=_ENDINGS,
        key=key,
        on_change=_take_file,
        args=(session, key),
        label_visibility="visible" if is_labelled else "collapsed",
    )


def _demo_card(session: Session, song: DemoSong) -> None:
    chips = " ".join(chip_html(genre) for genre in song.genres)
    with st.container(border=True, gap="xsmall", height="stretch"):
        st.html(
            f'<div>{chips} <span class="gr-soft">{clock(song.seconds)}</span>'
            f'<p class="gr-card-title">{as_html(song.title)}</p>'
            f'<p class="gr-soft">{as_html(song.listen_for, 400)}</p></div>'
        )
        st.button(
            "Analyse",
            key=f"demo_{song.key}",
            help=f"Analyse the demo song “{song.title}”",
            icon=":material/play_arrow:",
            on_click=_take_demo,
            args=(session, song),
            width="stretch",
        )


def _take_demo(session: Session, song: DemoSong) -> None:
    session.take(song.load())


def _take_file(session: Session, key: str) -> None:
    upload = st.session_state.get(key)
    if isinstance(upload, UploadedFile):  # else it was removed, or taken in the run before
        session.take(Song.from_bytes(upload.name, uploads.take(upload)))
