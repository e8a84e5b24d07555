"""Where the sound of a file ends, and whether the end that its container declares is there.

Each container says it in its own way: by the sizes of its chunks, by an end mark, or by packets
of a fixed size. Raw streams of frames (MP3, AC-3, ADTS) say nothing, see `frame_sizes`.
"""

import struct
from collections.abc import Callable, Iterator

from genre_core.audio.rare_formats import (
    avr_end,
    dsf_end,
    mat4_end,
    mat5_end,
    nist_end,
    voc_end,
)
from genre_core.audio.trailing_tags import BinaryFile

STREAMED_BYTES: int = 0x7FFF0000  # a 32-bit size from here on is "unknown", not a promise
SLACK_BYTES: int = 64  # headers are often wrong by a few bytes, which no one hears
MAX_CHUNKS: int = 100_000
WAV_CHUNKS: tuple[bytes, ...] = (
    *(b"fmt ", b"data", b"fact", b"LIST", b"bext", b"JUNK", b"PAD ", b"PEAK", b"cue ", b"smpl"),
    *(b"inst", b"iXML", b"id3 ", b"ID3 ", b"DISP", b"acid", b"_PMX", b"cart", b"levl"),
)
OGG_PAGE_BYTES: int = 65_307  # the largest page
PES_BYTES: int = 6 + 65_535  # the largest packet of an MPEG program stream
TS_PACKET_BYTES: int = 188
CUT = "The file is shorter than its header says: it may be cut short."
OGG_CUT = "The file ends without Ogg's end mark: it may be cut short."
PACKET_CUT = "The file ends within a packet: it may be cut short."

_ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_W64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")
_W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")
_MATROSKA_SEGMENT = 0x18538067
_MATROSKA_CLUSTER = 0x1F43B675
_MATROSKA_SOUND = (_MATROSKA_CLUSTER, 0xA3, 0xA0)  # and blocks: simple ones, and groups of them


def missing_end(file: BinaryFile) -> list[str]:
    """Return a sentence if a file ends before the end that its container declares."""
    head = file.at(0, 16).ljust(16, b"\0")
    if head[:4] == b"OggS":
        return [] if _has_ogg_end_mark(file) else [OGG_CUT]
    if head[:1] == b"\x47" and file.at(TS_PACKET_BYTES, 1) == b"\x47":
        rest = file.n_bytes % TS_PACKET_BYTES
        is_packet = file.at(file.n_bytes - rest, 1) == b"\x47"  # else it is junk
        return [PACKET_CUT] if rest and is_packet else []
    if head[:4] == b"\x00\x00\x01\xba":
        return [PACKET_CUT] if _ends_within_a_pes_packet(file) else []
    declared_end = next((end for test, end in _DECLARED if test(head)), _unknown)
    declared = declared_end(file)
    return [CUT] if declared is not None and declared > file.n_bytes + SLACK_BYTES else []


def riff_chunks(file: BinaryFile) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of each chunk of a WAV file, up to one without a size.

    A chunk of odd size is followed by one more byte, which some programs forget.
    """
    at = 12
    for _ in range(MAX_CHUNKS):
        chunk = next(_chunks(file, at, _riff_chunk, 8), None)
        if chunk is None:
            return
        yield chunk
        _, start, at = chunk
        if (at - start) % 2 and file.at(at, 4) not in WAV_CHUNKS:
            at += 1


ParseChunk = Callable[[bytes], tuple[bytes, int | None]]


def _chunks(
    file: BinaryFile, at: int, parse: ParseChunk, n_header: int, align: int = 2
) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, start and end of each chunk's content, up to one that has no size."""
    for _ in range(MAX_CHUNKS):
        header = file.at(at, n_header)
        if len(header) < n_header:
            return
        name, size = parse(header)
        if size is None:
            return
        yield name, at + n_header, at + n_header + size
        at += n_header + size + (-size) % align


