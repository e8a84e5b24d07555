"""The page "Networks": how they are built, what they cost and can do, and two on one song."""

from dataclasses import dataclass

import streamlit as st

from genre_core.errors import GenreError
from genre_core.ui import url
from genre_core.ui.components import style
from genre_core.ui.components.choice import choice
from genre_core.ui.components.link_notes import show_link_notes
from genre_core.ui.components.text import as_markdown
from genre_core.ui.page_state import PageState
from genre_core.ui.pages.networks import style as networks_style
from genre_core.ui.pages.networks.built import built
from genre_core.ui.pages.networks.compare import compare
from genre_core.ui.pages.networks.measured import measured

PARTS = {
    "built": "How they are built",
    "measured": "What was measured",
    "compare": "Two on one song",
}
_SHOW = {"built": built, "measured": measured, "compare": compare}
_KEY = "networks_part"


@dataclass(frozen=True)
class NetworksView:
    """Which part of the page is shown, a key of `PARTS`."""

    part: str = "built"


PARAMETERS = {"part": url.one_of("part", PARTS, always=True)}


@dataclass
class NetworksState(PageState[NetworksView]):
    """The state of the page."""

    page = "networks"
    default = NetworksView()
    parameters = PARAMETERS


def page() -> None:
    """Show the page."""
    style.apply()
    networks_style.apply()
    state = NetworksState.current()
    state.follow_link()
    state.write_link()
    st.title("Networks", anchor=False)
    st.html(
        '<p class="gr-lead">A convolutional recurrent network beside two plain convolutional '
        "ones: how they are built, what they cost, which learns most from little, and where two "
        "of them disagree about a song.</p>"
    )
    show_link_notes(state.notes)
    choice("What to show", PARTS, state.view.part, _KEY, lambda part: state.change(part=part))
    try:
        _SHOW[state.view.part]()
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
