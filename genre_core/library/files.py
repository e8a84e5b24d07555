"""The songs in folders: found by their content, whatever their names."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.errors import LibraryError
from genre_core.library.problems import shown
from genre_core.library.songs import FileState

HEAD_BYTES = 16  # enough for every signature below

# (offset, bytes) at the start of the containers that the decoders read.
SIGNATURES: tuple[tuple[int, bytes], ...] = (
    *((0, b"fLaC"), (0, b"OggS"), (0, b"ID3"), (0, b"RIFF"), (0, b"RIFX"), (0, b"RF64")),
    *((0, b"FORM"), (0, b"caff"), (0, b".snd"), (0, b"wvpk"), (0, b"MAC "), (0, b"\x0b\x77")),
    *((4, b"ftyp"), (0, b"\x1aE\xdf\xa3"), (0, b"0&\xb2u\x8ef\xcf\x11"), (0, b"#!AMR")),
    *((0, b"riff"), (0, b"TTA1"), (0, b"tBaK"), (0, b"MPCK"), (0, b"MP+"), (0, b"DSD ")),
)
# RIFF and FORM hold pictures and films too.
_KINDS = {b"RIFF": (b"WAVE", b"AVI "), b"FORM": (b"AIFF", b"AIFC")}


@dataclass(frozen=True)
class FoundFile:
    """A file: its absolute path, and what `stat` says."""

    path: str
    file: FileState


def walk(
    folder: str | Path,
    on_problem: Callable[[str], None] = lambda message: None,
    seen: set[tuple[int, int]] | None = None,
) -> Iterator[FoundFile]:
    """Yield every regular file in a folder and below, by name; no folder comes twice.

    Links are followed, in circles too. Names that start with a dot are left out: they are settings
    and the shadows that macOS writes. Raises LibraryError if there is no such folder.

    Parameters
    ----------
    on_problem : called with a sentence for each file or folder that cannot be read
    seen : device and inode of folders walked before; filled
    """
    if not Path(folder).is_dir():
        raise LibraryError(f"{shown(Path(folder))}: there is no such folder.")
    seen = set() if seen is None else seen
    waiting = [os.path.abspath(folder)]  # noqa: PTH100  links stay as they are
    while waiting:
        here = waiting.pop()
        try:
            status = os.stat(here)  # noqa: PTH116
            if (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            with os.scandir(here) as entries:
                names = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            on_problem(f"{shown(Path(here))}: the folder cannot be read ({error.strerror}).")
            continue
        below = []
        for entry in names:
            if entry.name.startswith("."):
                continue
            try:
                status = entry.stat()
            except OSError as error:
                on_problem(f"{shown(Path(entry.path))}: cannot be read ({error.strerror}).")
                continue
            if stat.S_ISDIR(status.st_mode):
                below.append(entry.path)
            elif stat.S_ISREG(status.st_mode):
                yield FoundFile(entry.path, FileState(status.st_size, status.st_mtime_ns))
        waiting += reversed(below)


def is_song(path: str) -> bool:
    """Return whether a file may be a song: it is named as one, or starts as one.

    Only decoding tells for sure. A file that cannot be opened counts by its name.
    """
    if Path(path).suffix.casefold() in SUPPORTED_EXTENSIONS:
        return True
    try:
        with open(path, "rb") as file:  # noqa: PTH123  100,000 times
            return starts_as_song(file.read(HEAD_BYTES))
    except OSError:
        return False


def starts_as_song(head: bytes) -> bool:
    """Return whether the first bytes of a file are those of a container of sound."""
    kinds = _KINDS.get(head[:4])
    if kinds is not None:
        return head[8:12] in kinds
    if any(head[offset : offset + len(mark)] == mark for offset, mark in SIGNATURES):
        return True
    # MPEG audio and ADTS: eleven set bits, then a version, layer and bit rate that exist.
    return len(head) >= 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and _is_mpeg_header(head)


def sha256_of(path: str) -> str:
    """Return the SHA-256 of a file's content, hex. OSError propagates."""
    with open(path, "rb") as file:  # noqa: PTH123
        return file_digest(file, "sha256").hexdigest()


def _is_mpeg_header(head: bytes) -> bool:
    if head[1] & 0xF6 == 0xF0:  # ADTS: twelve set bits, layer 0
        return head[2] >> 2 & 0xF < 13  # sampling frequency index
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer != 0 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