def _end_of(chunks: Iterator[tuple[bytes, int, int]], *names: bytes) -> int | None:
    """Return the last end of the chunks with these names: what else follows may be junk."""
    return max((end for name, _, end in chunks if name in names), default=None)


def _riff_chunk(header: bytes) -> tuple[bytes, int | None]:
    name, size = struct.unpack("<4sI", header)
    return name, size if size < STREAMED_BYTES else None


def _wide_riff_chunk(header: bytes) -> tuple[bytes, int | None]:
    name, size = struct.unpack("<4sI", header)
    return name, size


def _iff_chunk(header: bytes) -> tuple[bytes, int | None]:
    name, size = struct.unpack(">4sI", header)
    return name, size if size < STREAMED_BYTES else None


def _caf_chunk(header: bytes) -> tuple[bytes, int | None]:
    name, size = struct.unpack(">4sq", header)
    return name, size if size >= 0 else None


def _w64_chunk(header: bytes) -> tuple[bytes, int | None]:
    size = struct.unpack("<q", header[16:])[0]
    return header[:16], size - 24 if size >= 24 else None


def _asf_object(header: bytes) -> tuple[bytes, int | None]:
    name, size = _w64_chunk(header)
    # While it is recorded, the data's size is 0 or that of its header alone.
    return name, None if name == _ASF_DATA and (size or 0) <= 26 else size


def _rf64_end(file: BinaryFile) -> int | None:
    """Return the end of the data, whose 64-bit size stands in the chunk "ds64" (EBU Tech 3306)."""
    if file.at(12, 4) != b"ds64":
        return None
    n_sound = int.from_bytes(file.at(28, 8), "little")
    for name, start, _ in _chunks(file, 12, _wide_riff_chunk, 8):
        if name == b"data":
            return start + n_sound
    return None


def _au_end(file: BinaryFile) -> int | None:
    order = ">" if file.at(0, 1) == b"." else "<"
    start, size = struct.unpack(f"{order}II", file.at(4, 8).ljust(8, b"\0"))
    return start + size if size < STREAMED_BYTES else None


def _mp4_end(file: BinaryFile) -> int | None:
    at = 0
    end = None
    for _ in range(MAX_CHUNKS):
        header = file.at(at, 16)
        if len(header) < 8:
            break
        size = int.from_bytes(header[:4], "big")
        if size == 1:
            size = int.from_bytes(header[8:16], "big")
        if size < 8:  # 0: up to the end of the file
            break
        at += size
        if header[4:8] in (b"moov", b"moof", b"mdat"):
            end = at
    return end


def _flv_end(file: BinaryFile) -> int | None:
    """Return the size in the file's own description, else the end of the last tag."""
    head = file.at(0, 4_096)
    at = head.find(b"\x00\x08filesize\x00")
    if at >= 0 and len(head) >= at + 19:
        size = struct.unpack(">d", head[at + 11 : at + 19])[0]
        if 0 < size < 2**53:
            return int(size)
    at = 13
    for _ in range(MAX_CHUNKS):
        tag = file.at(at, 4)
        if len(tag) < 4:
            return at if tag else None
        at += 11 + int.from_bytes(tag[1:], "big") + 4
    return None


def _matroska_end(file: BinaryFile) -> int | None:
    """Return the end of the segment, or of the last element in one that has no size."""
    at = 0
    end = None
    is_open = False  # in a segment without a size, as in a recording from a browser
    for _ in range(MAX_CHUNKS):
        element, after_id = _ebml_number(file.at(at, 8), keep_marker=True)
        size, after_size = _ebml_number(file.at(at + after_id, 8))
        if not after_id or not after_size:
            break
        at += after_id + after_size
        if size is None:
            is_open = True
            if element not in (_MATROSKA_SEGMENT, _MATROSKA_CLUSTER):
                break
            continue
        at += size
        if element == _MATROSKA_SEGMENT:
            return at
        if is_open and element in _MATROSKA_SOUND:
            end = at
    return end


