"""The most typical words of each genre."""

import pandas as pd
import streamlit as st

from genre_core.lyrics import bundled
from genre_core.lyrics.genres import genre_name
from genre_core.plots.lyrics.typical import typical_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components.choice import choice
from genre_core.ui.components.offensive import with_dots
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.lyrics.link import TextKind
from genre_core.ui.pages.lyrics.state import LyricsState

TEXT_KINDS: dict[TextKind, str] = {"raw": "Whole texts", "processed": "Without stop words"}
_ORIGIN: dict[TextKind, str] = {
    "raw": "11,253 whole texts of six genres, charts and albums of 1950 to 2024.",
    "processed": "27,899 songs of seven genres, 1950 to 2019 (Moura et al., Music Dataset: Lyrics "
    "and Metadata). Small words such as “the” are missing, endings are cut off, and some common "
    "words (never, happy, bad) were lost.",
}
_N_SHOWN = 20
_KIND, _GENRE = "lyrics_typical_kind", "lyrics_typical_genre"


@st.cache_data(show_spinner=False)
def typical_table() -> pd.DataFrame:
    """Return the bundled table."""
    return bundled.read_table(bundled.TYPICAL_FILE)


def typical(state: LyricsState) -> None:
    """Show the words that set one genre apart from the others."""
    table = typical_table()
    kind_chosen(state, _KIND)
    rows = table[table["text_kind"] == state.view.text_kind]
    genres = rows["genre"].unique().tolist()
    genre = state.view.genre if state.view.genre in genres else genres[0]
    st.session_state[_GENRE] = genre
    st.pills(
        "Genre",
        genres,
        format_func=genre_name,
        key=_GENRE,
        required=True,
        on_change=lambda: state.change(genre=st.session_state[_GENRE] or ""),
    )
    own = rows[rows["genre"] == genre].head(_N_SHOWN)
    own = own.assign(shown=own["word"].map(with_dots))
    first = own.iloc[0]
    sentence = (
        f"“{first['shown']}” stands in {100 * first['share']:.1f} % of the songs of "
        f"{genre_name(genre)} and in {100 * first['share_elsewhere']:.1f} % of the others."
    )
    st.markdown(as_markdown(sentence))
    st.plotly_chart(
        typical_figure(own, genre),
        config=CHART_CONFIG,
        key="lyrics_typical",
        alt=f"Most typical words of {genre_name(genre)}: {', '.join(own['shown'])}. {sentence}",
    )
    st.caption(
        f"{_ORIGIN[state.view.text_kind]} A word ranks high if it is much more frequent here than "
        "elsewhere, and in many songs (log-odds with an informative prior; Monroe, Colaresi, Quinn "
        "2008). It counts once a song; words of fewer than 10 artists are left out. Offensive "
        "words are shown with dots."
    )


def kind_chosen(state: LyricsState, key: str) -> None:
    """Show the choice between the two kinds of text, which never mix."""
    choice(
        "Texts",
        TEXT_KINDS,
        state.view.text_kind,
        key,
        lambda kind: state.change(text_kind=kind, genre=""),
    )
