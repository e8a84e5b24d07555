"""A sound file, however it comes in, becomes mono float32 at one rate and a receipt."""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soxr

from genre_core.audio.decoders import (
    AnonymousStream,
    DecodeError,
    EncodedSound,
    check_rate,
    open_with_libav,
    open_with_libsndfile,
)
from genre_core.audio.levels import Levels, mono
from genre_core.audio.receipt import DecodedSound, receipt, shown_name
from genre_core.config import MAX_SONG_SECONDS, SAMPLE_RATE
from genre_core.errors import AudioError, SettingsError
from genre_core.types import FloatArray, Waveform

SUPPORTED_EXTENSIONS: tuple[str, ...] = (
    *(".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aiff", ".aif"),
    *(".webm", ".mp4", ".wma", ".mka", ".mkv", ".mov", ".caf", ".3gp", ".ac3", ".wv", ".au"),
    *(".m4b", ".aifc", ".w64", ".tta", ".mpga", ".mpg", ".mpeg", ".ts", ".avi", ".flv", ".ape"),
)
"""File extensions offered to the user. The content alone decides how a file is decoded."""

# Full scale = 1. Mixes in float pass it by a few dB; 24 dB above it a sample is damage.
MAX_AMPLITUDE: float = 16.0
MAX_UNSCALED: float = 1e10  # the limit for floats that are not scaled to 1, e.g. to 32,768
MOST_WILD: float = 0.01  # share of the values beyond `MAX_AMPLITUDE`; more: not scaled to 1
MOST_CANCELLED: float = 0.1  # power of the mono mix over that of a channel: 10 dB below it

Opener = Callable[[AnonymousStream], AbstractContextManager[EncodedSound]]
Source = str | Path | bytes | bytearray | memoryview | BinaryIO


def load_audio(
    source: Source,
    name: str | None = None,
    *,
    sample_rate: int = SAMPLE_RATE,
    max_seconds: float = MAX_SONG_SECONDS,
    on_progress: Callable[[float], None] | None = None,
) -> Waveform:
    """Decode a sound file to mono at one sample rate.

    Decoded and resampled block by block: memory follows the result, not the original.
    Damaged files give what can be decoded of them, and samples that are not finite become 0; the
    receipt says what was done.

    Raises AudioError if there is no such file or nothing in it can be decoded as sound,
    SettingsError if `max_seconds` is not positive and finite, TypeError if `source` is of another
    type.

    Parameters
    ----------
    source : a path, the content of a file, or an open file, which is read from its start and left
        open. The same content gives the same samples.
    name : file name to show; only its last part is used
    sample_rate : Hz, of the network; sound of this rate is not resampled
    max_seconds : a longer song is cut here
    on_progress : called with the fraction done, 0 to 1, never falling; the last call is with 1
    """
    if not 0 < max_seconds < np.inf:
        raise SettingsError(
            f"The longest song is {max_seconds:g} s: choose a finite length above 0 s."
        )
    name = shown_name(source, name)
    max_samples = round(max_seconds * sample_rate)
    best: DecodedSound | None = None
    with _open_source(source, name) as file:
        progress = _Progress(file, on_progress)
        for open_sound in (open_with_libsndfile, open_with_libav):
            file.seek(0)
            try:
                song = _read(open_sound, file, _Reading(sample_rate, max_samples), progress.report)
            except DecodeError as error:
                reason = str(error)
                continue
            if best is None or len(song.samples) > len(best.samples):
                best = song
            if song.is_whole:
                break
        if best is None:
            raise AudioError(
                f"“{name}” cannot be read as sound: {reason}. Choose a file with sound, "
                "such as mp3, wav, flac, ogg, m4a or webm, or export it again."
            )
    if len(best.samples) == 0:
        raise AudioError(
            f"“{name}” holds no sound that can be decoded: it is empty or damaged. "
            "Export or download it again."
        )
    progress.finish()
    return Waveform(best.samples, sample_rate, receipt(name, best, sample_rate))


@dataclass(frozen=True)
class _Reading:
    """How a file is decoded.

    `channel` is read alone; None: the average. Samples beyond `max_amplitude` become 0.
    """

    sample_rate: int
    max_samples: int
    channel: int | None = None
    max_amplitude: float = MAX_AMPLITUDE


def _read(
    open_sound: Opener, file: BinaryIO, reading: _Reading, on_block: Callable[[float], None]
) -> DecodedSound:
    """Decode a file, and once more where the first time shows that it needs another way."""

    def decode(reading: _Reading) -> tuple[DecodedSound, Levels]:
        file.seek(0)
        with open_sound(AnonymousStream(file)) as sound:
            return _decode(sound, reading, on_block)

    song, levels = decode(reading)
    if levels.wild_share > MOST_WILD:
        reading = replace(reading, max_amplitude=MAX_UNSCALED)
        song, levels = decode(reading)
    if levels.mix_share < MOST_CANCELLED:
        song, _ = decode(replace(reading, channel=levels.loudest))
    return song


