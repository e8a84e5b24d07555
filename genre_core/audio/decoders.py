"""Two decoders, one way to use them: an encoded file becomes blocks of float samples.

libsndfile reads wav, flac, ogg, opus, mp3 and aiff; libav (through PyAV) the rest: m4a, aac, mp4,
webm, wma, mkv, ac3 ... Neither ever sees a file name, so that a path, bytes and an open file with
the same content give the same samples.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

import av
import numpy as np
import soundfile

from genre_core.audio.declared_length import (
    is_cut_at_its_end,
    libav_seconds,
    libsndfile_seconds,
)
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

JOINABLE_CONTAINERS: tuple[str, ...] = ("MP3", "OGG")  # of which libsndfile reads the first piece
MOST_UNREAD: float = 0.1  # share of the file left for tags at its end
MAX_OPENING_CALLS: int = 200_000  # reads and seeks; a header of zeros would take millions
MAX_RESTARTS: int = 100  # of reading after an error on the way


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
    """Read, seek and tell of a binary file, and nothing else: above all not its name.

    An impossible seek changes nothing and raises nothing, for libsndfile would print the exception.
    Before `opened` is called, the file seems to end after `MAX_OPENING_CALLS` calls.
    """

    def __init__(self, file: BinaryIO):
        self._file = file
        self._n_calls: int | None = 0
        self.tell = file.tell

    def opened(self) -> None:
        """Lift the limit on calls."""
        self._n_calls = None

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes."""
        return b"" if self._is_exhausted() else self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move and return the position, or -1, as libav expects, where it is not possible."""
        if self._is_exhausted():
            return -1
        try:
            return self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return -1

    def _is_exhausted(self) -> bool:
        if self._n_calls is not None:
            self._n_calls += 1
        return (self._n_calls or 0) > MAX_OPENING_CALLS


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
    faults = is_cut_at_its_end(stream)
    try:
        file = soundfile.SoundFile(stream)
    except soundfile.SoundFileError as error:
        reason = str(error).rpartition(": ")[2].rstrip(".")
        raise DecodeError(f"libsndfile cannot open it ({reason})") from error
    with file:
        check_rate(file.samplerate)
        stream.opened()
        yield EncodedSound(
            container=file.format,
            codec=file.subtype_info,
            declared_seconds=libsndfile_seconds(file, stream),
            blocks=_libsndfile_blocks(file, stream),
            faults=faults,
        )


def _libsndfile_blocks(
    file: soundfile.SoundFile, stream: AnonymousStream
) -> Iterator[tuple[FloatArray, int]]:
    n_block = max(1, BLOCK_VALUES // file.channels)
    if file.frames == 0:  # of a recorder that crashed before it wrote the size: libav reads on
        raise DecodeError("libsndfile finds no samples")
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


@contextmanager
def open_with_libav(stream: AnonymousStream) -> Iterator[EncodedSound]:
    """Open the sound track of a stream, at its start, with libav.

    Raises DecodeError if libav does not know the container or the codec, if there is no sound
    track, or as `check_rate`.
    """
    faults = is_cut_at_its_end(stream)
    options = {"format_whitelist": ",".join(LIBAV_CONTAINERS), "protocol_whitelist": "none"}
    try:
        container = av.open(stream, mode="r", options=options, metadata_errors="replace")
    except Exception as error:  # PyAV raises more than its own errors
        stream.opened()
        guess = _likely_trouble(stream)
        raise DecodeError(f"{guess} (libav says: {_libav_reason(error)})") from error
    stream.opened()
    with container:
        track, choice = _chosen_track(container)
        if track.codec_context.sample_rate:  # 0: not known before the first packet
            check_rate(track.codec_context.sample_rate)  # at 1 Hz, libav reads sample by sample
        is_guess = container.format.name in LIBAV_GUESSED_LENGTH
        sound = EncodedSound(
            container=container.format.long_name,
            codec=track.codec_context.codec.long_name,
            declared_seconds=None if is_guess else libav_seconds(container, track),
            blocks=iter(()),
            faults=[*faults, *choice],
        )
        sound.blocks = _join_small(_libav_frames(container, track, sound.faults))
        yield sound


def _chosen_track(container: av.container.InputContainer) -> tuple[av.AudioStream, list[str]]:
    """Return the sound track that players choose, and a sentence if there are several.

    It is the default one; among several or without one, the longest, then the first.
    """
    if not container.streams.audio:
        raise DecodeError("it has no sound track")
    tracks = [track for track in container.streams.audio if track.codec_context is not None]
    if not tracks:
        raise DecodeError("its codec is unknown, or it is copy-protected")
    default = [track for track in tracks if av.stream.Disposition.default in track.disposition]
    track = max(default or tracks, key=lambda track: track.duration or 0)
    if len(container.streams.audio) == 1:
        return track, []
    number = 1 + [item.index for item in container.streams.audio].index(track.index)
    reason = "the default one" if len(default) == 1 else "the longest"
    n_tracks = len(container.streams.audio)
    return track, [f"The file has {n_tracks} sound tracks: number {number} is read, {reason}."]


def _libav_frames(
    container: av.container.InputContainer, track: av.AudioStream, faults: list[str]
) -> Iterator[tuple[FloatArray, int]]:
    n_damaged = n_errors = 0
    packets = container.demux(track)
    while True:
        try:
            packet = next(packets, None)
        except Exception as error:  # PyAV raises IndexError and others on damaged files
            n_errors += 1
            if n_errors == 1:
                faults.append(f"The file is damaged: reading failed ({_libav_reason(error)}).")
            # A stream that turns up on the way is no end: sound may follow.
            if not isinstance(error, LookupError) or n_errors > MAX_RESTARTS:
                break
            packets = container.demux(track)
            continue
        if packet is None:
            break
        try:
            frames = [(_as_float(frame), frame.sample_rate) for frame in packet.decode()]
        except av.EOFError:
            continue  # the end was announced twice, after a restart
        except Exception:
            n_damaged += 1  # as players do: what is damaged is skipped
            continue
        yield from frames
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
