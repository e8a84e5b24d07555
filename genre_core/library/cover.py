"""The cover picture in a song's file, drawn anew: nothing of the file's own bytes is handed on."""

import base64
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import mutagen
from mutagen.flac import Picture
from mutagen.id3 import ID3
from mutagen.mp4 import MP4Tags
from PIL import Image

MAX_BYTES = 8 * 2**20  # of a picture in a file
MAX_PIXELS = 25_000_000
SIDE_PIXELS = 192  # longest side of what is returned
_FORMATS = ("JPEG", "PNG")


def read_cover(source: BinaryIO) -> bytes | None:
    """Return the first readable cover of a song as a small JPEG; None where there is none."""
    try:
        file = mutagen.File(source)
        pictures = list(_pictures(file)) if file is not None else []
    except Exception:
        # Damaged tags raise errors of many kinds in mutagen; the sound may be fine.
        return None
    return next((cover for data in pictures if (cover := _drawn_anew(data)) is not None), None)


def _pictures(file: Any) -> Iterator[bytes]:
    """Yield the pictures of a file as they are stored."""
    tags = file.tags
    yield from (picture.data for picture in getattr(file, "pictures", ()))  # FLAC
    if isinstance(tags, ID3):
        yield from (picture.data for picture in tags.getall("APIC"))
    elif isinstance(tags, MP4Tags):
        yield from (bytes(picture) for picture in tags.get("covr", ()))
    elif tags is not None:
        for text in tags.get("metadata_block_picture", ()):  # Ogg
            if len(text) <= 2 * MAX_BYTES:
                yield Picture(base64.b64decode(text)).data


def _drawn_anew(data: bytes) -> bytes | None:
    if len(data) > MAX_BYTES:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            image.draft("RGB", (SIDE_PIXELS, SIDE_PIXELS))  # JPEG: decodes no more than needed
            image.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
            small = image.convert("RGB")
    except Exception:
        # Damaged pictures raise errors of many kinds in Pillow.
        return None
    out = io.BytesIO()
    small.save(out, format="JPEG", quality=85)
    return out.getvalue()
