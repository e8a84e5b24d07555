"""Two decoders, one way to use them: an encoded file becomes blocks of float samples.

libsndfile reads wav, flac, ogg, opus, mp3 and aiff; libav (through PyAV) the rest: m4a, aac, mp4,
webm, wma, mkv, ac3 ... Neither ever sees a file name, so that a path, bytes and an open file with
the same content give the same samples.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

import av
import numpy as np
import soundfile

from genre_core.types import FloatArray

MIN_ORIGINAL_RATE_HZ: int = 4_000
MAX_ORIGINAL_RATE_HZ: int = 768_000
BLOCK_VALUES: int = 2**17  # samples times channels decoded at once

# libav also reads playlists, which would make it open other files and addresses. These are the
# containers of sound and of video with sound, nothing that points elsewhere.
LIBAV_CONTAINERS: tuple[str, ...] = (
    *("aac", "ac3", "aiff", "amr", "ape", "asf", "au", "avi", "caf", "dsf", "eac3", "flac", "flv"),
    *("loas", "matroska", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "ogg", "tak", "tta"),
    *("w64", "wav", "wv"),
)
# Containers without a length in their header: libav estimates it from the bit rate.
LIBAV_GUESSED_LENGTH: tuple[str, ...] = ("aac", "ac3", "eac3", "loas", "mp3", "mpeg", "mpegts")

OGG_PAGE_BYTES: int = 65_307  # the largest page
OGG_CUT = "The file ends without Ogg's end mark: it may be cut short."
JOINABLE_CONTAINERS: tuple[str, ...] = ("MP3", "OGG")  # of which libsndfile reads the first piece
MOST_UNREAD: float = 0.1  # share of the file left for tags at its end
STREAMED_BYTES: int = 0x7FFF0000  # a declared size from here on is "unknown", not a promise


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
    """

    container: str
    codec: str
    declared_seconds: float | None
    blocks: Iterator[tuple[FloatArray, int]]
    faults: list[str] = field(default_factory=list)


class AnonymousStream:
    """Read, seek and tell of a binary file, and nothing else: above all not its name."""

    def __init__(self, file: BinaryIO):
        self.read = file.read
        self.seek = file.seek
        self.tell = file.tell


def check_rate(sample_rate_hz: int) -> None:
    """Raise DecodeError if a file's sample rate is not within 4 to 768 kHz."""
    if not MIN_ORIGINAL_RATE_HZ <= sample_rate_hz <= MAX_ORIGINAL_RATE_HZ:
        raise DecodeError(
            f"its header declares {sample_rate_hz:,} samples a second, and only "
            f"{MIN_ORIGINAL_RATE_HZ:,} to {MAX_ORIGINAL_RATE_HZ:,} can be read"
        )


@contextmanager
def open_with_libsndfile(stream: AnonymousStream) -> Iterator[EncodedSound]:
    """Open a stream, at its start, with libsndfile.

    Raises DecodeError if libsndfile does not know the format, or as `check_rate`.
    """
    faults = [] if _ends_as_ogg_should(stream) else [OGG_CUT]
    try:
        file = soundfile.SoundFile(stream)
    except soundfile.SoundFileError as error:
        reason = str(error).rpartition(": ")[2].rstrip(".")
        raise DecodeError(f"libsndfile cannot open it ({reason})") from error
    with file:
        check_rate(file.samplerate)
        yield EncodedSound(
            container=file.format,
            codec=file.subtype_info,
            declared_seconds=_declared_seconds(file),
            blocks=_libsndfile_blocks(file, stream),
            faults=faults,
        )


def _libsndfile_blocks(
    file: soundfile.SoundFile, stream: AnonymousStream
) -> Iterator[tuple[FloatArray, int]]:
    n_block = max(1, BLOCK_VALUES // file.channels)
    while True:
        try:
            samples = file.read(n_block, dtype="float32", always_2d=True)
        except soundfile.SoundFileError as error:
            raise DecodeError(f"libsndfile stopped ({str(error).rstrip('.')})") from error
        if len(samples) == 0:
            break
        yield samples, file.samplerate
    unread = 1.0 - stream.tell() / stream.seek(0, io.SEEK_END)
    if file.format in JOINABLE_CONTAINERS and unread > MOST_UNREAD:
        raise DecodeError(f"libsndfile left {unread:.0%} of the file unread, as in joined files")


def _declared_seconds(file: soundfile.SoundFile) -> float | None:
    if file.frames > 2**62:  # libsndfile's "unknown", e.g. FLAC from a pipe
        return None
    seconds = file.frames / file.samplerate
    # libsndfile reduces the declared size to the file's and says so only in its log.
    sizes = re.search(r"^ *(?:data|SSND) : (\d+) \(should be (\d+)\)", file.extra_info, re.M)
    if sizes:
        declared_bytes, actual_bytes = int(sizes[1]), int(sizes[2])
        if declared_bytes >= STREAMED_BYTES:
            return None
        if actual_bytes > 0:
            return float(seconds * declared_bytes / actual_bytes)
    return float(seconds)


def _ends_as_ogg_should(stream: AnonymousStream) -> bool:
    """Return whether a file is not Ogg, or has Ogg's end mark (RFC 3533, section 6)."""
    is_ogg = stream.read(4) == b"OggS"
    n_bytes = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, n_bytes - OGG_PAGE_BYTES))
    tail = stream.read(OGG_PAGE_BYTES) if is_ogg else b""
    stream.seek(0)
    last_page = tail[max(0, tail.rfind(b"OggS")) :]
    n_segments = last_page[26] if len(last_page) > 26 else 0
    n_page = 27 + n_segments + sum(last_page[27 : 27 + n_segments])
    has_end_mark = len(last_page) >= n_page and bool(last_page[5] & 4)
    return not is_ogg or has_end_mark


