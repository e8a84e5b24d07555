"""What a link to the page "Library" says: `?store=home.db&q=davis&genres=jazz&sort=year&song=12`.

The store, the part of the page, which songs, in what order, and the open song.
"""

from dataclasses import dataclass
from typing import Literal

from genre_core.library.query import SORT_KEYS, SongFilter
from genre_core.ui import url

Part = Literal["songs", "genres", "map", "lists"]
PARTS: dict[Part, str] = {
    "songs": "Songs",
    "genres": "Genres and years",
    "map": "Map",
    "lists": "Playlists and files",
}
SHOWN: dict[str, str] = {
    "all": "all songs",
    "differs": "genre tag and verdict differ",
    "agrees": "genre tag and verdict agree",
    "midway": "genre changes midway",
    "unlike": "unlike the training set",
}
_MOST_PAGES = 10**7


@dataclass(frozen=True)
class LibraryView:
    """The settings of the page.

    Attributes
    ----------
    store : key of the library shown; empty for the first one offered
    part : of the page
    text, genres, min_..., max_... : as in `SongFilter`; shares in percent
    shown : a key of `SHOWN`
    sort, descending : the order of the songs
    page : of the table, from 1
    song : id of the open song; 0 for none
    """

    store: str = ""
    part: Part = "songs"
    text: str = ""
    genres: tuple[str, ...] = ()
    shown: str = "all"
    min_confidence: int = 0
    max_confidence: int = 100
    min_disagreement: int = 0
    max_disagreement: int = 100
    min_year: int | None = None
    max_year: int | None = None
    sort: str = "artist"
    descending: bool = False
    page: int = 1
    song: int = 0

    @property
    def songs(self) -> SongFilter:
        """Which songs are wanted."""
        return SongFilter(
            text=self.text,
            genres=self.genres,
            min_confidence=self.min_confidence / 100 if self.min_confidence > 0 else None,
            max_confidence=self.max_confidence / 100 if self.max_confidence < 100 else None,
            min_disagreement=self.min_disagreement / 100 if self.min_disagreement > 0 else None,
            max_disagreement=self.max_disagreement / 100 if self.max_disagreement < 100 else None,
            min_year=self.min_year,
            max_year=self.max_year,
            tag_differs={"differs": True, "agrees": False}.get(self.shown),
            changes_genre=True if self.shown == "midway" else None,
            unlike_training=True if self.shown == "unlike" else None,
        )

    @property
    def n_filters(self) -> int:
        """How many of the settings beside text, genres and `shown` leave songs out."""
        default = LibraryView()
        names = ("confidence", "disagreement", "year")
        return sum(
            getattr(self, f"{end}_{name}") != getattr(default, f"{end}_{name}")
            for name in names
            for end in ("min", "max")
        )

    def of_store(self, store: str) -> "LibraryView":
        """Return the first view of another store."""
        return LibraryView(store=store, part=self.part)


def _names(text: str) -> tuple[str, ...]:
    return tuple(sorted({name for name in text.split(",") if name}))


PARAMETERS: dict[str, url.Parameter] = {
    "store": url.text("store"),
    "part": url.one_of("part", PARTS),
    "q": url.text("text"),
    "genres": url.Parameter("genres", _names, lambda names: names, "names", ",".join),
    "show": url.one_of("shown", SHOWN),
    "sure": url.between("min_confidence", int, 0, 100),
    "sure_to": url.between("max_confidence", int, 0, 100),
    "differ": url.between("min_disagreement", int, 0, 100),
    "differ_to": url.between("max_disagreement", int, 0, 100),
    "from": url.between("min_year", int, 0, 9999),
    "to": url.between("max_year", int, 0, 9999),
    "sort": url.one_of("sort", SORT_KEYS),
    "down": url.one_of("descending", (True,), lambda text: text == "1"),
    "page": url.between("page", int, 1, _MOST_PAGES),
    "song": url.between("song", int, 1, 2**62),
}
