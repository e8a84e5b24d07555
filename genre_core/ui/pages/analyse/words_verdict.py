"""What the words of a song say, beside its sound, where the file carries its lyrics."""

import streamlit as st

from genre_core.datasets.labels import same_label
from genre_core.errors import GenreError
from genre_core.lyrics.analysis import LyricsAnalysis, analyse_lyrics
from genre_core.lyrics.bundled import bundled_model
from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.tags import lyrics_in_song
from genre_core.types import Verdict
from genre_core.ui.components import words_card
from genre_core.ui.components.text import as_markdown
from genre_core.ui.songs import Song


def words_verdict(song: Song, sound: Verdict) -> None:
    """Show the verdict of the words under that of the sound; nothing for a song without lyrics."""
    try:
        lyrics = lyrics_in_song(song.data, song.name)
        if lyrics is None:
            return
        words = analyse_lyrics(lyrics, bundled_model())
    except GenreError as error:
        st.warning(as_markdown(str(error)), icon=":material/lyrics:")
        return
    st.header("What the words say", anchor=False)
    st.caption(
        f"This file carries its lyrics ({as_markdown(lyrics.source)}). The words are read apart "
        "from the sound; the page “Lyrics” takes them word by word."
    )
    for warning in words.warnings:
        st.warning(as_markdown(warning), icon=":material/translate:")
    words_card.show_verdict(st, words)
    st.markdown(as_markdown(agreement(sound, words), 600))


def agreement(sound: Verdict, words: LyricsAnalysis) -> str:
    """Return both verdicts with their confidence, and whether they disagree."""
    both = (
        f"Sound: {sound.genre}, {sound.confidence:.0%}. "
        f"Words: {genre_name(words.genre)}, {words.confidence:.0%}."
    )
    if same_label(words.genre, (sound.genre,)):
        return f"{both} They agree."
    reasons = []
    if not same_label(sound.genre, words.model.genres):
        reasons.append(f"the model of words does not know {sound.genre}")
    if not same_label(words.genre, sound.genres):
        reasons.append(f"the network does not know {genre_name(words.genre)}")
    why = " and ".join(reasons)
    why = f" {why[0].upper()}{why[1:]}." if why else ""
    return (
        f"{both} They disagree.{why} The two are not combined: no data here could tell how much "
        "each is worth."
    )
