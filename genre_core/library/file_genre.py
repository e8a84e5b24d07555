"""The genre tag of one file, read and written; the sound stays the same to the sample.

A file is changed in a copy beside it. The copy takes its place only when its sound decodes to the
same samples, so that a crash or a full disk leaves the file as it was.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mutagen
from mutagen.aac import AAC
from mutagen.id3 import ID3, TCON

from genre_core.audio.decoders import decoders
from genre_core.audio.encoded_sound import AnonymousStream, DecodeError
from genre_core.audio.trailing_tags import BinaryFile, sound_end
from genre_core.errors import LibraryError
from genre_core.library.export import readable
from genre_core.library.tags import field_names


def read_genre(path: str) -> tuple[str, ...]:
    """Return the values of a file's genre tag as they are; none if it has none.

    Raises LibraryError if the file cannot be read or is of a format without tags.
    """
    tags = _open(path).tags
    if tags is None:
        return ()
    value = tags.get(field_names(tags, "genre")[0])
    if value is None:
        return ()
    items = value.text if isinstance(tags, ID3) else value
    return tuple(str(item) for item in ([items] if isinstance(items, str) else items))


def write_genre(path: str, genres: Sequence[str]) -> None:
    """Set a file's genre tag, or remove it if `genres` is empty; nothing else changes.

    Raises LibraryError if the file cannot be changed; it is then as it was.
    """
    read_genre(path)  # what cannot be read is named before it is copied
    target = Path(path).resolve()  # a link stays a link
    copy = target.with_name(f".{uuid.uuid4().hex}.partial{target.suffix}")
    try:
        shutil.copy2(target, copy)
        _set_genre(str(copy), genres)
        if samples_sha256(str(copy)) != samples_sha256(str(target)):
            raise LibraryError(f"{readable(path)}: the new tag would change the sound; left alone.")
        os.utime(copy)  # other programs see that the file has changed
        with copy.open("rb") as file:
            os.fsync(file.fileno())
        copy.replace(target)
    except OSError as error:
        raise LibraryError(f"{readable(path)}: cannot be changed ({error.strerror}).") from error
    finally:
        copy.unlink(missing_ok=True)


def samples_sha256(path: str) -> str:
    """Return the SHA-256 of a file's decoded samples, hex; LibraryError if it does not decode."""
    reason = ""
    with Path(path).open("rb") as file:
        end = sound_end(file)
        for decoder in decoders(BinaryFile(file, end)):
            digest = hashlib.sha256()
            try:
                with decoder(AnonymousStream(file, end), 0) as sound:
                    for samples, sample_rate in sound.blocks:
                        digest.update(f"{samples.shape[1]} {sample_rate} ".encode())
                        digest.update(samples.tobytes())
            except DecodeError as error:
                reason = str(error)
                continue
            return digest.hexdigest()
    raise LibraryError(f"{readable(path)}: cannot be decoded ({reason}); left alone.")


def _open(path: str) -> Any:
    try:
        file = mutagen.File(path)
    except Exception as error:
        # Damaged tags raise errors of many kinds in mutagen.
        raise LibraryError(f"{readable(path)}: its tags cannot be read ({error}).") from error
    if file is None or isinstance(file, AAC):
        raise LibraryError(f"{readable(path)}: this format has no tags that can be written.")
    return file


def _set_genre(path: str, genres: Sequence[str]) -> None:
    file = _open(path)
    if file.tags is None:
        file.add_tags()
    tags = file.tags
    key = field_names(tags, "genre")[0]
    if not genres:
        if key in tags:
            del tags[key]
    elif isinstance(tags, ID3):
        tags[key] = TCON(encoding=3, text=list(genres))
    else:
        tags[key] = list(genres)
    options = {}
    if isinstance(tags, ID3) and tags.version[:2] == (2, 3):
        tags.update_to_v23()  # stays readable for players that know no later version
        options = {"v2_version": 3}
    try:
        file.save(**options)
    except mutagen.MutagenError as error:
        raise LibraryError(f"{readable(path)}: its tags cannot be written ({error}).") from error
