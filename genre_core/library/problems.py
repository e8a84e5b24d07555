"""What SQLite says, as messages for the user."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genre_core.errors import LibraryError


@contextmanager
def as_library_error(path: Path) -> Iterator[None]:
    """Raise LibraryError, with a message for the user, where SQLite cannot use a file."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise LibraryError(f"{shown(path)}: {_reason(str(error))}") from error
    except UnicodeDecodeError as error:  # of SQLite's own message, about a damaged schema
        raise LibraryError(f"{shown(path)}: {_reason('malformed')}") from error


def shown(path: Path) -> str:
    """Return a path to print, with `?` for bytes that are not UTF-8."""
    return str(path).encode("utf-8", "replace").decode("utf-8")


def _reason(text: str) -> str:
    lower = text.casefold()
    if "full" in lower or "no space" in lower:
        return "the disk is full. The songs stored so far are kept; free space and scan again."
    if "readonly" in lower or "read-only" in lower or "permission" in lower:
        return "the store is read-only: choose another with --store, or make it writable."
    if "not a database" in lower or "malformed" in lower:
        return "not a library store, or damaged: choose another, or scan the songs anew."
    return f"the store cannot be used ({text})."
