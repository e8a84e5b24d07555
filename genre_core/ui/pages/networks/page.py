"""The page "Networks": how they are built, what they cost and can do, and two on one song."""

import streamlit as st

from genre_core.errors import GenreError
from genre_core.ui import session
from genre_core.ui.components import style
from genre_core.ui.components.text import as_markdown
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
_KEPT = "networks_part_kept"


def page() -> None:
    """Show the page."""
    st.session_state[session.PAGE_KEY] = "networks"
    style.apply()
    networks_style.apply()
    st.title("Networks", anchor=False)
    st.html(
        '<p class="gr-lead">A convolutional recurrent network beside two plain convolutional '
        "ones: how they are built, what they cost, which learns most from little, and where two "
        "of them disagree about a song.</p>"
    )
    part = _part()
    try:
        _SHOW[part]()
    except GenreError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")


def _part() -> str:
    """Show the choice of the part; the URL says it, and it is kept for who comes back."""
    asked = st.query_params.get("part")
    part = asked if asked in PARTS else st.session_state.get(_KEPT, "built")
    if asked is not None and asked not in PARTS:
        st.warning(
            as_markdown(f"The link asks for the part “{asked}”: there is none of that name."),
            icon=":material/link:",
        )
    st.session_state[_KEPT] = st.session_state[_KEY] = part
    if asked != part:
        st.query_params["part"] = part
    st.segmented_control(
        "What to show",
        list(PARTS),
        format_func=PARTS.__getitem__,
        key=_KEY,
        on_change=_chose,
        required=True,
        label_visibility="collapsed",
    )
    return part


def _chose() -> None:
    st.session_state[_KEPT] = st.session_state[_KEY]
    st.query_params["part"] = st.session_state[_KEY]
