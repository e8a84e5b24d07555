"""A genre's name on its colour: the name says it, the colour helps to find it again."""

import html

import streamlit as st

from genre_core.plots.palette import NEUTRAL, code_of, colour_of, ink_on


def chip_html(genre: str, text: str | None = None) -> str:
    """Return a small label in the genre's colour; `text` is shown instead of the bare name."""
    colour = colour_of(genre)
    return (
        f'<span class="gr-chip" style="background:{colour};color:{ink_on(colour)}">'
        f"{html.escape(text or genre)}</span>"
    )


def silent_chip_html() -> str:
    """Return the label of a silent frame."""
    return f'<span class="gr-chip" style="border-style:dashed;border-color:{NEUTRAL}">silent</span>'


def legend(genres: tuple[str, ...]) -> None:
    """Show which colour and which code mean which genre."""
    items = "".join(f"<li>{chip_html(g, f'{code_of(g)} {g}')}</li>" for g in genres)
    st.html(f'<ul class="gr-legend" aria-label="Colours of the genres">{items}</ul>')
