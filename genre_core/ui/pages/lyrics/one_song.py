"""One song's words: verdict, shaded text, sentiment along the lines, where it stands."""

import json

import streamlit as st

from genre_core.lyrics import bundled
from genre_core.lyrics.analysis import LyricsAnalysis, WordEvidence, analyse_lyrics
from genre_core.lyrics.export import analysis_record
from genre_core.lyrics.genres import genre_name
from genre_core.plots.lyrics.sentiment import sentiment_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui.components import words_card
from genre_core.ui.components.download import download
from genre_core.ui.components.text import as_html, as_markdown, file_stem
from genre_core.ui.pages.lyrics.shaded import key_html, scores_html, shaded_html
from genre_core.ui.pages.lyrics.standing import standing
from genre_core.ui.pages.lyrics.state import LyricsState
from genre_core.ui.pages.lyrics.text_input import chosen, text_input

_ABOUT = "lyrics_about"


def one_song(state: LyricsState) -> None:
    """Show the ways in and, once there are words, what they say."""
    text_input(state)
    given = chosen(state)
    if given is None:
        genres = [genre_name(genre) for genre in bundled.bundled_model().genres]
        st.caption(
            f"The model knows {', '.join(genres[:-1])} and {genres[-1]}, in English. It learnt "
            "from counts of words; no lyrics come with this app."
        )
        return
    lyrics, name = given
    # Not cached: it takes milliseconds, and a cache would keep people's texts.
    analysis = analyse_lyrics(lyrics, bundled.bundled_model())
    st.html(f'<h2 class="gr-song">{as_html(name)}</h2>')
    if lyrics.marks:
        marks = ", ".join(as_markdown(mark, 60) for mark in lyrics.marks[:12])
        more = f" and {len(lyrics.marks) - 12} more" if len(lyrics.marks) > 12 else ""
        st.caption(f"Not counted as words of the song: {marks}{more}.")
    for warning in analysis.warnings:
        st.warning(as_markdown(warning), icon=":material/translate:")
    words_card.show_verdict(st, analysis)
    st.html(scores_html(analysis))
    _text(state, analysis)
    _sentiment(analysis)
    standing(analysis, _about(state, analysis))
    _section("Keep it", "Measures, scores and the words for and against; the lyrics are not in it.")
    download(
        "All as JSON",
        data=json.dumps(analysis_record(analysis, name), indent=1, ensure_ascii=False),
        file_name=f"{file_stem(name)}-words.json",
        icon=":material/download:",
        key="lyrics_download",
    )


def _about(state: LyricsState, analysis: LyricsAnalysis) -> str:
    """Return the genre that the words are shaded for."""
    return state.view.about if state.view.about in analysis.model.genres else analysis.genre


def _text(state: LyricsState, analysis: LyricsAnalysis) -> None:
    about = _about(state, analysis)
    _section(
        "What each word says",
        "A word counts once, however often it is sung. Rare words count more. Point at a word to "
        "see its weight, and how common it is in each genre.",
    )
    st.session_state[_ABOUT] = about
    st.selectbox(
        "Genre asked about",
        analysis.model.genres,
        format_func=genre_name,
        key=_ABOUT,
        on_change=lambda: state.change(about=st.session_state[_ABOUT]),
        width=280,
    )
    st.html(key_html(about))
    st.html(shaded_html(analysis, about))
    with st.grid(2, min_column_width=300, gap="medium"):
        _evidence("for", about, analysis.words_for(about), analysis)
        _evidence("against", about, analysis.words_against(about), analysis)


def _evidence(
    side: str, genre: str, words: tuple[WordEvidence, ...], analysis: LyricsAnalysis
) -> None:
    column = analysis.model.genres.index(genre)
    listed = (
        ", ".join(
            f"**{as_markdown(each.word, 40)}** {each.evidence[column]:+.2f}".replace("-", "−")
            for each in words
        )
        or "no word"
    )
    st.markdown(f"Most {side} {as_markdown(genre_name(genre))}: {listed}")


def _sentiment(analysis: LyricsAnalysis) -> None:
    measures = analysis.measures
    counted = measures.sentiment
    _section(
        "Sentiment along the lines",
        "Positive words stand above the line, negative ones below, as the list of Hu and Liu "
        "(2004) has them. “Like” is left out: in songs it mostly compares.",
    )
    if counted.net is None:
        st.info("No word of this text is in the list of positive and negative words.")
        return
    alt = (
        f"{counted.positive} positive and {counted.negative} negative words in "
        f"{measures.n_lines} lines; net sentiment {counted.net:+.2f}."
    )
    st.plotly_chart(
        sentiment_figure(analysis.lyrics.lines, measures.line_sentiment),
        config=CHART_CONFIG,
        key="lyrics_sentiment",
        alt=alt,
    )
    st.caption(alt.replace("-", "−"))
    if counted.negated:
        phrases = ", ".join(f"“{as_markdown(phrase, 60)}”" for phrase in counted.negated[:8])
        st.caption(
            f"Whoever counts words does not understand “not”: of {phrases} the last word counts."
        )


def _section(title: str, sentence: str) -> None:
    st.header(title, anchor=False)
    st.caption(sentence)
