"""Genre by genre: precision, recall, F1, and how often each is named."""

import numpy as np
import pandas as pd
import streamlit as st

from genre_core.evaluation.summary import Summary
from genre_core.plots.shares import shares_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.words import count


def per_genre(result: Result) -> None:
    """Show the measures of each genre and the shares of songs, true beside named."""
    section(
        "Genre by genre",
        "Recall: how many songs of a genre are named so. Precision: how many songs named so are "
        "of that genre. F1 is their harmonic mean. “–” means that there is nothing to count. "
        "The bars show which genres are named too often.",
    )
    table = genre_table(result.summary)
    share = st.column_config.NumberColumn(format="%.0f %%")
    with st.grid(2, min_column_width=330, gap="medium"):
        st.dataframe(
            table,
            hide_index=True,
            height="content",
            placeholder="–",
            key="ts_genres",
            column_config={"Recall": share, "Precision": share, "F1": share},
            alt="Recall, precision and F1 of each genre, by song.",
        )
        with st.container(gap="xsmall"):
            sentence = _sentence(result)
            st.plotly_chart(
                shares_figure(result.summary.song_confusion, result.score_set.genres),
                config=CHART_CONFIG,
                key="ts_shares",
                alt=f"Share of songs of each genre, true and named. {sentence}",
            )
            st.caption(f"Hatched: true share of the songs. Solid: named. {as_markdown(sentence)}")


def genre_table(summary: Summary) -> pd.DataFrame:
    """Return `Genre, Songs, Named` (so often), and in percent `Recall, Precision, F1`.

    One row a genre; a share of no songs is left empty.
    """
    times = summary.song_confusion.sum(axis=0)
    return pd.DataFrame(
        [
            {
                "Genre": item.genre,
                "Songs": item.support,
                "Named": int(named),
                "Recall": 100 * item.recall if item.support else np.nan,
                "Precision": 100 * item.precision if named else np.nan,
                "F1": 100 * item.f1 if item.support or named else np.nan,
            }
            for item, named in zip(summary.per_genre, times, strict=True)
        ]
    )


def _sentence(result: Result) -> str:
    counts, genres = result.summary.song_confusion, result.score_set.genres
    true, named = counts.sum(axis=1), counts.sum(axis=0)
    surplus = named - true
    if not surplus.any():
        return "Every genre is named as often as it occurs."
    most, least = int(np.argmax(surplus)), int(np.argmin(surplus))
    return (
        f"Named most too often: {genres[most]}, {count(named[most], 'time')} for "
        f"{count(true[most], 'song')}; most too rarely: {genres[least]}, "
        f"{count(named[least], 'time')} for {true[least]}."
    )
