"""The songs in folders: found by their content, whatever their names."""

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from genre_core.errors import LibraryError
from genre_core.library.problems import shown
from genre_core.library.songs import FileState


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


def sha256_of(path: str) -> str:
    """Return the SHA-256 of a file's content, hex. OSError propagates."""
    with open(path, "rb") as file:  # noqa: PTH123
        return file_digest(file, "sha256").hexdigest()
