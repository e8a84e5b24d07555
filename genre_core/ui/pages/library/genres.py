"""The share of songs per genre, and how the genres spread over the years."""

import pandas as pd
import streamlit as st

from genre_core.library.store import LibraryStore
from genre_core.plots.library.genre_shares import genre_shares_figure
from genre_core.plots.library.over_years import over_years_figure, years_in_bar
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.genre_chip import legend
from genre_core.ui.pages.library import cached
from genre_core.ui.pages.library.state import LibraryState
from genre_core.ui.words import count, percent


def genres(state: LibraryState, store: LibraryStore, version: str) -> None:
    """Show both figures of the songs wanted."""
    counts = store.genre_counts(state.view.songs)
    n_songs = sum(counts.values())
    if n_songs == 0:
        st.info("No song fits. Take back a filter or change the search.", icon=":material/search:")
        return
    st.header("Share of songs per genre", anchor=False)
    first = next(iter(counts))
    sentence = (
        f"Of {count(n_songs, 'song')}, {percent(counts[first] / n_songs, 0)} are named {first}."
    )
    st.caption(f"{sentence} Longer songs count the same as short ones.")
    st.plotly_chart(
        genre_shares_figure(counts),
        config=CHART_CONFIG,
        key="library_shares",
        alt="Songs of each genre: " + ", ".join(f"{name} {n:,}" for name, n in counts.items()),
    )
    _years(state, store, version, tuple(sorted(counts)))


def _years(state: LibraryState, store: LibraryStore, version: str, names: tuple[str, ...]) -> None:
    st.header("Over the years", anchor=False)
    by_year = cached.years(version, store, state.view.songs)
    if not by_year:
        st.info("None of these songs has a year in its tags.", icon=":material/event:")
        return
    n_with = sum(sum(songs.values()) for songs in by_year.values())
    step = years_in_bar(by_year)
    bar = "one year" if step == 1 else f"{step} years"
    st.caption(
        f"{count(n_with, 'song')} with a year in the tags, {min(by_year)} to {max(by_year)}; "
        f"each bar is {bar}, its colours are the verdicts."
    )
    as_share = st.toggle("Each bar as 100 %", key="library_year_shares")
    legend(names)
    st.plotly_chart(
        over_years_figure(by_year, as_share),
        config=CHART_CONFIG,
        key="library_years",
        alt=f"Songs by year and genre, {min(by_year)} to {max(by_year)}; the table below has them.",
    )
    with st.expander("As a table", icon=":material/table:"):
        frame = pd.DataFrame.from_dict(by_year, orient="index").fillna(0).astype(int)
        st.dataframe(frame.rename_axis("Year").sort_index(axis=1), height=300)
