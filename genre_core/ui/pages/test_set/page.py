"""The page "Test set": what the network gets right, what averaging repairs, and why."""

import streamlit as st

from genre_core.errors import GenreError
from genre_core.ui.components import style
from genre_core.ui.components.link_notes import show_link_notes
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
from genre_core.ui.pages.test_set.matrices import difference, genre_order, matrices
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
    library = results.read_library(chosen)
    st.title("How good is it, and where does it fail?", anchor=False)
    st.html(
        '<p class="gr-lead">The network names songs whose genre is known: first each frame alone, '
        "then each song from all its frames. You can open the songs behind every number.</p>"
    )
    for problem in library.problems:
        st.warning(as_markdown(problem), icon=":material/broken_image:")
    if not library.score_sets:
        empty(chosen)
        return

    whole = chosen.settle(library.score_sets)
    show_link_notes(chosen.notes)
    parts(chosen)
    if chosen.view.part == "own":
        own(chosen)
        return
    score_songs.elsewhere(chosen.take_own)
    controls(chosen, library)
    try:
        result = results.result_of(library, chosen.view)
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    contents()
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container():
            headline(library, chosen.view, result)
        honesty_card(chosen.view, result, whole)
    overview(library, chosen.view, result)
    order = genre_order(chosen.view, result)
    matrices(chosen, result, order)
    cell(chosen, result)
    difference(chosen, result, order)
    repairs(chosen, result)
    listening(chosen.view, result)
    confidence(chosen.view, result)
    per_genre(result)
    exports(chosen.view, result, whole)
