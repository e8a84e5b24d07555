"""An encoded file as a decoder opens it, whichever decoder it is."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from genre_core.audio.header_repair import Repair
from genre_core.types import FloatArray

MIN_ORIGINAL_RATE_HZ: int = 4_000
MAX_ORIGINAL_RATE_HZ: int = 768_000
BLOCK_VALUES: int = 2**17  # samples times channels decoded at once
MAX_OPENING_CALLS: int = 200_000  # reads and seeks; a header of zeros would take millions


class DecodeError(Exception):
    """A decoder cannot make sound of a file; the message is the reason, without the name."""


@dataclass
class EncodedSound:
    """An opened file: what it says about itself, and its samples.

    Attributes
    ----------
    container, codec : as the decoder names them
    declared_seconds : length by the file's own header; None where it does not say
    blocks : pairs of samples, float32 (n_samples, n_channels), full scale 1, and sample rate in Hz;
        both rate and channels may change from block to block. Raises `DecodeError` where the
        decoder gives up.
    faults : sentences about damage; complete when `blocks` is exhausted
    has_end : False if its format says nowhere how long the sound is, nor marks its end
    n_other_tracks : sound tracks that could be read instead
    """

    container: str
    codec: str
    declared_seconds: float | None
    blocks: Iterator[tuple[FloatArray, int]]
    faults: list[str] = field(default_factory=list)
    has_end: bool = True
    n_other_tracks: int = 0


class AnonymousStream:
    """Read, seek and tell of a binary file, and nothing else: above all not its name.

    An impossible seek changes nothing and raises nothing, for libsndfile would print the exception.
    Before `opened` is called, the file seems to end after `MAX_OPENING_CALLS` calls.

    Parameters
    ----------
    end : where the file seems to end, in bytes
    repair : bytes of its header to read in place of its own
    """

    def __init__(self, file: BinaryIO, end: int, repair: Repair | None = None):
        self._file = file
        self._start = 0 if repair is None else repair.start
        self._end = end
        self._repair = repair
        self._n_calls: int | None = 0
        file.seek(self._start)

    def opened(self) -> None:
        """Lift the limit on calls."""
        self._n_calls = None

    def tell(self) -> int:
        """Return the position."""
        return self._file.tell() - self._start

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes."""
        at = self._file.tell()
        left = 0 if self._is_exhausted() else max(0, self._end - at)
        content = self._file.read(min(size, left) if size >= 0 else left)
        if self._repair is None:
            return content
        return _repaired(content, at - self._start, self._repair)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move and return the position, or -1, as libav expects, where it is not possible."""
        if self._is_exhausted():
            return -1
        try:
            if whence == io.SEEK_CUR:
                return self._file.seek(offset, whence) - self._start
            at = (self._start if whence == io.SEEK_SET else self._end) + offset
            if at < self._start:
                return -1
            return self._file.seek(at) - self._start
        except (OSError, ValueError, OverflowError):
            return -1

    def _is_exhausted(self) -> bool:
        if self._n_calls is not None:
            self._n_calls += 1
        return (self._n_calls or 0) > MAX_OPENING_CALLS


def _repaired(content: bytes, start: int, repair: Repair) -> bytes:
    """Return the content of a file from `start` on, repaired as far as it lies in there."""
    at = repair.position - start
    if not -len(repair.content) < at < len(content):
        return content
    changed = bytearray(content)
    for index, byte in enumerate(repair.content, start=at):
        if 0 <= index < len(changed):
            changed[index] = byte
    return bytes(changed)


def check_rate(sample_rate_hz: int) -> None:
    """Raise DecodeError if a file's sample rate is not within 4 to 768 kHz."""
    if not MIN_ORIGINAL_RATE_HZ <= sample_rate_hz <= MAX_ORIGINAL_RATE_HZ:
        raise DecodeError(
            f"its header declares {sample_rate_hz:,} samples a second, and only "
            f"{MIN_ORIGINAL_RATE_HZ:,} to {MAX_ORIGINAL_RATE_HZ:,} can be read"
        )
