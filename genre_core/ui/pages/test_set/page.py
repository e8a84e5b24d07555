"""The page "Test set": what the network gets right, what averaging repairs, and why."""

import streamlit as st

from genre_core.errors import GenreError
from genre_core.ui.components import style
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set import results, score_songs, tiles
from genre_core.ui.pages.test_set.cell import cell
from genre_core.ui.pages.test_set.confidence import confidence
from genre_core.ui.pages.test_set.controls import controls, parts
from genre_core.ui.pages.test_set.empty import empty
from genre_core.ui.pages.test_set.exports import exports
from genre_core.ui.pages.test_set.genres import per_genre
from genre_core.ui.pages.test_set.headline import headline
from genre_core.ui.pages.test_set.honesty import honesty_card
from genre_core.ui.pages.test_set.listening import listening
from genre_core.ui.pages.test_set.matrices import difference, matrices
from genre_core.ui.pages.test_set.overview import overview
from genre_core.ui.pages.test_set.own import own
from genre_core.ui.pages.test_set.repairs import repairs
from genre_core.ui.pages.test_set.section import contents
from genre_core.ui.pages.test_set.state import ScoresState


def page() -> None:
    """Show the page."""
    style.apply()
    tiles.apply()
    chosen = ScoresState.current()
    chosen.follow_link()
    shelf = results.library(chosen)
    st.title("How good is it, and where does it fail?", anchor=False)
    st.html(
        '<p class="gr-lead">Songs whose genre is known, named by the network: first each frame '
        "alone, then each song from all its frames. Every number opens up to the songs behind "
        "it.</p>"
    )
    for problem in shelf.problems:
        st.warning(as_markdown(problem), icon=":material/broken_image:")
    if not shelf.score_sets:
        empty(chosen)
        return

    whole = chosen.settle(shelf.score_sets)
    for note in chosen.notes:
        st.warning(as_markdown(note), icon=":material/link:")
    parts(chosen)
    if chosen.view.part == "own":
        own(chosen)
        return
    score_songs.elsewhere(chosen.take_own)
    controls(chosen, shelf)
    try:
        found = results.result(shelf, chosen.view)
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    contents()
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container():
            headline(shelf, chosen.view, found)
        honesty_card(chosen.view, found, whole)
    overview(shelf, chosen.view, found)
    matrices(chosen, found)
    cell(chosen, found)
    difference(chosen, found)
    repairs(chosen, found)
    listening(chosen.view, found)
    confidence(chosen.view, found)
    per_genre(found)
    exports(chosen.view, found, whole)
