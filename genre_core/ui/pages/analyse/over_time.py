"""The song over time: a player with the scores of each moment."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from genre_core.audio.peaks import peaks
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.moments import moments
from genre_core.inference.sliding import SlidingScores
from genre_core.types import FloatArray, Frames, Waveform
from genre_core.ui import media, services
from genre_core.ui.components import genre_chip
from genre_core.ui.components.song_player import is_played_as_it_is, song_player
from genre_core.ui.components.synced_player.marks import WAITING, Marks, marks_of
from genre_core.ui.pages.analyse import finer, frames_table
from genre_core.ui.session import Session
from genre_core.ui.songs import Song

KEY = "song_player"


def over_time(state: Session, song: Song, analysis: SongAnalysis) -> None:
    """Show the player with the finer timeline, and the frames as a table."""
    _introduction()
    _scored_player(state, song, services.recall(song, state.view.frames))
    frames_table.show_frames_table(analysis)


@st.fragment
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
        marks=_marks(state, analysis, run.scores if run else None),
        at_seconds=state.view.at_seconds,
        on_moment=lambda seconds: state.change(at_seconds=seconds),
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
    if not is_played_as_it_is(song):
        return
    _introduction()
    finer.choose_later(state)
    windows = finer.without_scores(state, waveform, len(genres))
    overview = peaks(waveform.samples)
    _player(
        f"{KEY}_preview",
        song,
        waveform,
        frames,
        genres,
        None,
        windows,
        overview,
        marks=WAITING,
        at_seconds=state.view.at_seconds,
    )


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
    **options: Any,
) -> None:
    song_player(key, KEY, song, waveform, frames, genres, scores, sliding, overview, **options)
    shown = [] if scores is None else [scores]
    if sliding is not None and sliding.is_complete:
        shown.append(sliding.scores)
    with st.container(key=f"legend_{key}"):  # below: on a phone it would push the player away
        genre_chip.legend(genres if shown else (), *shown)


def _marks(state: Session, analysis: SongAnalysis, sliding: SlidingScores | None) -> Marks:
    """Return the moments of the verdict's genre, by the finer timeline if it is shown."""
    if sliding is not None and not sliding.is_complete:
        return WAITING
    genre = analysis.verdict(state.view.aggregation).genre
    column = analysis.model.genres.index(genre)
    if sliding is None:
        return marks_of(moments(genre, analysis.frames.spans, analysis.scores[:, column]))
    return marks_of(moments(genre, sliding.spans, sliding.scores[:, column]))


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
