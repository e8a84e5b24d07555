"""The page "Two songs": both with player, scores and verdict, and where they part."""

import streamlit as st

from genre_core.inference.song_pair import song_pair
from genre_core.ui.components import genre_chip, style
from genre_core.ui.components.choice import choice
from genre_core.ui.components.link_notes import show_link_notes
from genre_core.ui.components.text import as_markdown, unbroken
from genre_core.ui.pages.two_songs import state as pair_state
from genre_core.ui.pages.two_songs import style as pair_style
from genre_core.ui.pages.two_songs.exports import exports
from genre_core.ui.pages.two_songs.link import PairView
from genre_core.ui.pages.two_songs.parting import parting
from genre_core.ui.pages.two_songs.side import places, show_side
from genre_core.ui.pages.two_songs.state import PairState
from genre_core.ui.pages.two_songs.words import outcome_in_words

# As long as what will stand in its place, so that nothing moves then.
_BEFORE = (
    "The network listens to both songs, calls each by a genre, and says in which genre the two "
    "part most."
)
_LENGTHS_SECONDS = (PairView.frame_seconds, 10.0, 5.0)


def page() -> None:
    """Show the page."""
    style.apply()
    pair_style.apply()
    state = pair_state.current()
    state.follow_link()
    state.begin()
    state.write_link()
    show_link_notes(state.notes)
    st.title("Two songs side by side", anchor=False)
    known = [state.is_known(number) for number in (0, 1)]
    # Markdown: HTML and rules of style come late, and what follows would move.
    said = unbroken(as_markdown(state.outcome)) if all(known) and state.outcome else _BEFORE
    outcome = st.markdown(said)
    _controls(state)
    with st.grid(2, min_column_width=340, gap="medium", key="two_songs_sides"):
        rooms = [places(state, number) for number in (0, 1)]
    below = st.container() if all(known) else st.empty()

    # A song that is known is shown first: it can be used while the other one is analysed.
    judged, drawn = {}, {}
    for number in sorted((0, 1), key=lambda number: not known[number]):
        judged[number] = show_side(state, number, rooms[number])
        drawn[number] = state.axis_seconds(number)
    if any(drawn[number] != state.axis_seconds(number) for number in drawn):
        st.rerun()  # the time axis of the one drawn first has another length now
    state.write_link()  # a song that could not be analysed is none
    first, second = judged[0], judged[1]
    if first is None or second is None:
        outcome.markdown(_BEFORE)
        return
    pair = song_pair(first, second)
    state.outcome = outcome_in_words(pair, first, second)
    outcome.markdown(unbroken(as_markdown(state.outcome)))
    with below if all(known) else below.container():
        genre_chip.legend(pair.genres, first.scores, second.scores)
        st.caption(_about_scale(state))
        parting(pair, first, second)
        exports(state, pair, first, second)


def _controls(state: PairState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="two_songs_controls"):
        st.button(
            "Swap the two",
            key="two_songs_swap",
            icon=":material/swap_horiz:",
            on_click=state.swap,
        )
        seconds = sorted({*_LENGTHS_SECONDS, state.view.frame_seconds}, reverse=True)
        choice(
            "Length of the pieces",
            {each: f"{each:g} s" for each in seconds},
            state.view.frame_seconds,
            "two_songs_t",
            lambda seconds: state.change(frame_seconds=seconds),
        )
        st.caption("The network listens in pieces of this length. It learnt from 29.12 s.")


def _about_scale(state: PairState) -> str:
    scale = (
        "Both time axes have the same scale."
        if state.has_one_scale
        else "One song is far longer, so each has a time scale of its own."
    )
    return f"{scale} A song starts, and the other one stops. Drop a song on either side."
