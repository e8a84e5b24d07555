"""Text -> words, as the corpus has them: small letters, inner apostrophes, no digits."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_APOSTROPHES = "'’‘ʼ`´＇"
_WORD = re.compile(rf"[^\W\d_]+(?:[{_APOSTROPHES}][^\W\d_]+)*")
_TO_PLAIN = str.maketrans(dict.fromkeys(_APOSTROPHES, "'"))


@dataclass(frozen=True)
class Token:
    """One word and where it stands: `text[start:end]` is how it was written."""

    word: str
    start: int
    end: int


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words of a text in their order.

    A word is a run of letters; apostrophes count inside it ("don't") and not at its ends
    ("nothin'" is "nothin"). Digits and signs are no words; a hyphen ends one.
    """
    return tuple(
        Token(normalise(match.group()), match.start(), match.end())
        for match in _WORD.finditer(text)
    )


def normalise(word: str) -> str:
    """Return a word in small letters, without accents, with plain apostrophes."""
    plain = word.translate(_TO_PLAIN).casefold()
    if plain.isascii():
        return plain
    split = unicodedata.normalize("NFKD", plain)
    letters = "".join(c for c in split if not unicodedata.combining(c))
    return letters.casefold().translate(_TO_PLAIN) or plain


def count_words(words: Iterable[str]) -> dict[str, int]:
    """Return a bag of words: each word's count, in alphabetical order."""
    return dict(sorted(Counter(words).items()))
