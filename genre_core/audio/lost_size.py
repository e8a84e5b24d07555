"""The size of the sound in a header, where a recorder that crashed left it 0 or too small."""

import struct
from dataclasses import dataclass

from genre_core.audio.file_end import SLACK_BYTES, riff_chunks
from genre_core.audio.trailing_tags import BinaryFile

NO_SIZE = "The header declares no sound, as after a crash while recording: read to the end."
SMALL_SIZE = (
    "The header declares less sound than the file holds, as after a crash while recording: read to "
    "the end."
)


@dataclass(frozen=True)
class Repair:
    """Bytes to read in place of a file's own, from `position` on, and a sentence about it."""

    position: int
    content: bytes
    sentence: str


def lost_size(file: BinaryFile) -> Repair | None:
    """Return the repair of a WAV, RF64 or AU file that ends behind the sound it declares."""
    head = file.at(0, 16).ljust(16, b"\0")
    if head[8:12] == b"WAVE" and head[:4] == b"RIFF":
        return _repaired_wave(file)
    if head[8:16] == b"WAVEds64" and file.at(28, 8) == bytes(8):
        start = file.at(0, 4_096).find(b"data") + 8
        if start >= 8 and file.n_bytes > start:
            return Repair(28, struct.pack("<Q", file.n_bytes - start), NO_SIZE)
    if head[:4] == b".snd" and head[8:12] == bytes(4):
        start = int.from_bytes(head[4:8], "big")
        if 24 <= start < file.n_bytes:
            size = min(file.n_bytes - start, 2**32 - 2)
            return Repair(8, struct.pack(">I", size), NO_SIZE)
    return None


def _repaired_wave(file: BinaryFile) -> Repair | None:
    for name, start, end in riff_chunks(file):
        if name != b"data":
            continue
        if end + SLACK_BYTES >= file.n_bytes:
            return None
        follows = file.at(end + end % 2, 4)
        if end > start and follows.isascii() and follows.decode().isprintable():
            return None  # another chunk
        size = struct.pack("<I", min(file.n_bytes - start, 2**32 - 2))
        return Repair(start - 4, size, SMALL_SIZE if end > start else NO_SIZE)
    return None
