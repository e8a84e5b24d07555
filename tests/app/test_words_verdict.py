"""The verdict of the words beside that of the sound, for a song that carries its lyrics."""

import io
from collections.abc import Callable

import mutagen
import mutagen.id3
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genre_core.lyrics.analysis import analyse_lyrics
from genre_core.lyrics.bundled import bundled_model, examples
from genre_core.lyrics.reading import parse_any
from genre_core.types import Verdict
from genre_core.ui.pages.analyse.words_verdict import agreement
from genre_core.ui.songs import Song

METAL = "Blood and death\nDarkness shall rise within the flesh of the dead\n" * 8


def sound(genre: str) -> Verdict:
    genres = ("hiphop", "jazz", "metal")
    scores = np.where(np.array(genres) == genre, 0.8, 0.1).astype(np.float32)
    return Verdict(genres, scores, genre, "jazz", 0.8, 0.7, 0.0, 1, "mean")


def song(lyrics: str | None, wav_bytes: Callable[..., bytes]) -> Song:
    data = wav_bytes(1.0, 8_000)
    if lyrics is not None:
        buffer = io.BytesIO(data)
        file = mutagen.File(buffer)
        file.add_tags()
        file.tags.add(mutagen.id3.USLT(encoding=3, lang="eng", text=lyrics))
        buffer.seek(0)
        file.save(buffer)
        data = buffer.getvalue()
    return Song.from_bytes("song.wav", data)


def shown(given: Song, verdict: Verdict) -> AppTest:
    def script(given, verdict):  # its text is run on its own, where no other name is known
        from genre_core.ui.pages.analyse.words_verdict import words_verdict

        words_verdict(given, verdict)

    return AppTest.from_function(script, args=(given, verdict), default_timeout=240).run()


def test_a_song_without_lyrics_shows_nothing(wav_bytes: Callable[..., bytes]) -> None:
    test = shown(song(None, wav_bytes), sound("metal"))
    assert not test.exception
    assert not test.header
    assert not test.markdown


def test_both_verdicts_are_shown_with_their_confidence(wav_bytes: Callable[..., bytes]) -> None:
    test = shown(song(METAL, wav_bytes), sound("jazz"))
    assert not test.exception
    assert test.header[0].value == "What the words say"
    assert '<p class="gr-genre">metal</p>' in test.get("html")[0].proto.body
    said = test.markdown[0].value.replace("\\", "")
    assert said.startswith("Sound: jazz, 80%. Words: metal, ")
    assert "disagree" in said


def test_lyrics_that_are_too_long_say_so(wav_bytes: Callable[..., bytes]) -> None:
    test = shown(song("la " * 40_000, wav_bytes), sound("metal"))
    assert not test.exception
    assert "100,000" in test.warning[0].value


@pytest.mark.parametrize(
    ("genre", "said"),
    [
        ("metal", "They agree."),
        ("hiphop", "They disagree. The two"),
        ("jazz", "The model of words does not know jazz."),
    ],
)
def test_agreement(genre: str, said: str) -> None:
    words = analyse_lyrics(parse_any(METAL), bundled_model())
    assert said in agreement(sound(genre), words)


def test_one_genre_in_two_spellings_agrees() -> None:
    [rap] = [each for each in examples() if each.genre == "hip hop"]
    words = analyse_lyrics(parse_any(rap.text), bundled_model())
    assert words.genre == "hip hop"
    assert agreement(sound("hiphop"), words).endswith("They agree.")
