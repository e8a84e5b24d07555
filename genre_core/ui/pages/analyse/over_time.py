"""The song over time: a player with the scores of each moment."""

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.config import SlidingSettings
from genre_core.errors import GenreError
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.sliding import SlidingScores
from genre_core.types import FloatArray, Frames, Waveform
from genre_core.ui import media, services
from genre_core.ui.components import genre_chip
from genre_core.ui.components.synced_player.component import synced_player
from genre_core.ui.components.synced_player.data import player_view
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.analyse import frames_table
from genre_core.ui.songs import Song

KEY = "song_player"
FINER_CHOICES: tuple[SlidingSettings, ...] = (
    SlidingSettings(),
    SlidingSettings(window_seconds=3.0, hop_seconds=1.0),
    SlidingSettings(window_seconds=12.0, hop_seconds=4.0),
)

# What browsers play as it is; anything else is played from the decoded sound.
_MIME_OF_EXTENSION = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".webm": "audio/webm",
}
_FINER = "Finer timeline"
_FINER_HELP = (
    "A short window slides along the song and shows where the genre changes. It covers less of "
    "the song at once, so it is wrong more often. The verdict still comes from the frames."
)
_UNPLAYABLE_KEY = "unplayable_songs"  # digests of songs that this browser cannot play


def over_time(song: Song, analysis: SongAnalysis) -> Callable[[], None]:
    """Show the player, the finer timeline on demand, and the frames as a table.

    Call the function that it returns once the rest of the page is shown. That may take long, and
    then runs the page again.
    """
    _introduction(analysis.model.genres)
    settings = _finer_choice(song)
    sliding = services.known_sliding(song, settings) if settings else None
    work = st.empty()
    _player(
        KEY,
        song,
        analysis.waveform,
        analysis.frames,
        analysis.model.genres,
        analysis.scores,
        sliding,
    )
    frames_table.show_frames_table(analysis)

    def finish() -> None:
        if settings is None or sliding is not None:
            return
        try:
            services.slide(
                song,
                analysis.waveform,
                settings,
                lambda what, share: _show_work(work, what, share),
            )
        except GenreError as error:
            work.error(as_markdown(str(error)), icon=":material/error:")
        else:
            st.rerun()

    return finish


def preview(song: Song, waveform: Waveform, frames: Frames, genres: tuple[str, ...]) -> None:
    """Show the player before the network has run: the sound and its frames, without scores.

    It stands where the one with scores will, so that nothing moves away from under a finger.
    """
    _introduction(genres)
    with _beside_finer("waiting"):
        st.toggle(_FINER, key="finer_waiting", help=_FINER_HELP, disabled=True)
    _player(f"{KEY}_preview", song, waveform, frames, genres, None, None)


def _introduction(genres: tuple[str, ...]) -> None:
    st.subheader("The scores over time", anchor=False)
    st.caption(
        "The sound is above, the scores are below. Each column is one frame. One tall block of "
        "colour means that the network is sure; many thin blocks mean doubt. The grey ends are "
        "left out."
    )
    genre_chip.legend(genres)


def _player(
    key: str,
    song: Song,
    waveform: Waveform,
    frames: Frames,
    genres: tuple[str, ...],
    scores: FloatArray | None,
    sliding: SlidingScores | None,
) -> None:
    data, mime, is_decoded = _sound(song, waveform)
    peaks = services.overview(song.digest, song.file_name, waveform)
    synced_player(
        player_view(song.name, waveform, frames, genres, scores, peaks, sliding),
        media.media_url(data, mime, KEY),
        key=key,
        on_unplayable=lambda: _unplayable().add(song.digest),
    )
    if is_decoded:
        st.caption("Browsers cannot play this file. You hear the sound as the network gets it.")


def _beside_finer(key: str) -> DeltaGenerator:
    return st.container(
        horizontal=True, vertical_alignment="center", gap="medium", key=f"finer_row_{key}"
    )


def _finer_choice(song: Song) -> SlidingSettings | None:
    """Ask whether to look closer, and how; None for no."""
    with _beside_finer("choice"):
        # On demand for each song.
        if not st.toggle(_FINER, key=f"finer_{song.digest}", help=_FINER_HELP):
            return None
        return st.selectbox(
            "Window",
            FINER_CHOICES,
            format_func=lambda s: f"{s.window_seconds:g} s every {s.hop_seconds:g} s",
            key="finer_settings",
            label_visibility="collapsed",
            width=190,
        )


def _show_work(place: DeltaGenerator, what: str, share: float) -> None:
    place.progress(share, f"{what}. Switch off the finer timeline to cancel.")


def _unplayable() -> set[str]:
    digests: set[str] = st.session_state.setdefault(_UNPLAYABLE_KEY, set())
    return digests


def _sound(song: Song, waveform: Waveform) -> tuple[bytes, str, bool]:
    """Return what the browser plays, its type, and whether it is not the file itself."""
    mime = _MIME_OF_EXTENSION.get(PurePath(song.file_name).suffix.lower())
    if mime is not None and song.digest not in _unplayable():
        return song.data, mime, False
    return services.decoded_sound(song.digest, song.file_name, waveform), "audio/wav", True
