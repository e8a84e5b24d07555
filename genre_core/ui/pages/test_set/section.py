"""The heading of a part of the page, with the sentence that says what to see."""

import streamlit as st


def section(title: str, sentence: str) -> None:
    """Show a heading and what to look for under it."""
    st.header(title, anchor=False)
    st.caption(sentence)


def is_dark() -> bool:
    """Return whether the page is dark; light while that is not known yet."""
    return st.context.theme.type == "dark"
