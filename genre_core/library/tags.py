"""What a song's file says about itself: ID3, Vorbis comments, MP4 atoms, APEv2 and ASF."""

import re
from collections.abc import Mapping
from typing import Any

import mutagen

from genre_core.library.songs import SongTags

MAX_LETTERS = 500  # of a tag that is kept
UNKNOWN = "unknown"  # the name of ID3's number for a genre that is not set

# Where each kind of tag has a field, in the order ID3, Vorbis and APEv2, MP4, ASF.
FIELDS: dict[str, tuple[str, ...]] = {
    "artist": ("TPE1", "artist", "\xa9ART", "Author"),
    "title": ("TIT2", "title", "\xa9nam", "Title"),
    "album": ("TALB", "album", "\xa9alb", "WM/AlbumTitle"),
    "genre": ("TCON", "genre", "\xa9gen", "WM/Genre"),
    "date": ("TDRC", "TYER", "TDOR", "date", "year", "\xa9day", "WM/Year"),
}
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


def read_tags(path: str) -> SongTags:
    """Return the tags of a song's file; empty ones where it has none that can be read."""
    try:
        file = mutagen.File(path)
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


def field_text(tags: Mapping[str, Any], field: str) -> str:
    """Return a field of a file's tags, several values joined by "; "; empty if there is none."""
    for key in FIELDS[field]:
        if key in tags:
            value = tags[key]
            # An ID3 genre may be a number of a list; `genres` has its name.
            texts = getattr(value, "genres", None) or getattr(value, "text", None) or value
            items = texts if isinstance(texts, list) else [texts]
            joined = "; ".join(str(item).strip("\0 ") for item in items)
            text = " ".join(joined.replace("\0", "; ").split())[:MAX_LETTERS]
            if text:
                return text
    return ""