def _decode(
    sound: EncodedSound, reading: _Reading, on_block: Callable[[float], None]
) -> tuple[DecodedSound, Levels]:
    pcm = bytearray()  # grows in place, so that the result is never in memory twice
    max_bytes = reading.max_samples * np.dtype(np.float32).itemsize
    original: tuple[int, int] | None = None
    resampler: _Resampler | None = None
    n_decoded: Counter[int] = Counter()  # samples at each rate
    levels = Levels()
    error: DecodeError | None = None

    blocks = iter(sound.blocks)
    while len(pcm) <= max_bytes:
        try:
            block, rate = next(blocks)
            if resampler is None or resampler.original_rate != rate:
                previous, resampler = resampler, _Resampler(rate, reading.sample_rate)
                pcm += previous.finish().data if previous else b""
        except StopIteration:
            break
        except DecodeError as caught:
            error = caught
            break
        original = original or (rate, block.shape[1])
        n_decoded[rate] += len(block)
        block = levels.without_wild(block, reading.max_amplitude)
        mix = mono(block, reading.channel)
        levels.add(block, mix)
        pcm += resampler.push(mix).data
        on_block(len(pcm) / max_bytes)
    if resampler is not None:
        pcm += resampler.finish().data
    if error is not None and original is None:
        raise error

    is_cut = len(pcm) > max_bytes
    del pcm[max_bytes:]
    rate, channels = original or (0, 0)
    song = DecodedSound(
        samples=np.frombuffer(pcm, dtype=np.float32),
        container=sound.container,
        codec=sound.codec,
        sample_rate_hz=rate,
        channels=channels,
        decoded_seconds=sum(n / rate for rate, n in n_decoded.items()),
        declared_seconds=sound.declared_seconds,
        is_cut=is_cut,
        is_whole=error is None,
        n_replaced=levels.n_wild,
        channel=reading.channel,
        faults=(*sound.faults, *([f"Decoding stopped early: {error}."] if error else [])),
    )
    return song, levels


class _Resampler:
    """Mono blocks at one rate in, blocks at another out."""

    def __init__(self, original_rate: int, target_rate: int):
        check_rate(original_rate)  # some formats may change it on the way
        self.original_rate = original_rate
        self._stream = (
            None
            if original_rate == target_rate
            else soxr.ResampleStream(
                original_rate, target_rate, num_channels=1, dtype="float32", quality="HQ"
            )
        )

    def push(self, samples: FloatArray) -> FloatArray:
        if self._stream is None:
            return samples
        resampled: FloatArray = self._stream.resample_chunk(samples)
        return resampled

    def finish(self) -> FloatArray:
        rest = np.empty(0, dtype=np.float32)
        if self._stream is None:
            return rest
        resampled: FloatArray = self._stream.resample_chunk(rest, last=True)
        return resampled


class _Progress:
    """Reports the fraction done to a listener, in steps of a hundredth, never falling."""

    def __init__(self, file: BinaryIO, listener: Callable[[float], None] | None):
        self._file = file
        self._n_bytes = file.seek(0, io.SEEK_END)
        self._listener = listener
        self._reported = -1.0

    def report(self, fraction_of_limit: float) -> None:
        fraction = min(max(self._file.tell() / self._n_bytes, fraction_of_limit), 1.0)
        if self._listener is not None and fraction >= self._reported + 0.01:
            self._reported = fraction
            self._listener(fraction)

    def finish(self) -> None:
        if self._listener is not None and self._reported < 1.0:
            self._listener(1.0)


@contextmanager
def _open_source(source: Source, name: str) -> Iterator[BinaryIO]:
    """Yield a seekable file that is not empty; close it only if it was opened here."""
    if isinstance(source, str | Path):
        try:
            path = Path(source)
            if path.is_dir():
                raise AudioError(f"“{name}” is a folder: choose a sound file in it.")
            if not path.exists():
                raise AudioError(f"There is no file “{name}”: check its name and folder.")
            if not path.is_file():
                raise AudioError(f"“{name}” is not a regular file: choose a sound file.")
            opened: BinaryIO = path.open("rb")
        except (OSError, ValueError) as error:
            if isinstance(error, AudioError):
                raise
            reason = getattr(error, "strerror", None) or str(error)
            raise AudioError(
                f"“{name}” cannot be opened ({reason}): check its name and permissions."
            ) from error
    elif isinstance(source, bytes | bytearray | memoryview):
        opened = io.BytesIO(source)
    elif hasattr(source, "read"):
        is_seekable = hasattr(source, "seekable") and source.seekable()
        opened = source if is_seekable else io.BytesIO(source.read())
    else:
        raise TypeError(
            f"expected a path, bytes or a binary file object, got {type(source).__name__}"
        )
    try:
        if not isinstance(opened.read(0), bytes):
            raise TypeError("expected a binary file object, got one opened as text")
        if opened.seek(0, io.SEEK_END) == 0:
            raise AudioError(f"“{name}” is empty (0 bytes): export or download it again.")
        yield opened
    finally:
        if opened is not source:
            opened.close()
