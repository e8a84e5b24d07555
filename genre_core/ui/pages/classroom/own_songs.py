"""The teacher's own songs, and what their genres are."""

from dataclasses import replace
from io import BytesIO

import streamlit as st

from genre_core.datasets.labels import same_label
from genre_core.library.tags import read_tags
from genre_core.ui import media, uploads
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.classroom.state import ClassState
from genre_core.ui.rooms.room import MOST_ROOM_MEGABYTES, MOST_SONG_MEGABYTES, MOST_SONGS, RoomSong

_NONE = "not said"


def show(state: ClassState, genres: tuple[str, ...]) -> None:
    """Show the uploader, and a row a song."""
    key = f"class_upload_{state.n_taken}"
    st.file_uploader(
        "Songs of your own",
        type=[ending.lstrip(".") for ending in media.MIME_OF_EXTENSION],
        accept_multiple_files=True,
        key=key,
        on_change=_take,
        args=(state, key, genres),
        max_upload_size=MOST_SONG_MEGABYTES,
        help=f"Up to {MOST_SONG_MEGABYTES} MB each and {MOST_ROOM_MEGABYTES} MB together.",
    )
    if not state.own_songs:
        return
    st.caption(
        "The genre comes from the file’s tag, if it has one that the network knows. A song without "
        "a genre is played and guessed, and left out of the matrices."
    )
    for place, song in enumerate(state.own_songs):
        _row(state, place, song, genres)


def _row(state: ClassState, place: int, song: RoomSong, genres: tuple[str, ...]) -> None:
    key = f"class_truth_{state.n_taken}_{place}"

    def choose() -> None:
        chosen = st.session_state[key]
        state.own_songs[place] = replace(song, truth=None if chosen == _NONE else chosen)

    def remove() -> None:
        del state.own_songs[place]
        state.n_taken += 1  # other keys: the rows below move up

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        options = [_NONE, *genres]
        st.selectbox(
            f"True genre of {as_markdown(song.title, 60)}",
            options,
            options.index(song.truth or _NONE),
            key=key,
            on_change=choose,
        )
        st.button(
            "Remove",
            key=f"class_remove_{place}",
            icon=":material/close:",
            on_click=remove,
            help=f"Remove {as_markdown(song.title, 60)}",
        )


def _take(state: ClassState, key: str, genres: tuple[str, ...]) -> None:
    state.problems.clear()
    for upload in uploads.arrived(key):
        name, data = upload.name, uploads.take(upload)
        total = len(data) + sum(len(song.data) for song in state.own_songs)
        mime = media.mime_of(name)
        if mime is None:
            state.problems.append(
                f"“{name}” is left out: browsers do not play this kind of file. Use MP3, M4A, Ogg, "
                "FLAC or WAV."
            )
        elif len(data) > MOST_SONG_MEGABYTES * 2**20:
            state.problems.append(
                f"“{name}” is left out: it has {len(data) / 2**20:.0f} MB, and a song may have "
                f"{MOST_SONG_MEGABYTES}. Make an MP3 of it."
            )
        elif total > MOST_ROOM_MEGABYTES * 2**20 or len(state.own_songs) >= MOST_SONGS:
            state.problems.append(
                f"“{name}” is left out: a room has {MOST_SONGS} songs of {MOST_ROOM_MEGABYTES} MB "
                "together at most."
            )
        else:
            state.own_songs.append(_song(name, data, mime, genres))
    state.n_taken += 1


def _song(name: str, data: bytes, mime: str, genres: tuple[str, ...]) -> RoomSong:
    tags = read_tags(BytesIO(data))
    title = " – ".join(part for part in (tags.artist, tags.title) if part) or name
    return RoomSong(title, name, data, mime, same_label(tags.genre, genres))
