"""Length, richness and sentiment by genre over seventy years."""

import pandas as pd
import streamlit as st

from genre_core.lyrics import bundled
from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.statistics import ALL_YEARS, FEW_SONGS
from genre_core.plots.lyrics.over_years import TITLES, over_years_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.choice import choice
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.lyrics.link import Quantity, Span
from genre_core.ui.pages.lyrics.standing import decades
from genre_core.ui.pages.lyrics.state import LyricsState

_NAMES: dict[Quantity, str] = {
    "n_words": "Length",
    "richness": "Richness",
    "net_sentiment": "Sentiment",
}
_SPANS: dict[Span, str] = {10: "By decade", 1: "By year"}
_USUAL = ("hip hop", "pop", "rnb_soul", "rock")  # those with songs enough in most decades
_MEANING: dict[Quantity, str] = {
    "n_words": "Words of a song, repeats included.",
    "richness": "The share of different words among 50 in a row (Johnson 1944). So a long song "
    "does not look poorer than a short one.",
    "net_sentiment": "Positive minus negative words, divided by both together, by the list of Hu "
    "and Liu (2004), without “like”. “Not” and irony are not understood.",
}
_QUANTITY, _SPAN, _GENRES = "lyrics_quantity", "lyrics_span", "lyrics_genres"


@st.cache_data(show_spinner=False)
def years() -> pd.DataFrame:
    """Return the bundled table by year."""
    return bundled.read_table(bundled.YEARS_FILE)


def over_years(state: LyricsState) -> None:
    """Show one quantity of several genres over decades or years."""
    view = state.view
    table = decades() if view.span_years > 1 else years()
    genres = _controls(state, table)
    st.caption(_MEANING[view.quantity])
    if not genres:
        st.info("Choose a genre.")
        return
    sentence = finding(table, view.quantity, genres, view.span_years)
    st.markdown(as_markdown(sentence, 600))
    st.plotly_chart(
        over_years_figure(table, view.quantity, genres, view.span_years),
        config=CHART_CONFIG,
        key="lyrics_over_years",
        alt=f"{TITLES[view.quantity]} by genre and year. {sentence}",
    )
    st.caption(
        "A dot is the mean of the songs, its line the 95 % interval (Student’s t). A grey cross "
        f"has fewer than {FEW_SONGS} songs; with fewer than 5 nothing is shown. The genre is the "
        "artist’s, the year that of the chart or album. These are hits, not all music: what became "
        "a hit may have changed, and not how songs are written."
    )
    with st.expander("All numbers", icon=":material/table:"):
        shown = table[
            (table["quantity"] == view.quantity)
            & table["genre"].isin(genres)
            & (table["start"] != ALL_YEARS)
        ]
        st.dataframe(
            shown.drop(columns="quantity").assign(genre=shown["genre"].map(genre_name)),
            hide_index=True,
        )


def finding(table: pd.DataFrame, quantity: str, genres: list[str], span_years: int) -> str:
    """Return how the quantity changed from the first to the last well-filled period."""
    rows = table[
        (table["quantity"] == quantity)
        & (table["start"] != ALL_YEARS)
        & (table["n"] >= FEW_SONGS)
        & table["genre"].isin(genres)
    ]
    digits = 0 if quantity == "n_words" else 2
    suffix = "s" if span_years > 1 else ""
    parts = []
    for genre in genres:
        own = rows[rows["genre"] == genre].sort_values("start")
        if len(own) < 2:
            continue
        first, last = own.iloc[0], own.iloc[-1]
        apart = first["high"] < last["low"] or last["high"] < first["low"]
        parts.append(
            f"{genre_name(genre)} {first['mean']:.{digits}f} ({first['start']}{suffix}) to "
            f"{last['mean']:.{digits}f} ({last['start']}{suffix})"
            f"{'' if apart else ', intervals overlap'}"
        )
    if not parts:
        return "No genre here has two periods with songs enough to compare."
    return "From first to last: " + "; ".join(parts).replace("-", "−") + "."


def _controls(state: LyricsState, table: pd.DataFrame) -> list[str]:
    """Show what is drawn; return the genres."""
    view = state.view
    known = sorted(table["genre"].unique().tolist())
    asked = [genre for genre in view.genres.split(".") if genre in known]
    st.session_state[_GENRES] = asked or [genre for genre in _USUAL if genre in known]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        choice("Quantity", _NAMES, view.quantity, _QUANTITY, lambda q: state.change(quantity=q))
        choice("Period", _SPANS, view.span_years, _SPAN, lambda n: state.change(span_years=n))
    chosen = st.pills(
        "Genres",
        known,
        selection_mode="multi",
        format_func=genre_name,
        key=_GENRES,
        on_change=lambda: state.change(genres=".".join(st.session_state[_GENRES])),
    )
    return list(chosen)
