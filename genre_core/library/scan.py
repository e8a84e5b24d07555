"""Bring a store up to date with folders: read what is new or changed, and nothing twice."""

import os
import pickle
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from genre_core.audio.sniff import is_sound_file
from genre_core.library.files import FoundFile, sha256_of, walk
from genre_core.library.reading import Reader, Task, now, read_or_fail
from genre_core.library.songs import Failure, ScannedSong
from genre_core.library.writer import LibraryWriter

STORE_BATCH = 100  # songs in one transaction
STORE_SECONDS = 2.0  # and at most so long between two

Result = ScannedSong | Failure
Results = Generator[Result, None, None]
Engine = Callable[[Reader, Iterable[Task]], Results]


@dataclass
class ScanCounts:
    """The progress of a scan, in files.

    Attributes
    ----------
    found : songs in the folders so far
    unchanged : of these, in the store already
    failed_before : of these, unchanged since they could not be read
    to_do, done : to read, and read or failed so far
    failed : of `done`
    moved : of `done`, known songs under a new path or with a new time
    duplicates : of `done`, whose content was in the store under another path
    forgotten : removed from the store because their file is gone
    problems : folders and files that could not be opened
    """

    found: int = 0
    unchanged: int = 0
    failed_before: int = 0
    to_do: int = 0
    done: int = 0
    failed: int = 0
    moved: int = 0
    duplicates: int = 0
    forgotten: int = 0
    problems: int = 0


OnProgress = Callable[[ScanCounts], None]
OnProblem = Callable[[str], None]


def read_here(reader: Reader, tasks: Iterable[Task]) -> Results:
    """Read songs one after another in this process: the engine that needs nothing else."""
    read = reader.load()
    return (read_or_fail(read, task) for task in tasks)


def scan(
    writer: LibraryWriter,
    folders: Sequence[str | Path],
    reader: Reader,
    engine: Engine = read_here,
    *,
    prune: bool = False,
    retry: bool = False,
    on_progress: OnProgress = lambda counts: None,
    on_problem: OnProblem = lambda message: None,
    on_warning: OnProblem = lambda message: None,
) -> ScanCounts:
    """Read the songs in folders into a store; after an interruption, scan again to go on.

    Raises LibraryError if a folder is missing or the store cannot be written.

    Parameters
    ----------
    engine : reads the songs, in any order
    prune : remove songs from the store that are gone from these folders
    retry : read files again that could not be read and have not changed
    on_progress : called often, with the same object
    on_problem : called with a sentence for each file or folder that cannot be opened or read
    on_warning : called with a sentence for each doubt about a file that was read
    """
    counts = ScanCounts()
    model_id = writer.begin_scan(reader.model)

    def report(message: str) -> None:
        counts.problems += 1
        on_problem(message)

    with tempfile.TemporaryFile() as changed:  # not a list: memory stays flat
        used = _find_changed(writer, model_id, folders, retry, changed, counts, on_progress, report)
        changed.seek(0)
        tasks = _tasks(writer, model_id, _unpickled(changed), counts)
        with closing(engine(reader, tasks)) as results:  # after Ctrl-C, no more is read
            _store_all(writer, model_id, results, counts, on_progress, on_problem, on_warning)
    if prune:
        counts.forgotten = _prune(writer, used, on_problem)
    on_progress(counts)
    return counts


def _find_changed(
    writer: LibraryWriter,
    model_id: int,
    folders: Sequence[str | Path],
    retry: bool,
    changed: BinaryIO,
    counts: ScanCounts,
    on_progress: OnProgress,
    on_problem: OnProblem,
) -> dict[str, int]:
    """Write the files to read to `changed`; return the number of songs in each folder."""
    used = {}
    seen: set[tuple[int, int]] = set()
    for folder in folders:
        before = counts.found
        for found in walk(folder, on_problem, seen):
            known = writer.known(found.path)
            if known is None and not is_sound_file(found.path):
                continue
            counts.found += 1
            on_progress(counts)
            if known is not None and known[0] == found.file:
                if known[1] == model_id:
                    counts.unchanged += 1
                    continue
                if known[1] is None and not retry:
                    counts.failed_before += 1
                    continue
            counts.to_do += 1
            pickle.dump(found, changed)
        used[os.path.abspath(folder)] = counts.found - before  # noqa: PTH100  links stay
    return used


