"""Measures against known answers."""

import pytest

from genre_core.lyrics.language import language_of
from genre_core.lyrics.lexicon import LEFT_OUT, Lexicon, default_lexicon, load_lexicon
from genre_core.lyrics.measures import measure, repetition, richness, sentiment_of
from genre_core.lyrics.text import Line, parse_text

# The words of the example in the manual of the package LexicalRichness (PyPI, 0.1.2), numbered by
# first use. The manual says: 57 words, 39 different, MSTTR 0.88 in windows of 25 words.
# fmt: off
PUBLISHED = (
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 10, 11, 12, 13, 14, 15, 16, 13, 17, 18, 19,
    20, 21, 22, 11, 23, 19, 24, 25, 26, 13, 18, 27, 28, 29, 30, 31, 32, 33, 22, 34, 32, 35,
    36, 37, 13, 29, 18, 12, 7, 38, 1, 34, 34, 32, 35,
)
# fmt: on


def test_a_text_of_twelve_words_by_hand() -> None:
    measures = measure(parse_text("I love you\nI love you\n\nNo bad dreams\nLike a friend"))
    assert (measures.n_words, measures.n_unique) == (12, 9)
    assert measures.type_token_ratio == pytest.approx(9 / 12)
    assert measures.richness is None
    assert measures.n_lines == 4
    assert measures.repetition == pytest.approx(1 / 4)
    # Positive: love, love; negative: bad; "like" is left out.
    assert (measures.sentiment.positive, measures.sentiment.negative) == (2, 1)
    assert measures.sentiment.net == pytest.approx(1 / 3)
    assert measures.sentiment.negated == ("no bad",)
    assert [line.net for line in measures.line_sentiment] == [1.0, 1.0, None, -1.0, None]


def test_richness_by_hand() -> None:
    words = ["a", "a", "b", "c", "d", "e", "f", "f", "f", "g"]
    # Windows of 4: a a b c (3 of 4), d e f f (3 of 4); the rest is left out.
    assert richness(words, 4) == pytest.approx(3 / 4)
    assert richness(words[:3], 4) is None


def test_richness_against_a_published_example() -> None:
    assert (len(PUBLISHED), len(set(PUBLISHED))) == (57, 39)
    assert richness(PUBLISHED, 25) == pytest.approx(0.88)


def test_length_does_not_bias_richness() -> None:
    pattern = [str(i % 37) for i in range(50)]
    assert richness(pattern * 20) == pytest.approx(richness(pattern))


def test_repetition_sees_words_not_signs() -> None:
    lines = [Line("Oh, yeah!"), Line("oh yeah"), Line(""), Line("yeah oh")]
    assert repetition(lines) == pytest.approx(1 / 3)


def test_the_lexicon_as_published() -> None:
    whole = load_lexicon()
    assert (len(whole.positive), len(whole.negative)) == (2005, 4781)
    assert {"like", "love", "happy"} <= whole.positive
    assert {"bad", "lonely", "cry"} <= whole.negative
    assert whole.sentiment("envious") == 0
    assert default_lexicon().positive == whole.positive - LEFT_OUT


def test_negation_is_shown_and_not_counted() -> None:
    lexicon = Lexicon(frozenset({"happy"}), frozenset({"sad"}))
    words = ["i", "am", "not", "so", "happy", "and", "never", "ever", "really", "really", "sad"]
    found = sentiment_of(words, lexicon)
    assert (found.positive, found.negative) == (1, 1)
    assert found.negated == ("not so happy",)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Baby I love you so, don't you let me go tonight", "en"),
        ("Vielen Dank für die Blumen, vielen Dank, wie lieb von dir", "de"),
        ("Quiero respirar tu cuello, deja que te diga cosas al oído", "es"),
        ("愛してる、君のことを", "ja"),
        ("Na na na na na na na na na na na na", ""),
        ("Hola", ""),
    ],
)
def test_language(text: str, code: str) -> None:
    assert language_of(parse_text(text)).code == code
