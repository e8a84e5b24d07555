"""Verdicts as genre tags of the songs' files: planned, written, and undone."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from genre_core.errors import LibraryError
from genre_core.library.file_genre import read_genre, write_genre
from genre_core.library.files import sha256_of
from genre_core.library.query import SongFilter
from genre_core.library.songs import FileState, tag_differs
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from genre_core.records import build, parse_json

DEFAULT_CONFIDENCE = 0.8
OnProblem = Callable[[str], None]


@dataclass(frozen=True)
class TagChange:
    """A file, and its genre tag before and after; no value is no tag."""

    path: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def plan(
    store: LibraryStore, wanted: SongFilter, *, replace: bool, on_problem: OnProblem
) -> Iterator[TagChange]:
    """Yield the changes that would give songs their verdict as genre tag.

    Parameters
    ----------
    replace : also where there is another tag
    on_problem : called with a sentence for each file that cannot be changed
    """
    for item in store.scanned_songs(wanted):
        song = item.song
        try:
            _check_unchanged(song.path, song.file)
            old = read_genre(song.path)
        except LibraryError as error:
            on_problem(str(error))
            continue
        new = (song.genre,)
        has_tag = any(text.strip() for text in old)
        if old != new and (replace or not has_tag):
            yield TagChange(song.path, old, new)


def apply(
    writer: LibraryWriter, changes: Iterable[TagChange], undo: str | Path, on_problem: OnProblem
) -> int:
    """Write tags into files, and to `undo`, before each, what was there; return how many.

    Raises LibraryError if `undo` exists or cannot be written.

    Parameters
    ----------
    on_problem : called with a sentence for each file that cannot be changed
    """
    n_changed = 0
    try:
        with Path(undo).open("x", encoding="ascii") as log:
            for change in changes:
                log.write(json.dumps(asdict(change)) + "\n")
                log.flush()
                os.fsync(log.fileno())
                n_changed += _change(writer, change, on_problem)
    except FileExistsError as error:
        raise LibraryError(f"{undo} exists: choose another file for undoing.") from error
    except OSError as error:
        raise LibraryError(f"{undo} cannot be written ({error.strerror}).") from error
    return n_changed


def undo(writer: LibraryWriter, path: str | Path, on_problem: OnProblem) -> int:
    """Give files the tags back that they had before `apply`; return how many.

    A file whose tag has been changed since is left alone, and reported. Raises LibraryError if
    `path` was not written by `apply`.
    """
    try:
        lines = Path(path).read_text("ascii").splitlines()
        changes = [build(TagChange, parse_json(line)) for line in lines]
    except (OSError, ValueError) as error:
        raise LibraryError(f"{path} is no file for undoing: {error}.") from error
    n_changed = 0
    for change in reversed(changes):
        back = TagChange(change.path, change.new, change.old)
        try:
            now = read_genre(change.path)
        except LibraryError as error:
            on_problem(str(error))
            continue
        if now == back.old:
            n_changed += _change(writer, back, on_problem)
        elif now != back.new:
            on_problem(f"{change.path}: its genre tag has been changed since; left alone.")
    return n_changed


def _change(writer: LibraryWriter, change: TagChange, on_problem: OnProblem) -> bool:
    """Change a file and what the store says of it, so that no scan reads it again."""
    song = writer.song_at(change.path)
    try:
        write_genre(change.path, change.new)
    except LibraryError as error:
        on_problem(str(error))
        return False
    if song is not None:
        tag = "; ".join(change.new)
        state = _state(change.path)
        sha256 = sha256_of(change.path)
        writer.retag(song.id, state, sha256, tag, tag_differs(tag, song.genre))
    return True


def _check_unchanged(path: str, file: FileState) -> None:
    try:
        same = _state(path) == file
    except OSError as error:
        raise LibraryError(f"{path}: cannot be read ({error.strerror}).") from error
    if not same:
        raise LibraryError(f"{path}: has changed since the scan; scan again.")


def _state(path: str) -> FileState:
    status = Path(path).stat()
    return FileState(status.st_size, status.st_mtime_ns)
