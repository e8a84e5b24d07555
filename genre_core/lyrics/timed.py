"""Timed lyrics: `.lrc` ("[01:23.45]words") and SubRip `.srt`."""

import re
from collections.abc import Iterator

from genre_core.errors import LyricsError
from genre_core.lyrics.text import Lyrics, checked, from_lines, with_words

_LRC_STAMPS = re.compile(r"^\s*((?:\[\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?\]\s*)+)(.*)$")
_LRC_STAMP = re.compile(r"\[(\d{1,3}):(\d{1,2})(?:[.:](\d{1,3}))?\]")
_LRC_WORD_STAMP = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>")
_LRC_TAG = re.compile(r"^\s*\[([a-z#]{1,10}):([^\]]*)\]\s*$", re.IGNORECASE)
_SRT_TIMES = re.compile(r"^\s*(\d{1,2}):(\d{2}):(\d{2})[.,](\d{1,3})\s*-->\s*\d{1,2}:\d{2}:\d{2}")


def is_lrc(text: str) -> bool:
    """Return whether any line of a text has an `.lrc` time stamp."""
    return any(_LRC_STAMPS.match(line) for line in text.splitlines())


def parse_lrc(text: str, name: str = "the text") -> Lyrics:
    """Read `.lrc`: a line with several stamps is sung as often; `[offset:ms]` shifts all.

    Raises
    ------
    LyricsError
        As `parse_text`, and if no line has a time stamp.
    """
    timed: list[tuple[str, float | None]] = []
    offset_seconds = 0.0
    for line in checked(text, name).split("\n"):
        stamped = _LRC_STAMPS.match(line)
        tag = _LRC_TAG.match(line)
        if stamped:
            words = _LRC_WORD_STAMP.sub("", stamped.group(2))
            timed += [(words, seconds) for seconds in _lrc_seconds(stamped.group(1))]
        elif tag and tag.group(1).lower() == "offset":
            offset_seconds = _milliseconds(tag.group(2))
        elif not tag and line.strip():
            timed.append((line, timed[-1][1] if timed else None))
    if all(start is None for _, start in timed):
        raise LyricsError(f"{name}: no line has a time stamp such as [01:23.45]. Name it .txt.")
    # A positive offset means that the words come earlier than the stamps say.
    shifted = [(w, None if s is None else max(0.0, s - offset_seconds)) for w, s in timed]
    in_time = sorted(shifted, key=lambda item: item[1] or 0.0)
    return with_words(from_lines(in_time, "lrc"), name)


def parse_srt(text: str, name: str = "the text") -> Lyrics:
    """Read SubRip subtitles; each line of a caption starts when the caption does.

    Raises
    ------
    LyricsError
        As `parse_text`, and if no caption has its times.
    """
    timed: list[tuple[str, float | None]] = []
    start: float | None = None
    lines = checked(text, name).split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        times = _SRT_TIMES.match(line)
        if times:
            hours, minutes, seconds = (int(times.group(i)) for i in (1, 2, 3))
            start = hours * 3600 + minutes * 60 + seconds + _fraction(times.group(4))
        elif line.strip().isdigit() and _SRT_TIMES.match(following):
            continue  # the number of a caption
        elif start is not None:
            timed.append((line, start if line.strip() else None))
    if start is None:
        raise LyricsError(f"{name}: no caption has times such as 00:01:02,500 --> 00:01:04,000.")
    return with_words(from_lines(timed, "srt"), name)


def _lrc_seconds(stamps: str) -> Iterator[float]:
    for match in _LRC_STAMP.finditer(stamps):
        yield int(match.group(1)) * 60 + int(match.group(2)) + _fraction(match.group(3))


def _fraction(digits: str | None) -> float:
    """Return "5" as 0.5, "50" as 0.5, "500" as 0.5."""
    return int(digits) / 10 ** len(digits) if digits else 0.0


def _milliseconds(text: str) -> float:
    """Return the seconds of an offset in milliseconds, 0 where it is no number."""
    try:
        return min(max(float(text), -600_000.0), 600_000.0) / 1000
    except ValueError:
        return 0.0
