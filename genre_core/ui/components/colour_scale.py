"""What the colours of a picture stand for."""

import html

import streamlit as st


def colour_scale(low: str, gradient: str, high: str) -> None:
    """Show a bar of colours between the words for its ends; `gradient` is CSS."""
    st.html(
        f'<div class="gr-scale"><span>{html.escape(low)}</span>'
        f'<i style="background:{gradient}"></i><span>{html.escape(high)}</span></div>'
    )
