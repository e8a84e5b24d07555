"""How long a sound file says that it is, and whether its end is missing.

An estimate from the bit rate is no promise: then the length is None.
"""

import io
import re
from typing import Protocol

import av
import soundfile

STREAMED_BYTES: int = 0x7FFF0000  # a declared size from here on is "unknown", not a promise
OGG_PAGE_BYTES: int = 65_307  # the largest page
OGG_CUT = "The file ends without Ogg's end mark: it may be cut short."
RIFF_CUT = "The file is shorter than its header says: it may be cut short."
NO_SIZE = "The header declares no sound, as after a crash while recording: read to the end."
MP3_SEARCH_BYTES: int = 4_096  # after the ID3 tag, where the first frame is

# libsndfile reduces a declared size to the file's and says so only in its log.
_SIZES = re.compile(
    r"^ *(?:data|SSND|BODY|Data Size|riff) *: (\d+) \(should be (\d+)\)", re.MULTILINE
)
_RF64_FRAMES = re.compile(r"'ds64' chunk of (\d+)")


class Stream(Protocol):
    """A binary file."""

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes."""

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move and return the position."""


def libsndfile_seconds(file: soundfile.SoundFile, stream: Stream) -> float | None:
    """Return the length that the header declares; None where it does not say."""
    if file.frames > 2**62:  # libsndfile's "unknown", e.g. FLAC from a pipe
        return None
    if file.format == "MP3" and not _has_mp3_length(stream):
        return None
    seconds = file.frames / file.samplerate
    log = file.extra_info
    if frames := _RF64_FRAMES.search(log):
        return max(seconds, int(frames[1]) / file.samplerate)
    # The data's own size is exact, that of the whole file is not.
    sizes = sorted(_SIZES.findall(log), key=lambda pair: int(pair[0]))
    if sizes:
        declared_bytes, actual_bytes = int(sizes[0][0]), int(sizes[0][1])
        if declared_bytes >= STREAMED_BYTES and file.format != "W64":
            return None
        if actual_bytes > 0:
            return float(seconds * declared_bytes / actual_bytes)
    return float(seconds)


def libav_seconds(container: av.container.InputContainer, track: av.AudioStream) -> float | None:
    """Return the length that a track declares; None where only the whole file's is known."""
    start_seconds = 0.0
    if track.start_time and track.time_base:
        start_seconds = max(0.0, float(track.start_time * track.time_base))  # sound may start late
    if track.duration and track.time_base:
        return float(track.duration * track.time_base)
    end = re.fullmatch(r"(\d+):(\d\d):(\d\d\.\d+)", track.metadata.get("DURATION", ""))
    if end:  # Matroska's own tag
        return int(end[1]) * 3_600 + int(end[2]) * 60 + float(end[3]) - start_seconds
    if container.duration and len(container.streams) == 1:  # a picture may outlast the sound
        return container.duration / av.time_base - start_seconds
    return None


def is_cut_at_its_end(stream: Stream) -> list[str]:
    """Return a sentence if the end mark of Ogg, or the end that AVI or CAF declares, is missing.

    Also if a WAV declares no sound at all. The stream is at its start before and after.
    """
    head = stream.read(16)
    n_bytes = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, n_bytes - OGG_PAGE_BYTES))
    tail = stream.read(OGG_PAGE_BYTES) if head[:4] == b"OggS" else b""
    stream.seek(0)
    if tail and not _has_ogg_end_mark(tail):
        return [OGG_CUT]
    declared = int.from_bytes(head[4:8], "little") + 8
    if head[:4] == b"RIFF" and head[8:12] == b"AVI " and n_bytes < declared < STREAMED_BYTES:
        return [RIFF_CUT]
    if head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE":
        start = stream.read(1_024)
        stream.seek(0)
        at = start.find(b"data", 12)
        if at >= 0 and start[at + 4 : at + 8] == bytes(4) and at + 8 < n_bytes:
            return [NO_SIZE]
    return []


def _has_ogg_end_mark(tail: bytes) -> bool:
    """Return whether the last page is whole and marked as the last (RFC 3533, section 6)."""
    last_page = tail[max(0, tail.rfind(b"OggS")) :]
    n_segments = last_page[26] if len(last_page) > 26 else 0
    n_page = 27 + n_segments + sum(last_page[27 : 27 + n_segments])
    return len(last_page) >= n_page and len(last_page) > 5 and bool(last_page[5] & 4)


def _has_mp3_length(stream: Stream) -> bool:
    """Return whether the first frame is one of Xing, LAME or Fraunhofer, with the exact length."""
    position = stream.seek(0, io.SEEK_CUR)
    stream.seek(0)
    head = stream.read(10)
    start = 0
    if head[:3] == b"ID3" and len(head) == 10:
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 127
        start = 10 + size
    stream.seek(start)
    frame = stream.read(MP3_SEARCH_BYTES)
    stream.seek(position)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))