def _unpickled(file: BinaryIO) -> Iterator[FoundFile]:
    while True:
        try:
            yield pickle.load(file)
        except EOFError:
            return


def _tasks(
    writer: LibraryWriter, model_id: int, files: Iterable[FoundFile], counts: ScanCounts
) -> Iterator[Task]:
    """Yield what must be read; store at once what the store knows by its content."""
    for found in files:
        known = writer.song_at(found.path)
        same_file = known is not None and known.file == found.file
        if not same_file and writer.same_size(found.file.n_bytes, model_id):
            try:
                is_known = _store_known_content(writer, model_id, found, counts)
            except OSError:
                is_known = False  # the engine says why it cannot be read
            if is_known:
                counts.done += 1
                continue
        yield Task(found, known if same_file else None)


def _store_known_content(
    writer: LibraryWriter, model_id: int, found: FoundFile, counts: ScanCounts
) -> bool:
    """Store a file whose content the store has; return False if it does not."""
    alike = writer.same_content(sha256_of(found.path), model_id)
    if not alike:
        return False
    here = next((song for song in alike if song.path == found.path), None)
    gone = next((song for song in alike if not os.path.lexists(song.path)), None)
    moved = here or gone
    if moved is not None:
        writer.move(moved.id, found.path, found.file)
        counts.moved += 1
        return True
    readings = writer.readings(alike[0].id)
    assert readings is not None  # a foreign key holds them together
    song = replace(alike[0], path=found.path, file=found.file, scanned_at=now())
    writer.store(model_id, [ScannedSong(song, readings)])
    counts.duplicates += 1
    return True


def _store_all(
    writer: LibraryWriter,
    model_id: int,
    results: Iterator[Result],
    counts: ScanCounts,
    on_progress: OnProgress,
    on_problem: OnProblem,
    on_warning: OnProblem,
) -> None:
    """Store results in batches; after an interruption, also those not stored yet."""
    waiting: list[Result] = []
    stored = time.monotonic()

    def store() -> None:
        songs = [item for item in waiting if isinstance(item, ScannedSong)]
        failures = [item for item in waiting if isinstance(item, Failure)]
        writer.store(model_id, songs, failures)
        waiting.clear()

    try:
        for result in results:
            waiting.append(result)
            counts.done += 1
            if isinstance(result, Failure):
                counts.failed += 1
                on_problem(f"{result.path}: {result.error}")
            else:
                for warning in result.warnings:
                    on_warning(f"{result.song.path}: {warning}")
            if len(waiting) >= STORE_BATCH or time.monotonic() - stored > STORE_SECONDS:
                store()
                stored = time.monotonic()
            on_progress(counts)
    finally:
        if waiting:
            store()


def _prune(writer: LibraryWriter, used: dict[str, int], on_problem: OnProblem) -> int:
    """Remove what is gone from folders; return how many songs and failures that were.

    A folder without a single song may be a disk that is not there: nothing of it is removed.
    """
    for folder, n_songs in used.items():
        if n_songs == 0:
            on_problem(f"{folder}: holds no song; nothing of it is removed from the store.")
    prefixes = tuple(os.path.join(folder, "") for folder, n in used.items() if n)  # noqa: PTH118
    forgotten = 0
    gone: list[str] = []
    for path in writer.paths():
        if path.startswith(prefixes) and _is_gone(path):
            gone.append(path)
        if len(gone) == STORE_BATCH:
            writer.forget(gone)
            forgotten += len(gone)
            gone = []
    writer.forget(gone)
    return forgotten + len(gone)


def _is_gone(path: str) -> bool:
    """Return whether there is no such file; False where that cannot be seen."""
    try:
        os.stat(path)  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False
