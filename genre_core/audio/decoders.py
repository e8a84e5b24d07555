"""Two decoders, one way to use them: an encoded file becomes blocks of float samples.

Neither ever sees a file name, so that a path, bytes and an open file with the same content give the
same samples.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from genre_core.audio.encoded_sound import AnonymousStream, EncodedSound
from genre_core.audio.libav_decoder import open_with_libav
from genre_core.audio.libsndfile_decoder import open_with_libsndfile
from genre_core.audio.trailing_tags import BinaryFile

# Of a stream and the rank of the track, 0 the best.
Decoder = Callable[[AnonymousStream, int], AbstractContextManager[EncodedSound]]


def decoders(file: BinaryFile, is_empty: bool = False) -> tuple[Decoder, ...]:
    """Return the decoders to try on a file, in order.

    MP3, and ALAC in CAF, go to libav alone: libsndfile's decoders of these write to the terminal.
    Ogg goes to libav first, which needs half the time for the same samples. A file that is empty
    behind its start goes to libsndfile alone, and Ogg to none: they would be searched for minutes.
    """
    head = file.at(0, 256)
    is_mpeg = head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")
    if is_mpeg or (head[:4] == b"caff" and b"alac" in head):
        return () if is_empty else (open_with_libav,)
    if head[:3] == b"Ogg":
        return () if is_empty else (open_with_libav, open_with_libsndfile)
    return (open_with_libsndfile,) if is_empty else (open_with_libsndfile, open_with_libav)
