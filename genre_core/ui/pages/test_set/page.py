"""The page "Test set": what the network gets right, what averaging repairs, and why."""

import streamlit as st

from genre_core.errors import GenreError
from genre_core.ui.components import style
from genre_core.ui.components.link_notes import show_link_notes
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set import page_style, results, score_songs
from genre_core.ui.pages.test_set.clickable import genre_order
from genre_core.ui.pages.test_set.controls import controls, parts
from genre_core.ui.pages.test_set.empty import empty
from genre_core.ui.pages.test_set.headline import headline
from genre_core.ui.pages.test_set.link import OWN_KEY
from genre_core.ui.pages.test_set.matrices import matrices
from genre_core.ui.pages.test_set.one_song import one_song
from genre_core.ui.pages.test_set.own import own
from genre_core.ui.pages.test_set.song_list import song_list
from genre_core.ui.pages.test_set.state import ScoresState
from genre_core.ui.pages.test_set.tabs import tabs


def page() -> None:
    """Show the page."""
    style.apply()
    page_style.apply()
    chosen = ScoresState.current()
    chosen.follow_link()
    library = results.read_library(chosen)
    st.title("How good is it, and where does it fail?", anchor=False)
    for problem in library.problems:
        st.warning(as_markdown(problem), icon=":material/broken_image:")
    if not library.score_sets:
        empty(chosen)
        return

    whole = chosen.settle(library.score_sets)
    show_link_notes(chosen.notes)
    if chosen.view.part == "own":
        parts(chosen)
        own(chosen)
        return
    score_songs.elsewhere(chosen.take_own)
    try:
        result = results.result_of(library, chosen.view)
    except GenreError as error:
        controls(chosen, library)
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    headline(chosen.view.aggregation, result)
    controls(chosen, library)
    order = genre_order(chosen.view, result)
    is_own = chosen.view.scores == OWN_KEY
    if is_own:
        song_list(chosen, result)
    matrices(chosen, result, order)
    if chosen.view.song and chosen.song_place == "cell":
        one_song(chosen, result)
    tabs(chosen, library, result, whole, order, lists_songs=not is_own)
