"""A sound file, however it comes in, becomes mono float32 at one rate and a receipt."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

from genre_core.audio.decode import Listener, Reading, read
from genre_core.audio.decoders import decoders
from genre_core.audio.encoded_sound import AnonymousStream, DecodeError
from genre_core.audio.file_end import missing_end
from genre_core.audio.header_repair import repair_of
from genre_core.audio.receipt import DecodedSound, receipt, shown_name
from genre_core.audio.trailing_tags import BinaryFile, sound_end
from genre_core.config import MAX_SONG_SECONDS, SAMPLE_RATE
from genre_core.errors import AudioError, SettingsError
from genre_core.types import Waveform

SUPPORTED_EXTENSIONS: tuple[str, ...] = (
    *(".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".aiff", ".aif"),
    *(".webm", ".mp4", ".wma", ".mka", ".mkv", ".mov", ".caf", ".3gp", ".ac3", ".wv", ".au"),
    *(".m4b", ".aifc", ".w64", ".tta", ".mpga", ".mpg", ".mpeg", ".ts", ".avi", ".flv", ".ape"),
)
"""File extensions offered to the user. The content alone decides how a file is decoded."""

Source = str | Path | bytes | bytearray | memoryview | BinaryIO


def load_audio(
    source: Source,
    name: str | None = None,
    *,
    sample_rate: int = SAMPLE_RATE,
    max_seconds: float = MAX_SONG_SECONDS,
    on_progress: Callable[[float], None] | None = None,
    listener: Listener | None = None,
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
    listener : gets the samples while more are decoded
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

        def open_stream() -> AnonymousStream:
            return AnonymousStream(file, end, repair)

        end = sound_end(file)
        whole = BinaryFile(file, end)
        is_empty = whole.is_empty()
        repair = None if is_empty else repair_of(whole)
        faults = [repair.sentence] if repair and repair.sentence else missing_end(whole)
        reading = Reading(sample_rate, max_samples)
        for decoder in decoders(whole, is_empty):
            try:
                song = read(decoder, open_stream, reading, progress.report, listener)
            except DecodeError as error:
                reason = str(error)
                if listener is not None:
                    listener.restart(None)
                continue
            if best is None or len(song.samples) > len(best.samples):
                best = song
            if song.is_whole:
                break
        if best is None:
            if is_empty:
                reason = "behind its start it holds only zeros, as a file that was not copied whole"
            raise AudioError(
                f"“{name}” cannot be read as sound: {reason}. Choose a file with sound, "
                "such as mp3, wav, flac, ogg, m4a or webm, or export it again."
            )
    if listener is not None and best is not song:
        listener.restart(None)
    if len(best.samples) == 0:
        raise AudioError(
            f"“{name}” holds no sound that can be decoded: it is empty or damaged. "
            "Export or download it again."
        )
    progress.finish()
    return Waveform(best.samples, sample_rate, receipt(name, best, sample_rate, faults))


class _Progress:
    """Reports the fraction done to a listener, in steps of a hundredth, never falling."""

    def __init__(self, file: BinaryIO, listener: Callable[[float], None] | None):
        self._n_bytes = file.seek(0, io.SEEK_END)
        self._listener = listener
        self._reported = -1.0

    def report(self, position: int, fraction_of_limit: float) -> None:
        fraction = min(max(position / self._n_bytes, fraction_of_limit), 1.0)
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
