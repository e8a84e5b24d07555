"""Genre by genre: precision, recall, F1, and how often each is named."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.plots.shares import shares_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.test_set.results import Result
from genre_core.ui.components.test_set.section import section
from genre_core.ui.components.text import as_markdown


def per_genre(found: Result) -> None:
    """Show the measures of each genre and the shares of songs, true beside named."""
    section(
        "Genre by genre",
        "Recall: of the songs of a genre, how many are named so. Precision: of the songs named so, "
        "how many are. F1 is their harmonic mean. Below: which genres are named too often.",
    )
    table = pd.DataFrame(
        [
            {
                "Genre": item.genre,
                "Songs": item.support,
                "Recall": 100 * item.recall,
                "Precision": 100 * item.precision,
                "F1": 100 * item.f1,
            }
            for item in found.summary.per_genre
        ]
    )
    share = st.column_config.NumberColumn(format="%.0f %%")
    with st.grid(2, min_column_width=330, gap="medium"):
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            key="ts_genres",
            column_config={"Recall": share, "Precision": share, "F1": share},
            alt="Recall, precision and F1 of each genre, by song.",
        )
        with st.container(gap="xsmall"):
            sentence = _sentence(found)
            st.plotly_chart(
                shares_figure(found.summary.song_confusion, found.score_set.genres),
                config=CHART_CONFIG,
                key="ts_shares",
                alt=f"Share of songs of each genre, true and named. {sentence}",
            )
            st.caption(f"Hatched: true share of the songs. Solid: named. {as_markdown(sentence)}")


def _sentence(found: Result) -> str:
    counts, genres = found.summary.song_confusion, found.score_set.genres
    true, named = counts.sum(axis=1), counts.sum(axis=0)
    surplus = named - true
    if not surplus.any():
        return "Every genre is named as often as it occurs."
    most, least = int(np.argmax(surplus)), int(np.argmin(surplus))
    return (
        f"Named most too often: {genres[most]}, {named[most]} times for {true[most]} songs; "
        f"most too rarely: {genres[least]}, {named[least]} times for {true[least]}."
    )
