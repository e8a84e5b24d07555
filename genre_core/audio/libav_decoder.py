"""libav, through PyAV, reads what libsndfile does not: mp3, m4a, mp4, webm, wma, mkv, ac3 ..."""

from collections.abc import Iterator
from contextlib import contextmanager

import av
import numpy as np
from av.audio.frame import format_dtypes

from genre_core.audio.declared_length import has_mp3_length, libav_seconds
from genre_core.audio.encoded_sound import (
    BLOCK_VALUES,
    AnonymousStream,
    DecodeError,
    EncodedSound,
    check_rate,
)
from genre_core.audio.file_end import PACKET_CUT
from genre_core.audio.frame_sizes import HEADER_BYTES, frame_bytes
from genre_core.types import FloatArray

# libav also reads playlists, which would make it open other files and addresses. These are the
# containers of sound and of video with sound, nothing that points elsewhere.
LIBAV_CONTAINERS: tuple[str, ...] = (
    *("aac", "ac3", "aiff", "amr", "ape", "asf", "au", "avi", "caf", "dsf", "eac3", "flac", "flv"),
    *("loas", "matroska", "mov", "mp3", "mpc", "mpc8", "mpeg", "mpegts", "ogg", "tak", "tta"),
    *("w64", "wav", "wv"),
)
# Containers without a length in their header: libav estimates it from the bit rate.
LIBAV_GUESSED_LENGTH: tuple[str, ...] = (
    *("aac", "ac3", "amr", "eac3", "loas", "mp3", "mpeg", "mpegts"),
)
MAX_RESTARTS: int = 100  # of reading after an error on the way


@contextmanager
def open_with_libav(stream: AnonymousStream, rank: int = 0) -> Iterator[EncodedSound]:
    """Open a sound track of a stream, at its start, with libav.

    Raises DecodeError if libav does not know the container or the codec, if there is no sound
    track, or as `check_rate`.

    Parameters
    ----------
    rank : which track: 0 is the one that players choose, 1 the next best ...
    """
    options = {"format_whitelist": ",".join(LIBAV_CONTAINERS), "protocol_whitelist": "none"}
    try:
        container = av.open(stream, mode="r", options=options, metadata_errors="replace")
    except Exception as error:  # PyAV raises more than its own errors
        stream.opened()
        guess = _likely_trouble(stream)
        raise DecodeError(f"{guess} (libav says: {_libav_reason(error)})") from error
    stream.opened()
    with container:
        tracks = _tracks(container)
        track = tracks[min(rank, len(tracks) - 1)]
        if track.codec_context.sample_rate:  # 0: not known before the first packet
            check_rate(track.codec_context.sample_rate)  # at 1 Hz, libav reads sample by sample
        is_guess = container.format.name in LIBAV_GUESSED_LENGTH and not (
            container.format.name == "mp3" and has_mp3_length(stream)
        )
        sound = EncodedSound(
            container=_container_name(container, track),
            codec=track.codec_context.codec.long_name,
            declared_seconds=None if is_guess else libav_seconds(container, track),
            blocks=iter(()),
            faults=_choice(container, track, rank),
            has_end=container.format.name == "mp3" or not is_guess,
            n_other_tracks=max(0, len(tracks) - 1 - rank),
        )
        sound.blocks = _blocks(_libav_frames(container, track, sound.faults))
        yield sound


def _tracks(container: av.container.InputContainer) -> list[av.AudioStream]:
    """Return the sound tracks, best first: the default one, then the longest, then the first."""
    if not container.streams.audio:
        raise DecodeError("it has no sound track")
    tracks = [track for track in container.streams.audio if track.codec_context is not None]
    if not tracks:
        raise DecodeError("its codec is unknown, or it is copy-protected")
    return sorted(
        tracks,
        key=lambda track: (_is_default(track), libav_seconds(container, track) or 0.0),
        reverse=True,
    )


def _container_name(container: av.container.InputContainer, track: av.AudioStream) -> str:
    if container.format.name == "mp3":  # libav has one name for all layers of MPEG audio
        return str(track.codec_context.codec.canonical_name).upper()
    return str(container.format.long_name)


def _is_default(track: av.AudioStream) -> bool:
    return av.stream.Disposition.default in track.disposition


