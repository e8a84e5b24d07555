"""Lyrics as lines, and what in a text is no word of the song.

Section marks ("[Chorus]", "Verse 2:", "x2") and HTML tags are taken out and told.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from genre_core.errors import LyricsError
from genre_core.lyrics.words import Token, tokenise

MAX_CHARACTERS = 100_000

_SECTION = (
    r"(?:(?:pre|post)[- ]?)?(?:chorus|hook|refrain)|verse|bridge|intro|outro|interlude|"
    r"(?:guitar |piano |sax )?solo|instrumental|spoken|repeat"
)
_NUMBER = r"(?:\s*(?:\d{1,2}|[ivx]{1,4}|[a-d]))?"
_TIMES = r"(?:[x×] ?\d{1,2}|\d{1,2} ?[x×])"
_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_BRACKETS = re.compile(r"\[[^\[\]]{1,80}\]|\{[^{}]{1,80}\}")
_ROUND_MARK = re.compile(
    rf"\((?:{_SECTION})\b[^()]{{0,40}}\)|\((?:repeat )?{_TIMES}\)|(?<!\S){_TIMES}(?!\S)",
    re.IGNORECASE,
)
_HEADING = re.compile(rf"^\W*(?:{_SECTION})\b{_NUMBER}\s*(?::|\W*(?:{_TIMES}\W*)?$)", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line; `start_seconds` is known where the lyrics are timed."""

    text: str
    start_seconds: float | None = None

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The line's words."""
        return tokenise(self.text)


@dataclass(frozen=True)
class Lyrics:
    """The words of one song.

    Attributes
    ----------
    lines : tuple of Line
        In the order of the text; an empty one parts two verses.
    marks : tuple of str
        What was taken out because it is no word of the song, each once, in the order of the text.
    source : str
        "text", "lrc", "srt", or the tag of a song file, e.g. "ID3 USLT".
    """

    lines: tuple[Line, ...]
    marks: tuple[str, ...] = ()
    source: str = "text"

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words in their order."""
        return tuple(token.word for line in self.lines for token in line.tokens)

    @property
    def is_timed(self) -> bool:
        """Whether any line has a time."""
        return any(line.start_seconds is not None for line in self.lines)

    @property
    def text(self) -> str:
        """The lines, without marks and times."""
        return "\n".join(line.text for line in self.lines)


def parse_text(text: str, name: str = "the text") -> Lyrics:
    """Read plain text.

    Raises
    ------
    LyricsError
        If it is too long, holds zero bytes, or has no word in it.
    """
    lines = [(line, None) for line in checked(text, name).split("\n")]
    return with_words(from_lines(lines, "text"), name)


def with_words(lyrics: Lyrics, name: str) -> Lyrics:
    """Return the lyrics, if there is a word in them.

    Raises
    ------
    LyricsError
    """
    if not lyrics.words:
        raise LyricsError(f"{name}: no word in it. Give the lyrics of a song as text.")
    return lyrics


def from_lines(lines: Sequence[tuple[str, float | None]], source: str) -> Lyrics:
    """Take the marks out of lines, each with its start in seconds if known."""
    marks: dict[str, None] = {}
    cleaned: list[Line] = []
    for written, start in lines:
        left = _without_marks(written.strip(), marks)
        if left or (cleaned and cleaned[-1].text and not written.strip()):
            cleaned.append(Line(left, start))
    while cleaned and not cleaned[-1].text:
        cleaned.pop()
    return Lyrics(tuple(cleaned), tuple(marks), source)


def checked(text: str, name: str) -> str:
    """Return text with plain line ends and composed letters, if it can be lyrics at all.

    Raises
    ------
    LyricsError
    """
    if len(text) > MAX_CHARACTERS:
        raise LyricsError(
            f"{name}: {len(text):,} characters; at most {MAX_CHARACTERS:,} are read. "
            "Give the lyrics of one song."
        )
    if "\0" in text:
        raise LyricsError(f"{name}: holds zero bytes, so it is no text. Save it as plain UTF-8.")
    return unicodedata.normalize("NFC", "\n".join(text.splitlines()))


def _without_marks(line: str, marks: dict[str, None]) -> str:
    """Return a line without what is no word of the song, and note that in `marks`."""

    def note(match: re.Match[str]) -> str:
        marks[" ".join(match.group().split())] = None
        return " "

    for pattern in (_TAG, _BRACKETS, _HEADING, _ROUND_MARK):
        line = pattern.sub(note, line)
    return " ".join(line.split())
