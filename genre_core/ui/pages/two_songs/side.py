"""One of the two songs: its name, its verdict and its player."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genre_core.errors import GenreError
from genre_core.inference.song_pair import JudgedSong
from genre_core.ui import services
from genre_core.ui.components import verdict_card
from genre_core.ui.components.file_guard.component import DROP_AREA_KEY
from genre_core.ui.components.song_player import song_player
from genre_core.ui.components.text import as_html, as_markdown
from genre_core.ui.pages.two_songs.inputs import drop_input, song_inputs
from genre_core.ui.pages.two_songs.link import PLACES
from genre_core.ui.pages.two_songs.state import PairState
from genre_core.ui.songs import Song, demo_songs

_MOST = 120  # letters of a tag


@dataclass(frozen=True)
class Places:
    """Where the parts of a side are shown."""

    title: DeltaGenerator
    choice: DeltaGenerator
    trouble: DeltaGenerator
    verdict: DeltaGenerator
    player: DeltaGenerator


def places(state: PairState, number: int) -> Places:
    """Make room for a side; what it showed of another song is gone at once."""
    with st.container(key=f"{DROP_AREA_KEY}_{number}", gap="small"):
        drop_input(state, number)
        with st.container(
            key=f"two_songs_heading_{number}",
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
        ):
            title, choice = st.empty(), st.empty()
        trouble = st.container()
        with st.container(key=f"two_songs_verdict_{number}"):
            verdict = st.empty()
        with st.container(key=f"two_songs_player_{number}"):
            # A player that stays on the page goes on playing.
            player = st.container() if state.is_known(number) else st.empty()
    return Places(title, choice, trouble, verdict, player)


def player_key(number: int) -> str:
    """Return the key of a side's player."""
    return f"two_songs_sound_{number}"


def show_side(state: PairState, number: int, room: Places) -> JudgedSong | None:
    """Analyse a side's song and show it; where that fails, say why and show the last good one."""
    while (song := state.sides[number].song) is not None:
        _show_title(room.title, number, song)
        try:
            judged = _show_song(state, number, song, room)
        except GenreError as error:
            state.failed(number, str(error))
            continue
        _show_trouble(state, number, room.trouble)
        return judged
    _show_trouble(state, number, room.trouble)
    _show_inputs(state, number, room)
    return None


def _show_song(state: PairState, number: int, song: Song, room: Places) -> JudgedSong:
    is_known = state.is_known(number)
    on_step = verdict_card.cancellable(
        room.verdict, room.choice, f"two_songs_cancel_{number}", lambda: state.cancel(number)
    )
    # Drawing takes memory, too: the next in the line comes after it.
    with services.turn(on_step) as on_step:
        analysis = services.analyse(song, state.view.frames, on_step)
        state.analysed(number, analysis.waveform.duration_seconds)
        judged = JudgedSong.of(analysis, "mean")
        verdict_card.show_verdict(
            room.verdict,
            judged.verdict,
            services.surety(analysis, judged.verdict),
            analysis.unlike_training,
        )
        with room.player if is_known else room.player.container():
            song_player(
                player_key(number),
                player_key(number),
                song,
                analysis.waveform,
                analysis.frames,
                analysis.model.genres,
                analysis.scores,
                None,
                services.overview(song.digest, song.file_name, analysis.waveform),
                state.axis_seconds(number),
                has_stage=False,
            )
    with room.choice.popover("Another song", icon=":material/library_music:"):
        song_inputs(state, number)
    return judged


def _show_title(place: DeltaGenerator, number: int, song: Song) -> None:
    name, artist = song.name, ""
    if song.demo not in demo_songs():
        tags = services.file_facts(song).tags
        name, artist = tags.title or song.name, tags.artist
    above = f"{PLACES[number].capitalize()} song"
    below = f' <span class="gr-soft">{as_html(artist, _MOST)}</span>' if artist else ""
    place.html(
        f'<p class="gr-soft">{above}</p><h2 class="gr-song">{as_html(name, _MOST)}{below}</h2>'
    )


def _show_trouble(state: PairState, number: int, place: DeltaGenerator) -> None:
    side = state.sides[number]
    if side.trouble:
        still = " Below is still your last song." if side.song is not None else ""
        place.error(as_markdown(side.trouble) + still, icon=":material/error:")


def _show_inputs(state: PairState, number: int, room: Places) -> None:
    room.title.html(f'<h2 class="gr-song">Choose the {PLACES[number]} song</h2>')
    room.choice.empty()
    with room.verdict.container():
        song_inputs(state, number)