def _choice(container: av.container.InputContainer, track: av.AudioStream, rank: int) -> list[str]:
    """Return a sentence about the track that is read, if there are several."""
    tracks = container.streams.audio
    if len(tracks) == 1:
        return []
    number = 1 + [item.index for item in tracks].index(track.index)
    lengths = {libav_seconds(container, item) for item in tracks}
    if rank:
        reason = "the first one with sound"
    elif _is_default(track) and sum(map(_is_default, tracks)) == 1:
        reason = "the default one"
    else:
        reason = "the longest" if len(lengths) > 1 else "the first"
    return [f"The file has {len(tracks)} sound tracks: number {number} is read, {reason}."]


def _libav_frames(
    container: av.container.InputContainer, track: av.AudioStream, faults: list[str]
) -> Iterator[av.AudioFrame]:
    n_damaged = n_errors = 0
    is_skipping = is_corrupt = False
    last: av.Packet | None = None
    packets = container.demux(track)
    while True:
        try:
            packet = next(packets, None)
        except Exception as error:  # PyAV raises IndexError and others on damaged files
            n_errors += 1
            is_skipping = isinstance(error, BlockingIOError)  # over bytes that are no packets
            fault = f"The file is damaged: reading failed ({_libav_reason(error)})."
            if not is_skipping and fault not in faults:
                faults.append(fault)
            # A stream that turns up on the way is no end: sound may follow.
            if not isinstance(error, LookupError | BlockingIOError) or n_errors > MAX_RESTARTS:
                break
            packets = container.demux(track)
            continue
        if packet is None:
            break
        if packet.size:
            last = packet
            # Elsewhere the last piece of a file is marked so, if it is small.
            is_corrupt = packet.is_corrupt and container.format.name == "mpegts"
            n_damaged += is_skipping or is_corrupt
            is_skipping = False
        try:
            frames = packet.decode()
        except av.EOFError:
            continue  # the end was announced twice, after a restart
        except Exception:
            # As players do: what is damaged is skipped. Zeros are padding, not damage.
            n_damaged += any(bytes(packet)) and not is_corrupt
            continue
        yield from frames
    if last is not None and (frame_bytes(bytes(last)[:HEADER_BYTES]) or 0) > last.size:
        faults.append(PACKET_CUT)
    if n_damaged:
        pieces = "One damaged piece" if n_damaged == 1 else f"{n_damaged:,} damaged pieces"
        faults.append(f"{pieces} of the file could not be decoded.")


def _as_float(frame: av.AudioFrame) -> FloatArray:
    n_samples, n_channels = frame.samples, frame.layout.nb_channels
    dtype = np.dtype(format_dtypes[frame.format.name])
    if frame.format.is_planar:
        # Not `to_ndarray`: from 8 channels on, PyAV takes what lies behind the planes for more of
        # them, and reading those ends the process.
        planes = [memoryview(plane) for plane in frame.planes[:n_channels]]
        samples = np.array([np.frombuffer(plane, dtype, n_samples) for plane in planes]).T
    else:
        values = np.frombuffer(memoryview(frame.planes[0]), dtype, n_samples * n_channels)
        samples = values.reshape(n_samples, n_channels)
    floats = samples.astype(np.float32, copy=False)
    if samples.dtype == np.uint8:
        return floats / np.float32(128) - np.float32(1)
    if samples.dtype.kind == "i":
        return floats / np.float32(2 ** (8 * samples.dtype.itemsize - 1))
    return floats


def _blocks(frames: Iterator[av.AudioFrame]) -> Iterator[tuple[FloatArray, int]]:
    """Join small frames of the same form: a codec's own are some 20 ms."""
    fifo, form = av.AudioFifo(), None
    for frame in frames:
        frame.pts = None  # gaps are no matter here
        # Broadcasts change it on the way; the fifo reads channels that are gone, and crashes.
        its_form = frame.format.name, frame.layout.name, frame.sample_rate
        if form != its_form:
            yield from _rest(fifo)
            fifo, form = av.AudioFifo(), its_form
        fifo.write(frame)
        if fifo.samples * frame.layout.nb_channels >= BLOCK_VALUES:
            yield from _rest(fifo)
    yield from _rest(fifo)


def _rest(fifo: av.AudioFifo) -> Iterator[tuple[FloatArray, int]]:
    joined = fifo.read()
    if joined is not None:
        yield _as_float(joined), joined.sample_rate


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
