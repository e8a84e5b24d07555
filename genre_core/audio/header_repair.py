"""Headers that are repaired while they are read: a size that was lost, a byte that was forgotten.

A recorder that crashed leaves the size of the sound 0 or too small.
"""

import struct
from dataclasses import dataclass

from genre_core.audio.file_end import SLACK_BYTES, riff_chunks
from genre_core.audio.trailing_tags import BinaryFile

MAX_FORM_BYTES: int = 64  # of the chunk "fmt "
NO_SIZE = "The header declares no sound, as after a crash while recording: read to the end."
SMALL_SIZE = (
    "The header declares less sound than the file holds, as after a crash while recording: read to "
    "the end."
)


@dataclass(frozen=True)
class Repair:
    """Bytes to read in place of a file's own.

    Attributes
    ----------
    position : of `content`, from `start` on
    sentence : about what was lost; empty if nothing was
    start : where the file seems to begin, in bytes
    """

    position: int
    content: bytes
    sentence: str
    start: int = 0


def repair_of(file: BinaryFile) -> Repair | None:
    """Return the repair of a WAV, RF64 or AU file; None if it needs none."""
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
    form = b""
    is_shifted = False  # behind a chunk of odd size that is not filled up
    last_start = last_end = 12
    for name, start, end in riff_chunks(file):
        is_shifted |= start - 8 < last_end + (last_end - last_start) % 2
        last_start, last_end = start, end
        if name == b"fmt ":
            form = file.at(start, min(end - start, MAX_FORM_BYTES) // 2 * 2)
        if name != b"data":
            continue
        size, sentence = _sound_size(file, start, end)
        n_sound = struct.pack("<I", size)
        if is_shifted and form:
            head = struct.pack("<4sI4s4sI", b"RIFF", 0, b"WAVE", b"fmt ", len(form))
            head += form + b"data" + n_sound
            riff_size = struct.pack("<I", min(len(head) - 8 + size, 2**32 - 1))
            head = head[:4] + riff_size + head[8:]
            return Repair(0, head, sentence, start - len(head))
        return Repair(start - 4, n_sound, sentence) if sentence else None
    return None


def _sound_size(file: BinaryFile, start: int, end: int) -> tuple[int, str]:
    """Return the size of the sound in bytes, and a sentence if it is not the declared one."""
    if end + SLACK_BYTES >= file.n_bytes:
        return end - start, ""
    follows = file.at(end + (end - start) % 2, 4)
    if end > start and follows.isascii() and follows.decode().isprintable():
        return end - start, ""  # another chunk
    return min(file.n_bytes - start, 2**32 - 2), SMALL_SIZE if end > start else NO_SIZE
