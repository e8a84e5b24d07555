"""What a song's file says about itself: ID3, Vorbis comments, MP4 atoms, APEv2 and ASF."""

import re
from collections.abc import Mapping
from typing import Any, BinaryIO

import mutagen
from mutagen.asf import ASFTags
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags

from genre_core.library.songs import SongTags

MAX_LETTERS = 500  # of a tag that is kept
UNKNOWN = "unknown"  # the name of ID3's number for a genre that is not set

# The names of a field in ID3, MP4, ASF, and in Vorbis comments and APEv2.
KINDS: tuple[type, ...] = (ID3, MP4Tags, ASFTags)
FIELDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "artist": (("TPE1",), ("\xa9ART",), ("Author",), ("artist",)),
    "title": (("TIT2",), ("\xa9nam",), ("Title",), ("title",)),
    "album": (("TALB",), ("\xa9alb",), ("WM/AlbumTitle",), ("album",)),
    "genre": (("TCON",), ("\xa9gen",), ("WM/Genre",), ("genre",)),
    "date": (("TDRC", "TDOR"), ("\xa9day",), ("WM/Year",), ("date", "year")),
}
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


def read_tags(source: str | BinaryIO) -> SongTags:
    """Return the tags of a song's file, its path or open; empty where none can be read."""
    try:
        file = mutagen.File(source)
        tags = file.tags if file is not None else None
        values = {field: field_text(tags, field) for field in FIELDS} if tags else {}
    except Exception:
        # Damaged tags raise errors of many kinds in mutagen; the sound may be fine.
        return SongTags()
    genre = values.get("genre", "")
    year = _YEAR.search(values.get("date", ""))
    return SongTags(
        artist=values.get("artist", ""),
        title=values.get("title", ""),
        album=values.get("album", ""),
        year=int(year[0]) if year else None,
        genre="" if genre.casefold() == UNKNOWN else genre,
    )


def field_names(tags: Any, field: str) -> tuple[str, ...]:
    """Return the names that a field may have in this kind of tags."""
    kind = next((i for i, kind in enumerate(KINDS) if isinstance(tags, kind)), len(KINDS))
    return FIELDS[field][kind]


def field_text(tags: Mapping[str, Any], field: str) -> str:
    """Return a field of a file's tags, several values joined by "; "; empty if there is none."""
    for name in field_names(tags, field):
        if name in tags:
            value = tags[name]
            # An ID3 genre may be a number of a list; `genres` has its name.
            texts = getattr(value, "genres", None) or getattr(value, "text", None) or value
            items = texts if isinstance(texts, list) else [texts]
            joined = "; ".join(str(item).strip("\0 ") for item in items)
            text = " ".join(joined.replace("\0", "; ").split())[:MAX_LETTERS]
            if text:
                return text
    return ""
