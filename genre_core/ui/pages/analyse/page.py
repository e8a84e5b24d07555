"""The page "Analyse a song": from a song to its verdict, and how it came about."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import Page

from genre_core.errors import GenreError
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.recognizer import OnStep
from genre_core.plots import score_bars
from genre_core.plots.style import CHART_CONFIG
from genre_core.types import Frames, Verdict, Waveform
from genre_core.ui import services, session
from genre_core.ui.components import style, verdict_card
from genre_core.ui.components.link_notes import show_link_notes
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.analyse import (
    downloads,
    evidence,
    explanation,
    frame_gallery,
    guess_first,
    over_time,
    receipt,
    similar_songs,
    song_input,
    sound_lab,
)
from genre_core.ui.pages.analyse.controls import controls
from genre_core.ui.pages.analyse.first_view import first_view
from genre_core.ui.pages.analyse.several import show_several
from genre_core.ui.pages.analyse.song_title import show_title
from genre_core.ui.pages.analyse.words_verdict import words_verdict
from genre_core.ui.session import Session
from genre_core.ui.songs import Song, demo_songs
from genre_core.ui.words import PRIVACY, percent

_SCORES = (
    "A bar is the score of the whole song, a dot that of one frame. Dots far apart mean that the "
    "song changes."
)
_VOTES = "A dot is the vote of one frame. A bar is the share of the votes that its genre has."


def page(test_set: Page, two_songs: Page, lesson: Page) -> None:
    """Show the page.

    Parameters
    ----------
    test_set : the page that says how often the network is right
    two_songs : the page that sets another song beside this one
    lesson : the page that says how it works
    """
    style.apply()
    state = session.current()
    state.follow_link()
    state.write_link()
    show_link_notes(state.notes)
    song_input.drop_input(state)
    messages = st.container()
    with messages:
        show_several(state)
    # In a slot of its own, which empties at once: else it stays, faded, until the song is analysed.
    landing = st.empty()
    if state.song is None:
        st.empty()  # takes the place of a song's name at once, too
        with landing.container():
            first_view(state)
        return

    title, back, choice = _heading_places(state, state.song)
    back.button("First page", key="first_page", icon=":material/home:", on_click=state.leave_song)
    verdict_place = st.empty()
    evidence_place, picture = evidence.place(), st.empty()
    # The button stands where the choice of another song will.
    on_step = verdict_card.cancellable(verdict_place, choice, "cancel", state.cancel)
    # Drawing the page takes memory, too: the next in the line comes after it.
    with services.turn(on_step) as on_step:
        song, analysis = _analyse(state, messages, title, on_step, picture)
        picture.empty()
        if analysis is None:
            for place in (title, back, choice, verdict_place, evidence_place):
                place.empty()
            with landing.container():
                first_view(state)
            return
        with choice.popover("Another song", icon=":material/library_music:"):
            _other_songs(state)
        places = verdict_place, evidence_place
        _result(state, song, analysis, places, test_set, two_songs, lesson)


def _heading_places(
    state: Session, song: Song
) -> tuple[DeltaGenerator, DeltaGenerator, DeltaGenerator]:
    """Show the song's name; make room for the way back and the choice of another song.

    The name comes first: if it came later, it would push down what stands there already.
    """
    with st.container(
        key="song_heading",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="bottom",
    ):
        title = st.empty()
        show_title(title, state, song)
        with st.container(horizontal=True, width="content", gap="small"):
            return title, st.empty(), st.empty()


def _other_songs(state: Session) -> None:
    guess_first.switch(state)
    if state.view.guess:
        guess_first.demo_buttons(state, "guess_other")
    else:
        song_input.demo_buttons(state)
    song_input.file_input(state)
    song_input.microphone_input(state)
    st.caption(PRIVACY)


def _analyse(
    state: Session,
    messages: DeltaGenerator,
    title: DeltaGenerator,
    on_step: OnStep,
    picture: DeltaGenerator,
) -> tuple[Song, SongAnalysis | None]:
    """Analyse the song asked for; where that fails, say why and return to the last good one."""
    assert state.song is not None

    def on_frames(waveform: Waveform, frames: Frames) -> None:
        # Of a song that is shown already the old picture stays until the new one is there.
        if last_good is not song and not state.must_guess(song):
            with picture.container():
                over_time.preview(state, song, waveform, frames, services.recognizer().info.genres)

    song, last_good = state.song, state.last_good
    try:
        analysis = services.analyse(song, state.view.frames, on_step, on_frames)
    except GenreError as error:
        messages.error(as_markdown(str(error)), icon=":material/error:")
        if last_good is None or last_good is song:
            return song, None
    else:
        state.analysed()
        return song, analysis

    show_title(title, state, last_good)
    name = "" if state.must_guess(last_good) else f", {as_markdown(last_good.name, 60)}"
    messages.info(f"Below is still your last song{name}.")
    try:
        return last_good, services.analyse(last_good, state.view.frames, on_step)
    except GenreError as error:
        messages.error(as_markdown(str(error)), icon=":material/error:")
        return last_good, None


def _remarks(song: Song, verdict: Verdict) -> list[str]:
    """Return what others than the network call the song."""
    demo = demo_songs().get(song.demo) if song.demo else None
    if demo is None:
        own_tag = services.file_facts(song).tags.genre
        return [f"Its own tag says: {tidy(own_tag)}."] if own_tag else []
    composed = f"Composed as {' and '.join(demo.genres)}"
    if verdict.genre in demo.genres:
        return [f"{composed}."]
    if not set(demo.genres) <= set(verdict.genres):
        return []  # a network with other labels
    return [f"{composed}: the network is wrong. It knows musicians, and this is a program playing."]


def _result(
    state: Session,
    song: Song,
    analysis: SongAnalysis,
    places: tuple[DeltaGenerator, DeltaGenerator],
    test_set: Page,
    two_songs: Page,
    lesson: Page,
) -> None:
    verdict_place, evidence_place = places
    if state.must_guess(song):
        guess_first.ask(state, song, analysis, verdict_place)
        return
    settings = state.view.frames
    verdict = analysis.verdict(state.view.aggregation)
    surety = services.surety(analysis, verdict)
    verdict_card.show_verdict(
        verdict_place, verdict, surety, analysis.unlike_training, _remarks(song, verdict)
    )
    evidence.show_evidence(
        evidence_place, analysis, verdict, surety, test_set, two_songs, settings.frame_seconds
    )
    guess_first.show_guess(state, song, verdict)
    over_time.over_time(state, song, analysis)
    controls(state)
    words_verdict(song, verdict)
    _song_scores(analysis, verdict)
    _section(
        "What each frame looks like",
        "Pictures of the sound (mel-spectrograms): time runs to the right, high notes are at the "
        "top, bright is loud. Open one to see it large and to hear it.",
    )
    frame_gallery.frame_gallery(song, settings, analysis, services.recognizer().features)
    with st.container(key="reasons"):  # the stage goes on to here
        explanation.explanation(song, settings, lesson)
    sound_lab.sound_lab(state, song)
    similar_songs.similar_songs(song, settings, analysis)
    _section(
        "Keep it",
        "A report that opens without this app, a sheet to print for a class, pictures to send or "
        "to show, the frames for a spreadsheet, or everything as data.",
    )
    recall = services.recall(song, settings)
    downloads.show_downloads(song, verdict, surety, _remarks(song, verdict), recall)
    receipt.show_receipt(analysis)


def _song_scores(analysis: SongAnalysis, verdict: Verdict) -> None:
    is_vote = verdict.aggregation == "majority_vote"
    _section("The whole song", _VOTES if is_vote else _SCORES)
    st.plotly_chart(
        score_bars.score_bars_figure(verdict, analysis.scores[~analysis.frames.silent]),
        config=CHART_CONFIG,
        key="song_scores",
        alt=("Votes of the frames: " if is_vote else "Scores of the song: ")
        + ", ".join(
            f"{genre} {percent(score)}"
            for genre, score in zip(verdict.genres, verdict.scores, strict=True)
        ),
    )


def _section(title: str, sentence: str) -> None:
    st.header(title, anchor=False)
    st.caption(sentence)
