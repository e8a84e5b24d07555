"""The song over time: a player with the scores of each moment."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from genre_core.audio.peaks import peaks
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.sliding import SlidingScores
from genre_core.types import FloatArray, Frames, Waveform
from genre_core.ui import media, services
from genre_core.ui.components import genre_chip
from genre_core.ui.components.synced_player.component import synced_player
from genre_core.ui.components.synced_player.data import player_view
from genre_core.ui.pages.analyse import finer, frames_table
from genre_core.ui.session import Session
from genre_core.ui.songs import Song, demo_songs

KEY = "song_player"

_UNPLAYABLE_KEY = "unplayable_songs"  # digests of songs that this browser cannot play


def over_time(state: Session, song: Song, analysis: SongAnalysis) -> None:
    """Show the player with the finer timeline, and the frames as a table."""
    _introduction()
    _scored_player(state, song, services.recall(song, state.view.frames))
    frames_table.show_frames_table(analysis)


@st.fragment(key=finer.PLAYER)
def _scored_player(state: Session, song: Song, recall: Callable[[], SongAnalysis]) -> None:
    if state.to_lesson:
        st.rerun()
    analysis = recall()
    finer.choose(state)
    settings = state.view.finer
    run = services.sliding(song, analysis.waveform, settings) if settings else None
    _player(
        KEY,
        song,
        analysis.waveform,
        analysis.frames,
        analysis.model.genres,
        analysis.scores,
        run.scores if run else None,
        services.overview(song.digest, song.file_name, analysis.waveform),
        **_stage(state, song, analysis),
    )
    if run is not None:
        finer.work(state, run, recall)


def preview(
    state: Session, song: Song, waveform: Waveform, frames: Frames, genres: tuple[str, ...]
) -> None:
    """Show the player before the network has run: the sound and its frames, without scores.

    It stands where the one with scores will, so that nothing moves away from under a finger. There
    is none of a song that the browser cannot play as it is: `waveform` may be decoded in part.
    """
    if _own_sound(song) is None:
        return
    _introduction()
    finer.choose_later(state)
    windows = finer.without_scores(state, waveform, len(genres))
    overview = peaks(waveform.samples)
    _player(f"{KEY}_preview", song, waveform, frames, genres, None, windows, overview)


def unscored(song: Song, analysis: SongAnalysis) -> None:
    """Show the player without the song's name or anything that the network said of it."""
    waveform = analysis.waveform
    _player(
        f"{KEY}_unscored",
        replace(song, name="the song", demo=None),
        waveform,
        analysis.frames,
        analysis.model.genres,
        None,
        None,
        services.overview(song.digest, song.file_name, waveform),
    )


def _introduction() -> None:
    st.header("What it hears, moment by moment", anchor=False)
    st.caption(
        "The network hears the song in pieces, called frames. Top: the sound. Below: its scores "
        "for each frame. One colour means that it is sure, many that it is not. It skips what is "
        "hatched."
    )


def _player(
    key: str,
    song: Song,
    waveform: Waveform,
    frames: Frames,
    genres: tuple[str, ...],
    scores: FloatArray | None,
    sliding: SlidingScores | None,
    overview: tuple[FloatArray, FloatArray],
    **stage: Any,
) -> None:
    data, mime, is_decoded = _sound(song, waveform)
    demo = demo_songs().get(song.demo) if song.demo else None
    sections = demo.sections if demo is not None else ()
    lanes = f"{'finer' if sliding else 'plain'}{'_composed' if sections else ''}"
    with st.container(key=f"player_{lanes}_{key}"):
        synced_player(
            player_view(song.name, waveform, frames, genres, scores, overview, sliding, sections),
            media.media_url(data, mime, KEY),
            key=key,
            on_unplayable=lambda: _unplayable().add(song.digest),
            **stage,
        )
    genre_chip.legend(genres)  # below: on a phone it would push the player out of sight
    if is_decoded:
        st.caption("Browsers cannot play this file. You hear the sound as the network gets it.")


def _stage(state: Session, song: Song, analysis: SongAnalysis) -> dict[str, Any]:
    """Return what the player needs for the view over the whole screen."""
    is_full = state.view.stage
    picture = ""
    if is_full:  # else nobody looks at it
        png = services.song_picture(song.digest, state.view.frames, analysis.log_mel)
        picture = media.media_url(png, "image/png", f"{KEY}_picture")
    return {
        "picture_url": picture,
        "is_full": is_full,
        "on_full": lambda is_full: state.change(stage=is_full),
        "on_lesson": lambda: setattr(state, "to_lesson", True),
    }


def _unplayable() -> set[str]:
    digests: set[str] = st.session_state.setdefault(_UNPLAYABLE_KEY, set())
    return digests


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
