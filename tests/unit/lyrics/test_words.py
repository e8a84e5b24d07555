"""Words as the corpus has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.lyrics.words import count_words, tokenise


def words(text: str) -> list[str]:
    return [token.word for token in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop", ["don't", "stop"]),
        ("Don’t stop", ["don't", "stop"]),
        ("nothin' 'bout it", ["nothin", "bout", "it"]),
        ("Café déjà", ["cafe", "deja"]),
        ("24/7 my self-made 2pac", ["my", "self", "made", "pac"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
        ("🎵🎶 ♪ … 💔", []),
        ("שלום עולם", ["שלום", "עולם"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(st.text(max_size=300))
def test_a_token_stands_where_it_says(text: str) -> None:
    end = 0
    for token in tokenise(text):
        assert end <= token.start < token.end <= len(text)
        assert tokenise(text[token.start : token.end])[0].word == token.word
        assert token.word == token.word.casefold() or not token.word.isascii()
        end = token.end


@given(st.lists(st.text("ab'c D", max_size=20), max_size=8), st.randoms())
def test_the_order_of_lines_changes_no_bag(lines: list[str], random: object) -> None:
    before = count_words(words("\n".join(lines)))
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert count_words(words("\n".join(lines))) == before
    assert list(before) == sorted(before)
