"""Sound is known by the first bytes of a file, and nothing else is taken for it."""

import gzip
import io
import sqlite3
import struct
import wave
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import soundfile

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.audio.sniff import HEAD_BYTES, is_sound_file, looks_like_sound
from tests.corpus.seeds import SEEDS
from tests.unit.audio.sound_files import encoded, hiss

# Eleven bits, which many texts have too; numbers of any kind, hardly ever sound.
WITHOUT_MARK = {"latm-aac", "MAT4-PCM_16", "MAT5-PCM_16"}


@pytest.mark.parametrize("kind", sorted(set(SEEDS["sound"]) - WITHOUT_MARK))
def test_sound_of_every_container(kind: str) -> None:
    assert looks_like_sound(SEEDS["sound"][kind]()[:HEAD_BYTES])


@pytest.mark.parametrize(
    ("container", "subtype", "endian"),
    [
        *(
            ("WAV", "PCM_16", "BIG"),
            ("AU", "PCM_16", "BIG"),
            ("AU", "PCM_16", "LITTLE"),
            ("W64", "PCM_16", "FILE"),
        ),
        *(("PAF", "PCM_16", "BIG"), ("PAF", "PCM_16", "LITTLE"), ("PVF", "PCM_16", "FILE")),
        *(("IRCAM", "PCM_16", "BIG"), ("IRCAM", "PCM_16", "LITTLE"), ("AVR", "PCM_16", "FILE")),
        *(("WAVEX", "FLOAT", "FILE"), ("AIFF", "PCM_16", "LITTLE")),
    ],
)
def test_sound_of_either_byte_order(container: str, subtype: str, endian: str) -> None:
    content = encoded(hiss(0.5, 48_000), 48_000, container, subtype=subtype, endian=endian)
    assert looks_like_sound(content[:HEAD_BYTES])


@pytest.mark.parametrize(
    "head",
    [
        b"BW64\xff\xff\xff\xffWAVEds64",
        b"FORM\0\0\x10\x0016SVVHDR",
        b"#!AMR\n\x3c",
        b"#!AMR-WB\n",
        b"MAC \x96\x0f\0\0",
        b"tBaK\0\0\0\0",
        b"MPCKSH\x0f\0",
        b"MP+\x07\0\0\0\0",
        b"DSD \x1c" + bytes(7),
        b"\0\0\0\x08wide\0\0\0\0mdat",
        b"\0\0\x10\0moov\0\0\0\x6cmvhd",
        b"\0\0\0\x1cftypM4B ",
        b"\0\0\0\x14ftyp3gp4",
        b"ID3\2\0\0\0\0\0\0",
        b"\xff\xe3\x18\xc4" + bytes(8),  # MPEG 2.5 layer III
        b"\xff\xfd\xa4\0" + bytes(8),  # layer II
        b"\xff\xf9\x50\x80\x1f\xfc\0\0",  # ADTS of MPEG-2
        (bytes(4) + b"G" + bytes(187)) * 3,  # a film from a Blu-ray disc
    ],
    ids=repr,
)
def test_sound_that_no_encoder_here_writes(head: bytes) -> None:
    assert looks_like_sound(head)


def _zip() -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("song.wav", b"x")
    return file.getvalue()


def _database() -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE songs (id)")
    return connection.serialize()


OTHERS = {
    "nothing": b"",
    "zeros": bytes(HEAD_BYTES),
    "ones": b"\xff" * HEAD_BYTES,
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1",
    "jpeg of a camera": b"\xff\xd8\xff\xe1\x1c\x45Exif\0\0",
    "jpeg 2000": b"\xff\x4f\xff\x51\0\x29\0\0",
    "gif": b"GIF89a\x10\0\x10\0",
    "bmp": b"BM\x36\0\x0c\0\0\0\0\0",
    "tiff": b"II*\0\x08\0\0\0",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "heif": b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic",
    "avif": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1",
    "raw of Canon": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom",
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "midi in RIFF": b"RIFF\x24\0\0\0RMIDdata",
    "midi": b"MThd\0\0\0\6\0\1\0\2",
    "picture in IFF": b"FORM\0\0\0\x24ILBMBMHD",
    "woff": b"wOFF\0\1\0\0",
    "woff2": b"wOF2\0\1\0\0",
    "truetype": b"\0\1\0\0\0\x0f\0\x80",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "exe": b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0",
    "elf": b"\x7fELF\2\1\1" + bytes(9),
    "mach-o": b"\xcf\xfa\xed\xfe\x07\0\0\1",
    "java": b"\xca\xfe\xba\xbe\0\0\0\x34",
    "gzip": gzip.compress(b"x"),
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "rar": b"Rar!\x1a\7\1\0",
    "zip": _zip(),
    "sqlite": _database(),
    "numpy": b"\x93NUMPY\1\0v\0{'descr'",
    "safetensors": struct.pack("<Q", 300) + b'{"__metadata__":{',
    "pickle": b"\x80\4\x95\x10\0\0\0",
    "playlist": b"#EXTM3U\n#EXTINF:1,a\n",
    "pls": b"[playlist]\nFile1=a.mp3\n",
    "cue": b'FILE "a.wav" WAVE\n',
    "script": b"#!/bin/sh\n",
    "html": b"<!DOCTYPE html><html>",
    "json": b'{"songs": []}',
    "utf-8 with its mark": "Jazz, Blues".encode("utf-8-sig"),
    "utf-16 LE": "\ufeffJazz and blues".encode("utf-16-le"),
    "utf-16 BE": "\ufeffJazz and blues".encode("utf-16-be"),
    "utf-16 LE, Cyrillic": "\ufeffПесня и блюз".encode("utf-16-le"),
    "utf-16 LE, Chinese": "\ufeff歌曲和布鲁斯".encode("utf-16-le"),
    "utf-16 LE without a mark": "Jazz and blues".encode("utf-16-le"),
    "utf-32 LE": "\ufeffJazz".encode("utf-32-le"),
    "latin-1": "ÿàéè ÿûïô ÿþ".encode("latin-1"),
    **{
        f"text {word!r}": f"{word} are words, and no sound at all. ".encode() * 20
        for word in ("MAC addresses", "ID3 tags", "FLV", "DSD", "OggS", "GGG", "MP+ and others")
    },
}


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_sound(kind: str) -> None:
    assert not looks_like_sound(OTHERS[kind][:HEAD_BYTES])


def test_the_content_decides_where_the_name_says_nothing(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "nameless"), "wb") as file:
        file.setparams((1, 2, 8_000, 100, "NONE", ""))
        file.writeframes(bytes(200))
    soundfile.write(tmp_path / "a.jpg", np.zeros(8_000), 8_000, format="FLAC")
    for name in ("b.MP3", "cover.jpg"):
        (tmp_path / name).write_bytes(b"nothing")
    names = ("nameless", "a.jpg", "b.MP3", "cover.jpg", "not there", "not there.wav")
    assert [name for name in names if is_sound_file(tmp_path / name)] == [
        *("nameless", "a.jpg", "b.MP3", "not there.wav")
    ]
    assert ".mp3" in SUPPORTED_EXTENSIONS
