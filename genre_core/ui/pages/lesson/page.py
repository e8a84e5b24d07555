"""The lesson, on the page "How it works": from the sound wave to the verdict, step by step."""

from dataclasses import replace

import streamlit as st
from streamlit.navigation.page import Page

from genre_core.errors import GenreError
from genre_core.ui import services
from genre_core.ui.components import style
from genre_core.ui.components.link_notes import show_link_notes
from genre_core.ui.components.text import as_markdown
from genre_core.ui.components.verdict_card import cancellable
from genre_core.ui.pages.lesson import navigation
from genre_core.ui.pages.lesson import style as lesson_style
from genre_core.ui.pages.lesson.context import Lesson
from genre_core.ui.pages.lesson.glossary import glossary
from genre_core.ui.pages.lesson.song import (
    choose_song,
    current_song,
    demo_in_link,
    take_first_demo,
)
from genre_core.ui.pages.lesson.state import LessonState
from genre_core.ui.pages.lesson.steps import STEPS
from genre_core.ui.songs import Song


def page(then: Page | None = None) -> None:
    """Show the page; its last step leads to the page `then`."""
    style.apply()
    lesson_style.apply()
    chosen = LessonState.current()
    chosen.follow_link()
    song = current_song(chosen)
    step = STEPS[chosen.view.step]
    number = list(STEPS).index(step.key) + 1
    st.caption(f"How it works · step {number} of {len(STEPS)} · the arrow keys turn the pages")
    with st.container(
        key="lesson_heading",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        st.title(step.title, anchor=False, width="content")
        top = st.container(
            key="lesson_top", horizontal=True, width="content", vertical_alignment="center"
        )
    navigation.step_row(chosen)
    show_link_notes(chosen.notes)
    if song is None:
        st.info("There are no demo songs here: first open a song under “Analyse a song”.")
        return
    query = chosen.write_link(replace(chosen.view, demo=demo_in_link(chosen, song)))
    with top:
        choose_song(chosen, song)
        navigation.link(query, is_own_song=song.demo is None)
    try:
        step.show(_lesson(chosen, song))
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
    navigation.turn_buttons(chosen, then)
    glossary()
    navigation.scroll_up(chosen)


def _lesson(chosen: LessonState, song: Song) -> Lesson:
    place, button = st.empty(), st.empty()
    network = services.recognizer()
    on_step = cancellable(place, button, "lesson_cancel", lambda: take_first_demo(chosen))
    waveform = services.decode(song, on_step)
    place.empty()
    button.empty()
    return Lesson(chosen, song, waveform, network, place, button)
