"""The heading of a part of the page, with the sentence that says what to see."""

import streamlit as st

# Anchors of the page's parts, and what the list of contents calls them, in their order.
PARTS = {
    "matrices": "Matrices",
    "songs": "Songs",
    "difference": "What combining changed",
    "repairs": "Repaired and broken",
    "listening": "Listening time",
    "confidence": "Confidence",
    "genres": "Genre by genre",
    "keep": "Files to keep",
}


def section(title: str, sentence: str, anchor: str = "") -> None:
    """Show a heading and what to look for under it; a link to `#anchor` leads there."""
    st.header(title, anchor=anchor or False)
    st.caption(sentence)


def contents() -> None:
    """Show links to the parts of the page, which is long on a phone."""
    links = " · ".join(f"[{title}](#{anchor})" for anchor, title in PARTS.items())
    with st.container(key="ts_contents"):
        st.markdown(links)


def is_dark() -> bool:
    """Return whether the page is dark; light while that is not known yet."""
    return st.context.theme.type == "dark"
