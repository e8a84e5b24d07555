"""Covers of songs: bounded, and drawn anew, whatever the file holds."""

import base64
import io
import zlib

import numpy as np
import pytest
import soundfile
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC
from mutagen.oggvorbis import OggVorbis
from mutagen.wave import WAVE
from PIL import Image

from genre_core.library.cover import MAX_BYTES, SIDE_PIXELS, read_cover

RATE = 8_000


def picture(format_: str, size: tuple[int, int] = (600, 300), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 200).save(out, format=format_)
    return out.getvalue()


def song(format_: str) -> io.BytesIO:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(RATE, dtype=np.float32), RATE, format=format_)
    file.seek(0)
    return file


def with_cover(kind: str, data: bytes) -> io.BytesIO:
    """Return a song of this kind with a cover."""
    file = song(kind)
    flac_picture = Picture()
    flac_picture.data = data
    if kind == "WAV":
        tagged = WAVE(file)
        tagged.add_tags()
        tagged.tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=data))
    elif kind == "FLAC":
        tagged = FLAC(file)
        tagged.add_picture(flac_picture)
    else:
        tagged = OggVorbis(file)
        block = base64.b64encode(flac_picture.write()).decode()
        tagged["metadata_block_picture"] = [block]
    file.seek(0)
    tagged.save(file)
    file.seek(0)
    return file


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG"])
@pytest.mark.parametrize("format_", ["JPEG", "PNG"])
def test_a_cover_becomes_a_small_jpeg(kind: str, format_: str):
    cover = read_cover(with_cover(kind, picture(format_)))
    assert cover is not None
    with Image.open(io.BytesIO(cover)) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")
        assert image.size == (SIDE_PIXELS, SIDE_PIXELS // 2)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1"])
def test_every_kind_of_colour_can_be_shown(mode: str):
    assert read_cover(with_cover("FLAC", picture("PNG", mode=mode))) is not None


def test_nothing_of_the_file_is_handed_on():
    data = picture("JPEG") + b"<script>alert(1)</script>"
    cover = read_cover(with_cover("WAV", data))
    assert cover is not None
    assert b"script" not in cover


def bomb() -> bytes:
    """Return a PNG that says it has 40,000 x 40,000 pixels."""
    head = b"IHDR" + (40_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n"
        + len(head[4:]).to_bytes(4, "big")
        + head
        + zlib.crc32(head).to_bytes(4, "big")
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        picture("JPEG")[:200],
        picture("GIF"),
        picture("BMP"),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        bomb(),
        b"\x89PNG" + b"\0" * (MAX_BYTES + 1),
    ],
    ids=["empty", "three bytes", "cut short", "gif", "bmp", "svg", "bomb", "too large"],
)
def test_bad_pictures_are_left_out(data: bytes):
    assert read_cover(with_cover("WAV", data)) is None


@pytest.mark.parametrize("data", [b"", b"ID3\x04\0\0\0\0\x0f\x7f" + b"\0" * 40, b"words " * 100])
def test_files_without_readable_tags_have_no_cover(data: bytes):
    assert read_cover(io.BytesIO(data)) is None
    assert read_cover(song("WAV")) is None
