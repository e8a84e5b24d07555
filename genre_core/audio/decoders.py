"""Two decoders, one way to use them: an encoded file becomes blocks of float samples.

Neither ever sees a file name, so that a path, bytes and an open file with the same content give the
same samples.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO

from genre_core.audio.encoded_sound import AnonymousStream, EncodedSound
from genre_core.audio.libav_decoder import open_with_libav
from genre_core.audio.libsndfile_decoder import open_with_libsndfile

# Of a stream and the rank of the track, 0 the best.
Decoder = Callable[[AnonymousStream, int], AbstractContextManager[EncodedSound]]


def decoders(file: BinaryIO) -> tuple[Decoder, ...]:
    """Return the decoders to try on a file, in order, by its first bytes; it ends at its start.

    MP3 goes to libav alone: the decoder inside libsndfile writes its complaints to the terminal.
    """
    file.seek(0)
    head = file.read(3)
    file.seek(0)
    is_mpeg = head == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")
    return (open_with_libav,) if is_mpeg else (open_with_libsndfile, open_with_libav)
