"""A genre's name on its colour: the name says it, the colour helps to find it again."""

import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from genre_core.plots.palette import NEUTRAL, code_of, colour_of, ink_on
from genre_core.types import FloatArray

_VISIBLE = 0.08  # of a score: a block of 12 px in the player


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


def legend(genres: Sequence[str], *scores: FloatArray) -> None:
    """Show which colour and which code mean which genre, on one small line.

    Parameters
    ----------
    scores : each (n, n_genres): a genre that nowhere has a visible part of them is left out
    """
    if scores:
        most = np.max([each.max(axis=0, initial=0.0) for each in scores], axis=0)
        genres = [genres[i] for i in np.argsort(-most, kind="stable") if most[i] >= _VISIBLE]
    items = "".join(
        f'<li><span class="gr-chip" style="background:{colour_of(g)};color:'
        f'{ink_on(colour_of(g))}">{html.escape(code_of(g))}</span> {html.escape(g)}</li>'
        for g in genres
    )
    st.html(f'<ul class="gr-legend" aria-label="Colours of the genres">{items}</ul>')
