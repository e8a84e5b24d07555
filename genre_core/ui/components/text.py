"""Foreign text made safe to show: file names and tags are anybody's."""

import html
import re
import unicodedata

# A number and its unit, and a range of numbers: no line may end inside them.
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:%|k?Hz|dB|m?s)(?![A-Za-z]))")
_IN_RANGE = re.compile(r"(?<=\d)–(?=\d)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&@/])")


def tidy(text: str, most: int = 60) -> str:
    """Return foreign text as one short line.

    Control and direction characters are dropped, so that a name cannot reverse the text around
    it; a long name loses its middle and keeps its ending.

    `most` is the largest number of characters.
    """
    visible = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    line = " ".join(visible.split()) or "unnamed"
    if len(line) <= most:
        return line
    tail = most // 3
    return f"{line[: most - tail - 1]}…{line[-tail:]}"


def unbroken(text: str) -> str:
    """Return words for the page in which no line ends between a number and its unit."""
    return _IN_RANGE.sub("–\u2060", _BEFORE_UNIT.sub("\u00a0", text))


def decibels(value: float) -> str:
    """Return e.g. "−60 dB"."""
    return f"{value:.0f}\u00a0dB".replace("-", "−")


def as_html(text: str, most: int = 60) -> str:
    """Return foreign text for HTML: tidied, escaped and kept apart from the direction around it."""
    return f"<bdi>{html.escape(tidy(text, most))}</bdi>"


def as_markdown(text: str, most: int = 400) -> str:
    """Return foreign text for a Markdown element: tidied and without any markup."""
    return _MARKDOWN.sub(r"\\\1", tidy(text, most))


def file_stem(text: str, most: int = 50) -> str:
    """Return a plain ASCII file name, without ending, of foreign text."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", plain)
    return re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:most].lower() or "song"
