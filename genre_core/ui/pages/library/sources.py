"""The libraries that the page offers, and the files of their songs.

Offered are the stores in trusted folders, and what this session uploaded or dropped. Paths in a
store are anybody's: a file is opened only below a trusted folder, for a store that lies in one, or
if this session dropped it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from genre_core.library.songs import LibrarySong
from genre_core.library.store import LibraryStore
from genre_core.ui.trusted_folders import trusted_folders

FOLDERS_VARIABLE = "GENRE_LIBRARY_FOLDERS"  # folders of stores and songs, separated as in PATH
UPLOADED, DROPPED = "uploaded", "dropped"  # keys
SUFFIX = ".db"
MAX_SONG_BYTES = 200 * 2**20  # as the page takes of an uploaded song
_MOST_FILES = 200

Kind = Literal["trusted", "uploaded", "dropped"]


@dataclass(frozen=True)
class Source:
    """A store that can be opened.

    Attributes
    ----------
    key : in links; unique among those offered
    label : anybody's text
    """

    key: str
    label: str
    path: Path
    kind: Kind

    def open(self) -> LibraryStore:
        """Open the store to read. LibraryError if that fails."""
        if self.kind == "uploaded":
            return LibraryStore.open_alone(self.path)
        return LibraryStore.open(self.path)

    def version(self) -> str:
        """Return a text that changes when the store does: what caches go by."""
        log = self.path.with_name(self.path.name + "-wal")
        states = [path.stat() for path in (self.path, log) if path.exists()]
        return f"{self.path} {[(state.st_size, state.st_mtime_ns) for state in states]}"


def trusted_stores() -> dict[str, Source]:
    """Return the stores in trusted folders, by key."""
    stores: dict[str, Source] = {}
    for folder in trusted_folders(FOLDERS_VARIABLE):
        for path in sorted(folder.glob(f"*{SUFFIX}"))[:_MOST_FILES]:
            key = path.name if path.name not in stores else f"{folder.name}/{path.name}"
            stores.setdefault(key, Source(key, key.removesuffix(SUFFIX), path, "trusted"))
    return stores


def song_path(source: Source, song: LibrarySong) -> Path | None:
    """Return the file of a song if this computer may give it to a visitor, else None."""
    if source.kind != "trusted":
        return None
    try:
        path = Path(song.path).resolve(strict=True)
        folders = [folder.resolve() for folder in trusted_folders(FOLDERS_VARIABLE)]
        is_below = any(path.is_relative_to(folder) for folder in folders)
        if is_below and path.is_file() and path.stat().st_size <= MAX_SONG_BYTES:
            return path
    except (OSError, ValueError, RuntimeError):  # gone, no path at all, links in a circle
        pass
    return None
