"""Where the sound of a file ends: the tags of ID3v1, Lyrics3 and APE behind it are no sound."""

import io
import struct
from dataclasses import dataclass
from typing import Protocol

EMPTY_FROM_BYTES: int = 65_536
N_SAMPLES: int = 64


class Stream(Protocol):
    """A binary file."""

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes."""

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move and return the position."""


@dataclass(frozen=True)
class BinaryFile:
    """A file, of which any piece can be read; what lies outside of it is empty."""

    stream: Stream
    n_bytes: int

    def at(self, position: int, n: int) -> bytes:
        """Return at most `n` bytes from a position on."""
        if not 0 <= position < self.n_bytes:
            return b""
        self.stream.seek(position)
        return self.stream.read(min(n, self.n_bytes - position))

    def is_empty(self) -> bool:
        """Return whether a file of more than 1 MiB holds only zeros, by samples behind its head."""
        step = (self.n_bytes - EMPTY_FROM_BYTES) // N_SAMPLES
        return self.n_bytes > 2**20 and not any(
            any(self.at(EMPTY_FROM_BYTES + index * step, 4_096)) for index in range(N_SAMPLES)
        )


def sound_end(stream: Stream) -> int:
    """Return where the tags at the end of a file begin, or its length where there is none.

    The stream is at its start afterwards.
    """
    file = BinaryFile(stream, stream.seek(0, io.SEEK_END))
    end = file.n_bytes
    for _ in range(4):
        start = end
        if end >= 128 and file.at(end - 128, 3) == b"TAG":
            start = end - 128
        elif end >= 32 and file.at(end - 32, 8) == b"APETAGEX":
            size, _, flags = struct.unpack("<III", file.at(end - 20, 12))
            start = end - size - (32 if flags >> 31 else 0)
        elif end >= 15 and file.at(end - 9, 9) == b"LYRICS200":
            digits = file.at(end - 15, 6)
            start = end - 15 - int(digits) if digits.isdigit() else end
        if not 0 < start < end:
            break
        end = start
    stream.seek(0)
    return end
