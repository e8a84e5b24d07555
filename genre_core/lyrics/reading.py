"""Lyrics from a file: plain text, `.lrc`, `.srt`, or the tags of a song."""

from pathlib import Path

from genre_core.errors import LyricsError
from genre_core.lyrics.tags import SONG_SUFFIXES, lyrics_in_song
from genre_core.lyrics.text import MAX_CHARACTERS, Lyrics, parse_text
from genre_core.lyrics.timed import is_lrc, parse_lrc, parse_srt

MAX_TEXT_BYTES = 4 * MAX_CHARACTERS  # UTF-8 takes at most four bytes a character
TEXT_SUFFIXES = (".txt", ".lrc", ".srt")
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)


def read_lyrics(path: str | Path) -> Lyrics:
    """Read the lyrics in a file; what it is follows from its name's ending.

    Raises
    ------
    LyricsError
        If it cannot be read, is too long, or holds no lyrics.
    """
    path = Path(path)
    if path.suffix.lower() in SONG_SUFFIXES:
        lyrics = lyrics_in_song(path)
        if lyrics is None:
            raise LyricsError(
                f"{path}: carries no lyrics in its tags. Give them as a .txt, .lrc or .srt file."
            )
        return lyrics
    try:
        with path.open("rb") as file:
            data = file.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise LyricsError(f"{path}: cannot be read ({error.strerror}).") from error
    return parse_bytes(data, str(path))


def parse_bytes(data: bytes, name: str) -> Lyrics:
    """Read the content of a text file; `name`'s ending says how, see `read_lyrics`."""
    text = decode(data, name)
    match Path(name).suffix.lower():
        case ".lrc":
            return parse_lrc(text, name)
        case ".srt":
            return parse_srt(text, name)
        case _:
            return parse_any(text, name)


def parse_any(text: str, name: str = "the text") -> Lyrics:
    """Read pasted text, which may be timed."""
    return parse_lrc(text, name) if is_lrc(text[: MAX_CHARACTERS + 1]) else parse_text(text, name)


def decode(data: bytes, name: str) -> str:
    """Return the text in some bytes: UTF-8, UTF-16 with its mark, or else Windows-1252.

    Raises
    ------
    LyricsError
        If it is too long, or no text.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise LyricsError(
            f"{name}: more than {MAX_TEXT_BYTES:,} bytes; at most {MAX_CHARACTERS:,} characters "
            "are read. Give the lyrics of one song."
        )
    encoding = next((e for mark, e in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if b"\0" in data:
            raise LyricsError(
                f"{name}: holds zero bytes, so it is no text. Save it as plain UTF-8."
            ) from None
        return data.decode("cp1252", errors="replace")
