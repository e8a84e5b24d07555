"""Which songs, and in what order: a filter and a sort as SQL."""

from dataclasses import dataclass

from genre_core.errors import SettingsError

SORT_KEYS: tuple[str, ...] = (
    *("path", "artist", "title", "album", "year", "genre_tag", "genre", "confidence"),
    *("margin", "disagreement", "duration_seconds", "n_frames", "scanned_at"),
)


@dataclass(frozen=True)
class SongFilter:
    """The songs to take; a field left at its default takes all.

    Attributes
    ----------
    text : is part of the path, artist, title or album; upper and lower case of A to Z are alike
    genres : verdicts, any of them
    min_confidence, max_confidence, min_disagreement, max_disagreement : 0 to 1, included
    min_year, max_year : included; songs without a year are then left out
    genre_tag : exactly this tag
    tag_differs : whether the genre tag and the verdict differ; songs without a tag are left out
    changes_genre : whether the verdicts over the song's two halves differ
    unlike_training : whether the song is unlike the network's training set
    """

    text: str = ""
    genres: tuple[str, ...] = ()
    min_confidence: float | None = None
    max_confidence: float | None = None
    min_disagreement: float | None = None
    max_disagreement: float | None = None
    min_year: int | None = None
    max_year: int | None = None
    genre_tag: str | None = None
    tag_differs: bool | None = None
    changes_genre: bool | None = None
    unlike_training: bool | None = None


ALL = SongFilter()
_COMPARISONS = {
    "min_confidence": "confidence >= ?",
    "max_confidence": "confidence <= ?",
    "min_disagreement": "disagreement >= ?",
    "max_disagreement": "disagreement <= ?",
    "min_year": "year >= ?",
    "max_year": "year <= ?",
    "genre_tag": "genre_tag = ?",
    "tag_differs": "tag_differs = ?",
    "changes_genre": "(first_half_genre <> second_half_genre) = ?",
    "unlike_training": "unlike_training = ?",
}


def where(wanted: SongFilter, also: str = "") -> tuple[str, list[object]]:
    """Return a filter as an SQL clause over `songs`, empty if it takes all, and its values.

    `also` is one more condition, at the end: the values of its own placeholders come last.
    """
    clauses: list[str] = []
    values: list[object] = []
    if wanted.text:
        columns = ("path", "artist", "title", "album")
        clauses.append("(" + " OR ".join(f"{name} LIKE ? ESCAPE '\\'" for name in columns) + ")")
        escaped = "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in wanted.text)
        values += [f"%{escaped}%"] * len(columns)
    if wanted.genres:
        clauses.append(f"genre IN ({', '.join('?' * len(wanted.genres))})")
        values += wanted.genres
    for name, clause in _COMPARISONS.items():
        value = getattr(wanted, name)
        if value is not None:
            clauses.append(clause)
            values.append(value)
    if also:
        clauses.append(also)
    return (f" WHERE {' AND '.join(clauses)}" if clauses else ""), values


def order_by(sort: str, descending: bool) -> str:
    """Return a sort as SQL; songs alike in it come in the order of their ids.

    Raises SettingsError if there is no such column.
    """
    if sort not in SORT_KEYS:
        raise SettingsError(f"Songs cannot be sorted by “{sort}”: choose {', '.join(SORT_KEYS)}.")
    # path_bytes has the unique index; text that says nothing comes last, as NULL does.
    key = "path_bytes" if sort == "path" else sort
    direction = "DESC" if descending else "ASC"
    missing = {"year": "year IS NULL, "}.get(sort, "")
    return f" ORDER BY {missing}{key} {direction}, id"
