"""The player of a song at hand: its sound as this browser can play it, under its scores."""

from typing import Any

import streamlit as st

from genre_core.inference.sliding import SlidingScores
from genre_core.types import FloatArray, Frames, Waveform
from genre_core.ui import media, services
from genre_core.ui.components.synced_player.component import synced_player
from genre_core.ui.components.synced_player.data import player_view
from genre_core.ui.songs import Song, demo_songs

_UNPLAYABLE_KEY = "unplayable_songs"  # digests of songs that this browser cannot play


def song_player(
    key: str,
    place: str,
    song: Song,
    waveform: Waveform,
    frames: Frames,
    genres: tuple[str, ...],
    scores: FloatArray | None,
    sliding: SlidingScores | None,
    overview: tuple[FloatArray, FloatArray],
    axis_seconds: float = 0.0,
    **options: Any,
) -> None:
    """Show the player, and below it whether its sound is not the file itself.

    Parameters
    ----------
    key : of the player, as for `synced_player`, which takes the `options` too
    place : of the sound; another one there replaces it, see `media.media_url`
    scores : None while the network has not run
    overview : as `peaks.peaks` returns it
    axis_seconds : as for `player_view`
    """
    data, mime, is_decoded = _sound(song, waveform)
    demo = demo_songs().get(song.demo) if song.demo else None
    sections = demo.sections if demo is not None else ()
    lanes = f"{'finer' if sliding else 'plain'}{'_composed' if sections else ''}"
    lanes += "_marked" if options.get("marks") else ""
    view = player_view(
        song.name, waveform, frames, genres, scores, overview, sliding, sections, axis_seconds
    )
    with st.container(key=f"player_{lanes}_{key}"):
        synced_player(
            view,
            media.media_url(data, mime, place),
            key=key,
            on_unplayable=lambda: _unplayable().add(song.digest),
            **options,
        )
    if is_decoded:
        st.caption("Browsers cannot play this file. You hear the sound as the network gets it.")


def is_played_as_it_is(song: Song) -> bool:
    """Return whether this browser plays the file itself, as far as is known."""
    return _own_sound(song) is not None


def _sound(song: Song, waveform: Waveform) -> tuple[bytes, str, bool]:
    """Return what the browser plays, its type, and whether it is not the file itself."""
    mime = _own_sound(song)
    if mime is not None:
        return song.data, mime, False
    return services.decoded_sound(song.digest, song.file_name, waveform), "audio/wav", True


def _own_sound(song: Song) -> str | None:
    """Return the type of a song that the browser plays as it is, else None."""
    mime = media.mime_of(song.file_name)
    return None if song.digest in _unplayable() else mime


def _unplayable() -> set[str]:
    digests: set[str] = st.session_state.setdefault(_UNPLAYABLE_KEY, set())
    return digests
