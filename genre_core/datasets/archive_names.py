"""The names of files in an archive: what is unsafe, which are equal, how to show them."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_SHOWN = 100  # characters of a name in a message
_IGNORED_FOLDERS = frozenset({"__MACOSX"})
_IGNORED_FILES = frozenset({"thumbs.db", "desktop.ini"})
_JOINERS = "\u200c\u200d"  # invisible, but some scripts cannot be spelt without them
_DRIVE = re.compile(r"^[A-Za-z]:")


def name_fault(name: str) -> str:
    """Return what is unsafe about an entry's name as stored, as a clause; empty if it is safe."""
    folded = unicodedata.normalize("NFKC", name)  # so that look-alikes of "/" and "." count
    parts = folded.removesuffix("/").split("/")
    if "\\" in folded:
        return "has a backslash in its name"
    if folded.startswith("/"):
        return "has an absolute name"
    if _DRIVE.match(folded):
        return "has a drive letter in its name"
    if any(part.strip() in ("", ".", "..") for part in parts):
        return "has “.”, “..” or an empty part in its name"
    if folded.count("/") != name.count("/"):
        return "has a look-alike of “/” in its name"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in _spelt(name)):
        return "has invisible characters in its name"
    if len(name) > 1_000 or any(len(part) > 255 for part in parts):
        return "has a name of more than 255 characters"
    return ""


def comparable_name(name: str) -> str:
    """Return a form that is equal for names that look equal or are equal to a file system."""
    return unicodedata.normalize("NFKC", _spelt(name)).casefold()


def is_ignored(name: str) -> bool:
    """Return whether an entry is one of those that operating systems leave behind."""
    parts = PurePosixPath(name).parts
    return (
        parts[0] in _IGNORED_FOLDERS
        or any(part.startswith(".") for part in parts)
        or parts[-1].lower() in _IGNORED_FILES
    )


def shown_name(name: str) -> str:
    """Return a name for a message: quoted, printable and not too long."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    if len(printable) > MAX_SHOWN:
        return f"“{printable[: MAX_SHOWN - 1]}…”"
    return f"“{printable}”"


def _spelt(name: str) -> str:
    return "".join(letter for letter in name if letter not in _JOINERS)
