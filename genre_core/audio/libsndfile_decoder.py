"""libsndfile reads wav, flac, ogg, opus, aiff, au, caf and others, exact to a sample."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import soundfile

from genre_core.audio.declared_length import libsndfile_seconds
from genre_core.audio.encoded_sound import (
    BLOCK_VALUES,
    AnonymousStream,
    DecodeError,
    EncodedSound,
    check_rate,
)
from genre_core.types import FloatArray

WITHOUT_LENGTH: tuple[str, ...] = ("IRCAM", "PAF", "PVF")  # their headers hold no size
MOST_UNREAD: float = 0.1  # share of the file left for tags at its end


@contextmanager
def open_with_libsndfile(stream: AnonymousStream, rank: int = 0) -> Iterator[EncodedSound]:
    """Open a stream, at its start, with libsndfile, which knows files of one track only.

    Raises DecodeError if libsndfile does not know the format, or as `check_rate`.
    """
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
            declared_seconds=libsndfile_seconds(file),
            blocks=_libsndfile_blocks(file, stream),
            has_end=file.format not in WITHOUT_LENGTH,
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
    if file.format == "OGG" and unread > MOST_UNREAD:
        raise DecodeError(f"libsndfile left {unread:.0%} of the file unread, as in joined files")
