"""How long a sound file says that it is.

An estimate from the bit rate is no promise: then the length is None.
"""

import io
import re

import av
import soundfile

from genre_core.audio.file_end import STREAMED_BYTES
from genre_core.audio.trailing_tags import Stream

MP3_SEARCH_BYTES: int = 4_096  # after the ID3 tag, where the first frame is

# libsndfile reduces a declared size to the file's and says so only in its log.
_SIZES = re.compile(
    r"^ *(?:data|SSND|BODY|Data Size|riff) *: (\d+) \(should be (\d+)\)", re.MULTILINE
)
_RF64_FRAMES = re.compile(r"'ds64' chunk of (\d+)")


def libsndfile_seconds(file: soundfile.SoundFile) -> float | None:
    """Return the length that the header declares; None where it does not say."""
    if file.frames > 2**62:  # libsndfile's "unknown", e.g. FLAC from a pipe
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
    # ASF declares one length for all its tracks.
    is_own = container.format.name != "asf" or len(container.streams) == 1
    if track.duration and track.time_base and is_own:
        return float(track.duration * track.time_base)
    end = re.fullmatch(r"(\d+):(\d\d):(\d\d\.\d+)", track.metadata.get("DURATION", ""))
    if end:  # Matroska's own tag
        return int(end[1]) * 3_600 + int(end[2]) * 60 + float(end[3]) - start_seconds
    if container.duration and len(container.streams) == 1:  # a picture may outlast the sound
        return container.duration / av.time_base - start_seconds
    return None


def has_mp3_length(stream: Stream) -> bool:
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