def _ebml_number(data: bytes, keep_marker: bool = False) -> tuple[int | None, int]:
    """Return a number of variable length, None for unknown, and its length; 0 if there is none."""
    n = 9 - data[0].bit_length() if data and data[0] else 0
    if n == 0 or len(data) < n:
        return None, 0
    value = int.from_bytes(data[:n], "big")
    if keep_marker:
        return value, n
    bits = (1 << 7 * n) - 1
    return (None if value & bits == bits else value & bits), n


def _unknown(file: BinaryFile) -> int | None:
    return None


def _has_ogg_end_mark(file: BinaryFile) -> bool:
    """Return whether the last page is whole and marked as the last (RFC 3533, section 6)."""
    tail = file.at(max(0, file.n_bytes - OGG_PAGE_BYTES), OGG_PAGE_BYTES)
    last_page = tail[max(0, tail.rfind(b"OggS")) :]
    n_segments = last_page[26] if len(last_page) > 26 else 0
    n_page = 27 + n_segments + sum(last_page[27 : 27 + n_segments])
    return len(last_page) >= n_page and len(last_page) > 5 and bool(last_page[5] & 4)


def _ends_within_a_pes_packet(file: BinaryFile) -> bool:
    tail = file.at(max(0, file.n_bytes - PES_BYTES), PES_BYTES)
    at = len(tail)
    while (at := tail.rfind(b"\x00\x00\x01", 0, at)) >= 0:
        if len(tail) < at + 6:
            continue
        if tail[at + 3] >= 0xBD:  # packets of sound, picture and padding
            return len(tail) < at + 6 + int.from_bytes(tail[at + 4 : at + 6], "big")
    return False


_DECLARED: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryFile], int | None]], ...] = (
    (
        lambda head: head[:4] == b"RIFF" and head[8:12] == b"AVI ",
        lambda file: _end_of(_chunks(file, 0, _riff_chunk, 8), b"RIFF"),
    ),
    (lambda head: head[:4] == b"RIFF", lambda file: _end_of(riff_chunks(file), b"data")),
    (
        lambda head: head[:4] == b"RIFX",
        lambda file: _end_of(_chunks(file, 12, _iff_chunk, 8), b"data"),
    ),
    (lambda head: head[:4] in (b"RF64", b"BW64"), _rf64_end),
    (
        lambda head: head[:4] == b"FORM",
        lambda file: _end_of(_chunks(file, 12, _iff_chunk, 8), b"SSND", b"BODY"),
    ),
    (
        lambda head: head[:4] == b"caff",
        lambda file: _end_of(_chunks(file, 8, _caf_chunk, 12, align=1), b"data", b"pakt"),
    ),
    (
        lambda head: head == _W64_RIFF,
        lambda file: _end_of(_chunks(file, 40, _w64_chunk, 24, align=8), _W64_DATA),
    ),
    (
        lambda head: head == _ASF_HEADER,
        lambda file: _end_of(_chunks(file, 0, _asf_object, 24, align=1), _ASF_DATA),
    ),
    (lambda head: head[:4] in (b".snd", b"dns."), _au_end),
    (lambda head: head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"), _mp4_end),
    (lambda head: head[:3] == b"FLV", _flv_end),
    (lambda head: head[:4] == b"\x1a\x45\xdf\xa3", _matroska_end),
    (lambda head: head[:8] == b"NIST_1A\n", nist_end),
    (lambda head: head[:16] == b"Creative Voice F", voc_end),
    (lambda head: head[:4] == b"2BIT", avr_end),
    (lambda head: head[4:] in (b"\1\0\0\0" * 2 + bytes(4), b"\0\0\0\1" * 2 + bytes(4)), mat4_end),
    (lambda head: head[:10] == b"MATLAB 5.0", mat5_end),
    (lambda head: head[:4] == b"DSD ", dsf_end),
)
