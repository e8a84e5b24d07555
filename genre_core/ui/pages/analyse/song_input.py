"""The three ways to a song: one's own file, a demo song, the microphone."""

import streamlit as st

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.config import MAX_SONG_SECONDS, MIN_SONG_SECONDS
from genre_core.ui import uploads
from genre_core.ui.components.dropped_files import within_limits
from genre_core.ui.components.file_guard.component import DROP_KEY, UNSEEN_PIXELS
from genre_core.ui.components.live_microphone.component import live_microphone
from genre_core.ui.components.recorder.component import recorder
from genre_core.ui.session import Session
from genre_core.ui.songs import DemoSong, Song, default_demo, demo_songs

_ENDINGS = [extension.lstrip(".") for extension in SUPPORTED_EXTENSIONS]


def file_input(session: Session) -> None:
    """Show the drop zone and its limits."""
    with st.container(gap="xxsmall", key="song_file"):
        _uploader(session, "upload", "Drop songs anywhere, or choose files")
        st.caption(
            "MP3, WAV, FLAC, OGG, M4A, MP4, WMA and more: "
            f"{MIN_SONG_SECONDS:g} seconds to {MAX_SONG_SECONDS / 60:g} minutes, at most "
            f"{st.get_option('server.maxUploadSize')} MB."
        )


def drop_input(session: Session) -> None:
    """Take a song that is dropped anywhere on the page; nothing is seen of it."""
    with st.container(key=DROP_KEY, height=UNSEEN_PIXELS, border=False):
        _uploader(session, "drop", "Songs dropped on the page")


def microphone_input(session: Session) -> None:
    """Show the recorder and what to expect of it."""
    with st.container(gap="xxsmall"):
        recorder(
            f"recording_{session.n_taken}",
            lambda wav: session.take(Song.from_bytes("your recording.wav", wav)),
        )
        st.caption(
            "Hold the microphone close to a good loudspeaker. It also picks up the room: the "
            "network is right less often than with a file."
        )
        live_microphone()


def quick_start(session: Session) -> None:
    """Show one button that starts a demo song."""
    song = default_demo(demo_songs())
    if song is None:
        return
    first, last = song.genres[0], song.genres[-1]
    label = (
        f"Hear a song that changes from {first} to {last}"
        if first != last
        else f"Hear “{song.title}”"
    )
    st.button(
        label,
        key="quick_start",
        icon=":material/play_arrow:",
        type="primary",
        on_click=take_demo,
        args=(session, song),
    )


def demo_buttons(session: Session) -> None:
    """Show the demo songs as a row of buttons."""
    with st.container(horizontal=True, gap="xsmall"):
        for song in demo_songs().values():
            st.button(
                song.title,
                key=f"switch_{song.key}",
                on_click=take_demo,
                args=(session, song),
                disabled=session.view.demo == song.key,
            )


def _uploader(session: Session, name: str, label: str) -> None:
    key = f"{name}_{session.n_taken}"
    st.file_uploader(
        label,
        type=_ENDINGS,
        accept_multiple_files=True,
        key=key,
        on_change=_take_files,
        args=(session, key),
        label_visibility="collapsed",
    )


def take_demo(session: Session, song: DemoSong) -> None:
    """Analyse a demo song."""
    session.take(song.load())


def _take_files(session: Session, key: str) -> None:
    files = uploads.arrived(key)
    places, left_out = within_limits([(each.name, each.size) for each in files])
    for each in files:
        uploads.remove(each)
    chosen = [files[place] for place in places]
    songs = [Song.from_bytes(each.name, each.getvalue()) for each in chosen]
    if songs:
        session.take_several(tuple(songs), left_out)
