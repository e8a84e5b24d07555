"""A song as it came to the page, and the demo songs that come with the app."""

import functools
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from genre_core.assets import DEMO_FOLDER
from genre_core.ui.guess import key_of


@dataclass(frozen=True)
class Song:
    """The bytes of one song and what to call it.

    Attributes
    ----------
    name : what to call it: anybody's text, to be escaped wherever it is shown
    file_name : as given, with its ending
    digest : hash of `data`: key of the song in the caches
    demo : key of the demo song, None for the user's own
    """

    name: str
    file_name: str
    data: bytes
    digest: str
    demo: str | None = None

    @classmethod
    def from_bytes(
        cls, file_name: str, data: bytes, name: str | None = None, demo: str | None = None
    ) -> "Song":
        """Make a song of its bytes; without a name of its own it is called by its file name."""
        digest = hashlib.blake2b(data, digest_size=16).hexdigest()
        return cls(name or file_name, file_name, data, digest, demo)


@dataclass(frozen=True)
class Section:
    """A part of a demo song as it was composed, from `start_seconds` to the next one."""

    start_seconds: float
    name: str
    genre: str


@dataclass(frozen=True)
class DemoSong:
    """One demo song.

    Attributes
    ----------
    key : its name in links
    genres : in their order in the song; more than one for a medley
    listen_for : a sentence on what to listen for
    sections : in order
    """

    key: str
    path: Path
    title: str
    genres: tuple[str, ...]
    seconds: float
    listen_for: str
    sections: tuple[Section, ...] = ()

    def load(self) -> Song:
        """Read its file; all sessions share what is read."""
        return _load(self, self.path.stat().st_mtime_ns)


# Every run of the first page offers all of them, 12 MB to read and to hash.
@functools.lru_cache(maxsize=32)
def _load(demo: DemoSong, modified_ns: int) -> Song:
    return Song.from_bytes(demo.path.name, demo.path.read_bytes(), name=demo.title, demo=demo.key)


def demo_songs(folder: Path | None = None) -> dict[str, DemoSong]:
    """Return the demo songs of `folder`, the app's own by default, by their link keys, in order.

    A song whose file is missing is left out; without an index there are none.
    """
    folder = folder or DEMO_FOLDER
    index = folder / "index.json"
    if not index.is_file():
        return {}
    songs = {}
    for entry in json.loads(index.read_text(encoding="utf-8"))["songs"]:
        path = folder / entry["file"]
        if path.is_file():
            songs[entry["name"]] = DemoSong(
                key=entry["name"],
                path=path,
                title=entry["title"],
                genres=tuple(dict.fromkeys(entry["genres"])),
                seconds=float(entry["seconds"]),
                listen_for=entry["listen_for"],
                sections=tuple(Section(**each) for each in entry.get("sections", ())),
            )
    return songs


def find_demo(key: str, songs: dict[str, DemoSong]) -> DemoSong | None:
    """Return the demo song that a link means: by its key or number, or the first of that genre."""
    key = key_of(key, songs) or key
    if key in songs:
        return songs[key]
    name = key.strip().lower()
    return next((s for s in songs.values() if name in (s.key.lower(), s.genres[0].lower())), None)


def default_demo(songs: dict[str, DemoSong]) -> DemoSong | None:
    """Return the demo song to begin with: the medley, which has several genres, or the first."""
    return songs.get("medley") or next(iter(songs.values()), None)