@contextmanager
def open_with_libav(stream: AnonymousStream) -> Iterator[EncodedSound]:
    """Open the sound track of a stream, at its start, with libav.

    Raises DecodeError if libav does not know the container or the codec, if there is no sound
    track, or as `check_rate`.
    """
    options = {"format_whitelist": ",".join(LIBAV_CONTAINERS), "protocol_whitelist": "none"}
    try:
        container = av.open(stream, mode="r", options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        guess = _likely_trouble(stream)
        raise DecodeError(f"{guess} (libav says: {_libav_reason(error)})") from error
    with container:
        if not container.streams.audio:
            raise DecodeError("it has no sound track")
        track = container.streams.audio[0]
        if track.codec_context is None:
            raise DecodeError("its codec is unknown, or it is copy-protected")
        check_rate(track.codec_context.sample_rate)  # at 1 Hz, libav reads sample by sample
        declared_seconds = None
        if container.duration and container.format.name not in LIBAV_GUESSED_LENGTH:
            declared_seconds = container.duration / av.time_base
        if declared_seconds and track.duration and track.time_base:
            # A video may outlast its sound.
            declared_seconds = float(track.duration * track.time_base)
        sound = EncodedSound(
            container=container.format.long_name,
            codec=track.codec_context.codec.long_name,
            declared_seconds=declared_seconds,
            blocks=iter(()),
        )
        sound.blocks = _join_small(_libav_frames(container, track, sound.faults))
        yield sound


def _libav_frames(
    container: av.container.InputContainer, track: av.AudioStream, faults: list[str]
) -> Iterator[tuple[FloatArray, int]]:
    n_damaged = 0
    packets = container.demux(track)
    while True:
        try:
            packet = next(packets, None)
        except (av.FFmpegError, OSError, ValueError) as error:
            faults.append(f"The file is damaged: reading stopped ({_libav_reason(error)}).")
            break
        if packet is None:
            break
        try:
            frames = packet.decode()
        except (av.FFmpegError, ValueError):
            n_damaged += 1  # as players do: what is damaged is skipped
            continue
        for frame in frames:
            yield _as_float(frame), frame.sample_rate
    if n_damaged:
        pieces = "One damaged piece" if n_damaged == 1 else f"{n_damaged:,} damaged pieces"
        faults.append(f"{pieces} of the file could not be decoded.")


def _as_float(frame: av.AudioFrame) -> FloatArray:
    values = frame.to_ndarray()
    # planar: (n_channels, n_samples); packed: (1, n_samples * n_channels)
    samples = values.T if frame.format.is_planar else values.reshape(frame.samples, -1)
    floats = samples.astype(np.float32)
    if samples.dtype == np.uint8:
        return floats / np.float32(128) - np.float32(1)
    if samples.dtype.kind == "i":
        return floats / np.float32(2 ** (8 * samples.dtype.itemsize - 1))
    return floats


def _join_small(blocks: Iterator[tuple[FloatArray, int]]) -> Iterator[tuple[FloatArray, int]]:
    """Join small blocks of the same form: a codec's own are some 20 ms."""
    pending: list[FloatArray] = []
    n_pending = 0
    pending_rate = 0
    for samples, sample_rate in blocks:
        is_alike = not pending or (
            sample_rate == pending_rate and samples.shape[1] == pending[0].shape[1]
        )
        if n_pending >= BLOCK_VALUES or not is_alike:
            yield np.concatenate(pending), pending_rate
            pending, n_pending = [], 0
        pending.append(samples)
        n_pending += samples.size
        pending_rate = sample_rate
    if pending:
        yield np.concatenate(pending), pending_rate


def _likely_trouble(stream: AnonymousStream) -> str:
    stream.seek(0)
    head = stream.read(64)
    if head[4:8] == b"ftyp":
        return "its index is missing, as in an MP4 or M4A that was not copied whole"
    if all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in head):
        return "it holds text"
    return "it is damaged or in an unknown format"


def _libav_reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)
