"""Where a song stands among the songs of a genre and a decade."""

import pandas as pd
import streamlit as st

from genre_core.lyrics import bundled
from genre_core.lyrics.analysis import LyricsAnalysis
from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.measures import Measures
from genre_core.lyrics.statistics import (
    ALL_YEARS,
    FEW_SONGS,
    QUANTILE_COLUMNS,
    QUANTITIES,
    percentile,
)
from genre_core.plots.lyrics.standing import standing_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.text import as_markdown

_TITLES = {
    "n_words": "Length (words)",
    "richness": "Richness (share of different words in 50)",
    "net_sentiment": "Net sentiment (−1 all negative, 1 all positive)",
}
_MISSING = {
    "richness": "The text has fewer than 50 words: too few to measure richness.",
    "net_sentiment": "There is no sentiment to compare.",
}


@st.cache_data(show_spinner=False)
def decades() -> pd.DataFrame:
    """Return the bundled table by decade."""
    return bundled.read_table(bundled.DECADES_FILE)


def standing(analysis: LyricsAnalysis, genre: str) -> None:
    """Show length, richness and sentiment of a song on those of a genre's songs."""
    st.header("Where this song stands", anchor=False)
    table = decades()
    own = table[(table["genre"] == genre) & (table["n"] >= FEW_SONGS)]
    periods = sorted(own["start"].unique().tolist(), reverse=True)
    if not periods:
        st.caption(f"There are too few dated songs of {as_markdown(genre_name(genre))}.")
        return
    st.caption(
        f"The diamond is this song. The bar holds 90 of 100 {as_markdown(genre_name(genre))} songs "
        "of the decade, its dark part the middle 50. Half of the songs lie on each side of the "
        "tick."
    )
    start = st.selectbox(
        "Decade",
        periods,
        format_func=lambda year: f"{year}s" if year != ALL_YEARS else "all years",
        index=periods.index(ALL_YEARS) if ALL_YEARS in periods else 0,
        key="lyrics_decade",
        width=180,
    )
    for quantity in QUANTITIES:
        rows = own[(own["quantity"] == quantity) & (own["start"] == start)]
        value = value_of(analysis.measures, quantity)
        if value is None:
            st.caption(_MISSING[quantity])
        elif len(rows):
            _one(quantity, value, rows.iloc[0], genre)


def value_of(measures: Measures, quantity: str) -> float | None:
    """Return one of `QUANTITIES` of a song; None where the text is too short for it."""
    match quantity:
        case "n_words":
            return float(measures.n_words)
        case "richness":
            return measures.richness
        case _:
            return measures.sentiment.net


def _one(quantity: str, value: float, row: pd.Series, genre: str) -> None:
    quantiles = [float(row[column]) for column in QUANTILE_COLUMNS]
    sentence = (
        f"{_TITLES[quantity].split(' (')[0]} {value:.3g}: {_place(value, quantiles)} of "
        f"{int(row['n']):,} songs of {genre_name(genre)}."
    ).replace("-", "−")
    st.plotly_chart(
        standing_figure(value, quantiles, genre, _TITLES[quantity]),
        config=CHART_CONFIG,
        key=f"lyrics_standing_{quantity}",
        alt=sentence,
    )
    st.caption(as_markdown(sentence))


def _place(value: float, quantiles: list[float]) -> str:
    """Return how many of 100 songs a value is above, as far as the table says."""
    if value < quantiles[0]:
        return "below 95 of 100"
    if value > quantiles[-1]:
        return "above 95 of 100"
    return f"above about {percentile(value, quantiles):.0f} of 100"
