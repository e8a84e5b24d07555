"""Words with a sentiment: the lexicon "Bing".

References
----------
Hu, Liu (2004): Mining and summarizing customer reviews. KDD.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from genre_core.assets import LYRICS_FOLDER
from genre_core.errors import LyricsError

LEXICON_FILE = LYRICS_FOLDER / "bing.csv"
# Positive in the lexicon, but in songs mostly a comparison ("like a stone").
LEFT_OUT = frozenset({"like"})
# What turns the word after it round; the method counts words and cannot see it.
NEGATIONS = frozenset(
    {
        *("not", "no", "never", "nothing", "nobody", "without", "cannot", "can't", "ain't"),
        *("don't", "won't", "isn't", "wasn't", "aren't", "weren't", "didn't", "doesn't"),
        *("couldn't", "wouldn't", "shouldn't", "haven't", "hasn't", "hadn't"),
    }
)


@dataclass(frozen=True)
class Lexicon:
    """Positive and negative words."""

    positive: frozenset[str]
    negative: frozenset[str]

    def sentiment(self, word: str) -> int:
        """Return 1 for a positive word, -1 for a negative one, 0 for any other."""
        return (word in self.positive) - (word in self.negative)

    def without(self, words: frozenset[str]) -> "Lexicon":
        """Return the lexicon without some words."""
        return Lexicon(self.positive - words, self.negative - words)


def load_lexicon(path: Path = LEXICON_FILE) -> Lexicon:
    """Read the lexicon as it was published: columns word and sentiment.

    Three of its words are both positive and negative; they cancel out.

    Raises
    ------
    LyricsError
        If the file is missing or not of that form.
    """
    words: dict[str, set[str]] = {"positive": set(), "negative": set()}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words[row["sentiment"]].add(row["word"])
    except (OSError, KeyError, csv.Error, UnicodeDecodeError) as error:
        raise LyricsError(f"{path}: not a lexicon of words and sentiments ({error}).") from error
    return Lexicon(frozenset(words["positive"]), frozenset(words["negative"]))


@cache
def default_lexicon() -> Lexicon:
    """Return the bundled lexicon without the words that `LEFT_OUT` names."""
    return load_lexicon().without(LEFT_OUT)
