"""Lyrics that a song file carries: ID3 USLT and SYLT, Vorbis comments, MP4 atoms."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import mutagen

from genre_core.errors import LyricsError
from genre_core.lyrics.text import Lyrics, checked, from_lines
from genre_core.lyrics.timed import is_lrc, parse_lrc

SONG_SUFFIXES = (
    *(".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac"),
    *(".wav", ".aif", ".aiff", ".wma", ".ape", ".wv"),
)
# Vorbis, APE and ASF keys in use for lyrics, lower case.
_TEXT_KEYS = ("lyrics", "unsyncedlyrics", "unsynced lyrics", "syncedlyrics", "wm/lyrics", "\xa9lyr")
_SYLT_MILLISECONDS = 2  # the format's code for "times are milliseconds"


def lyrics_in_song(song: Path | bytes, name: str | None = None) -> Lyrics | None:
    """Return the lyrics in a song file's tags; timed ones before plain ones; None without any.

    Parameters
    ----------
    song : Path or bytes
        The file, or its content.
    name : str, optional
        For the error message; the path by default.

    Raises
    ------
    LyricsError
        If the file cannot be opened, or its lyrics are too long.
    """
    name = name or (str(song) if isinstance(song, Path) else "the song")
    if isinstance(song, Path) and not song.is_file():
        raise LyricsError(f"{name}: there is no such file.")
    try:
        file = mutagen.File(io.BytesIO(song) if isinstance(song, bytes) else song)
    except (mutagen.MutagenError, OSError, ValueError, EOFError):
        return None  # damaged or foreign tags carry no lyrics; the sound may still be fine
    if file is None or not file.tags:
        return None
    candidates = [lyrics for lyrics in _candidates(file.tags, name) if lyrics.words]
    return max(candidates, key=lambda lyrics: (lyrics.is_timed, len(lyrics.words)), default=None)


def _candidates(tags: Mapping[str, Any], name: str) -> Iterator[Lyrics]:
    """Yield all lyrics in the tags."""
    for key, value in tags.items():
        if key.startswith("SYLT"):
            if value.format == _SYLT_MILLISECONDS:
                lines = list(_sylt_lines(value.text))
                checked("\n".join(words for words, _ in lines), name)
                yield from_lines(lines, "ID3 SYLT")
        elif key.startswith("USLT"):
            yield _plain(value.text, "ID3 USLT", name)
        elif key.lower() in _TEXT_KEYS:
            for text in value if isinstance(value, list) else [value]:
                yield _plain(str(text), f"tag {key.upper()}", name)


def _plain(text: str, source: str, name: str) -> Lyrics:
    if is_lrc(text):
        read = parse_lrc(text, name)
        return Lyrics(read.lines, read.marks, source)
    return from_lines([(line, None) for line in checked(text, name).split("\n")], source)


def _sylt_lines(pieces: list[tuple[str, int]]) -> Iterator[tuple[str, float | None]]:
    """Join timed pieces, which may be syllables, to lines: a piece that begins one starts with LF.

    Where no piece has a line end, each is a line.
    """
    whole = not any("\n" in text for text, _ in pieces)
    line, start = "", 0.0
    for text, milliseconds in pieces:
        if whole or text.startswith("\n") or line.endswith("\n"):
            if line.strip():
                yield line.strip(), start
            line, start = "", milliseconds / 1000
        elif not line:
            start = milliseconds / 1000
        line += text
    if line.strip():
        yield line.strip(), start
