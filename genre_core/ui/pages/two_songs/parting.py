"""Where the two songs part: genre by genre, and moment by moment."""

import streamlit as st

from genre_core.errors import GenreError
from genre_core.inference.song_pair import FramePair, JudgedSong, SongPair
from genre_core.plots.paired_scores import difference_in_words, paired_scores_figure
from genre_core.plots.style import CHART_CONFIG
from genre_core.ui import services
from genre_core.ui.components.play_frame.component import FrameButton, play_frame
from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.two_songs import words
from genre_core.ui.pages.two_songs.side import player_key
from genre_core.ui.words import percent

_ALIKE = (
    "Alike means that the network makes nearly the same of the sound just before it names a genre. "
    "It does not follow melody or words."
)


def parting(pair: SongPair, first: JudgedSong, second: JudgedSong) -> None:
    """Show the moments and the chart."""
    with st.grid(2, min_column_width=340, gap="medium"):
        with st.container(gap="small"):
            st.header("Where they meet, where they part", anchor=False)
            _moments(pair, first, second)
        with st.container(gap="small"):
            st.header("Genre by genre", anchor=False)
            _scores(pair, first, second)


def _moments(pair: SongPair, first: JudgedSong, second: JudgedSong) -> None:
    st.markdown(as_markdown(words.alike_in_words(pair.most_alike, first, second)))
    _buttons("alike", pair.most_alike, first, second)
    if pair.least_alike != pair.most_alike:  # else each song has one frame
        st.markdown(as_markdown(words.unlike_in_words(pair.least_alike, first, second)))
        _buttons("unlike", pair.least_alike, first, second)
    whole = _as_a_whole(pair, first.model_sha256)
    if whole:
        st.markdown(as_markdown(whole))
    st.caption(_ALIKE)


def _buttons(name: str, pair: FramePair, first: JudgedSong, second: JudgedSong) -> None:
    play_frame(
        [
            FrameButton(
                player_key(number),
                frame,
                f"{place}, {words.start_of(song, frame)}",
                f"Play the {place.lower()} song from {words.start_of(song, frame)}",
            )
            for number, place, song, frame in (
                (0, "First", first, pair.first),
                (1, "Second", second, pair.second),
            )
        ],
        key=f"two_songs_{name}",
    )


def _as_a_whole(pair: SongPair, model_sha256: str) -> str:
    """Return how alike the songs are beside all pairs of test songs; empty where unknown."""
    try:
        known = services.songs_embedded_by(model_sha256)
    except GenreError:
        return ""  # the page "Analyse a song" says what is wrong
    if known is None:
        return ""
    songs, space = known
    return words.whole_in_words(space.share_of_pairs_below(pair.similarity), len(songs.songs))


def _scores(pair: SongPair, first: JudgedSong, second: JudgedSong) -> None:
    st.caption(
        "A circle with 1 is the score of the first song, a square with 2 that of the second. On "
        "top is what the first has more of, at the bottom what the second has more of, in points "
        "of 100."
    )
    one, other = first.verdict.scores, second.verdict.scores
    st.plotly_chart(
        paired_scores_figure(one, other, pair.genres, pair.order),
        config=CHART_CONFIG,
        key="two_songs_scores",
        alt="Scores of the first and the second song: "
        + "; ".join(
            f"{pair.genres[i]} {percent(one[i])} and {percent(other[i])} "
            f"({difference_in_words(100 * float(pair.differences[i]))})"
            for i in pair.order
        ),
    )
