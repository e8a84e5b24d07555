"""Length, richness, repetition and sentiment of lyrics.

References
----------
Johnson (1944): Studies in language behavior, I: A program of research. Psychological
    Monographs 56(2). The mean segmental type-token ratio, which length does not bias.
Hu, Liu (2004): Mining and summarizing customer reviews. KDD.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from genre_core.lyrics.lexicon import NEGATIONS, Lexicon, default_lexicon
from genre_core.lyrics.text import Line, Lyrics

WINDOW_WORDS = 50
_NEGATION_REACH = 3  # words before a word of the lexicon in which a negation may turn it round


@dataclass(frozen=True)
class Sentiment:
    """Words of the lexicon in a text.

    Attributes
    ----------
    positive, negative : int
        Positive and negative words, each as often as it occurs.
    negated : tuple of str
        Phrases such as "not happy", which the counts take for their last word alone.
    """

    positive: int
    negative: int
    negated: tuple[str, ...] = ()

    @property
    def net(self) -> float | None:
        """(positive - negative) / (positive + negative), -1 to 1; None without either."""
        n = self.positive + self.negative
        return (self.positive - self.negative) / n if n else None


@dataclass(frozen=True)
class Measures:
    """What can be counted in lyrics.

    Attributes
    ----------
    n_words, n_unique : int
        Words, and different words.
    type_token_ratio : float
        `n_unique / n_words`; a longer text has a lower one.
    richness : float or None
        Mean type-token ratio of windows of `WINDOW_WORDS` words; None for a shorter text.
    n_lines : int
        Lines with a word in them.
    repetition : float
        Share of those lines whose words a line before them had, 0 to 1.
    sentiment : Sentiment
    line_sentiment : tuple of Sentiment
        Of every line of the lyrics, also of those without a word.
    """

    n_words: int
    n_unique: int
    type_token_ratio: float
    richness: float | None
    n_lines: int
    repetition: float
    sentiment: Sentiment
    line_sentiment: tuple[Sentiment, ...]


def measure(lyrics: Lyrics, lexicon: Lexicon | None = None) -> Measures:
    """Measure lyrics; the lexicon is the bundled one without "like" by default."""
    lexicon = lexicon or default_lexicon()
    words = lyrics.words
    n_unique = len(set(words))
    by_line = tuple(sentiment_of(_words(line), lexicon) for line in lyrics.lines)
    return Measures(
        n_words=len(words),
        n_unique=n_unique,
        type_token_ratio=n_unique / len(words) if words else 0.0,
        richness=richness(words),
        n_lines=sum(bool(line.tokens) for line in lyrics.lines),
        repetition=repetition(lyrics.lines),
        sentiment=Sentiment(
            sum(each.positive for each in by_line),
            sum(each.negative for each in by_line),
            tuple(dict.fromkeys(phrase for each in by_line for phrase in each.negated)),
        ),
        line_sentiment=by_line,
    )


def richness(words: Sequence[Hashable], window: int = WINDOW_WORDS) -> float | None:
    """Return the mean segmental type-token ratio (Johnson 1944).

    The words are cut into windows that do not overlap; a rest shorter than a window is left out.

    Returns
    -------
    float or None
        Above 0, at most 1; None where the text is shorter than a window.
    """
    starts = range(0, len(words) - window + 1, window)
    ratios = [len(set(words[start : start + window])) / window for start in starts]
    return sum(ratios) / len(ratios) if ratios else None


def repetition(lines: Sequence[Line]) -> float:
    """Return the share of lines, 0 to 1, whose words an earlier line had in the same order."""
    seen: set[tuple[str, ...]] = set()
    n_lines = n_again = 0
    for line in lines:
        words = _words(line)
        if words:
            n_lines += 1
            n_again += words in seen
            seen.add(words)
    return n_again / n_lines if n_lines else 0.0


def sentiment_of(words: Sequence[str], lexicon: Lexicon) -> Sentiment:
    """Count the words of the lexicon in one line."""
    signs = [lexicon.sentiment(word) for word in words]
    negated = tuple(
        " ".join(words[start : i + 1])
        for i, sign in enumerate(signs)
        if sign and (start := _negation_before(words, i)) is not None
    )
    return Sentiment(signs.count(1), signs.count(-1), negated)


def _negation_before(words: Sequence[str], index: int) -> int | None:
    """Return where the nearest negation stands that may reach the word at `index`."""
    reach = range(index - 1, max(-1, index - 1 - _NEGATION_REACH), -1)
    return next((i for i in reach if words[i] in NEGATIONS), None)


def _words(line: Line) -> tuple[str, ...]:
    return tuple(token.word for token in line.tokens)
