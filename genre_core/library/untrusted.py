"""A store that came from a stranger: whether every value in it is one that a scan could write."""

import sqlite3

from genre_core.config import MAX_SONG_SECONDS, MIN_FRAME_SECONDS
from genre_core.errors import LibraryError

MAX_LETTERS = 5_000  # of a path; a file system has less
MAX_GENRES = 1_000
MAX_FRAMES = round(MAX_SONG_SECONDS / MIN_FRAME_SECONDS)

_MODELS = f"""SELECT count(*) FROM models WHERE NOT coalesce(
    json_valid(genres) AND json_type(genres) = 'array'
    AND json_array_length(genres) BETWEEN 1 AND {MAX_GENRES}
    AND length(genres) < {100 * MAX_GENRES}
    AND NOT EXISTS (SELECT 1 FROM json_each(genres) WHERE type <> 'text')
    AND length(name) < {MAX_LETTERS} AND length(sha256) = 64
    AND frame_seconds BETWEEN 0.1 AND 3600 AND trim_seconds BETWEEN 0 AND 3600
    AND aggregation IN ('mean', 'geometric_mean', 'majority_vote'), 0)"""
_TEXTS = ("path", "path_bytes", "artist", "title", "album", "genre_tag", "scanned_at")
_SHARES = ("confidence", "margin", "disagreement")
_GENRES = ("genre", "runner_up", "first_half_genre", "second_half_genre")
_SONG_CONDITIONS = (
    *(f"length(songs.{name}) <= {MAX_LETTERS}" for name in _TEXTS),
    *(f"{name} BETWEEN 0 AND 1" for name in _SHARES),
    *(f"{name} IN (SELECT value FROM json_each(genres))" for name in _GENRES),
    "duration_seconds BETWEEN 0 AND 1e7",
    "(year IS NULL OR year BETWEEN 0 AND 9999)",
    "unlike_training IN (0, 1)",
    "(tag_differs IS NULL OR tag_differs IN (0, 1))",
    f"length(silent) BETWEEN 1 AND {MAX_FRAMES}",
    "n_frames BETWEEN 1 AND length(silent)",
    "start_seconds BETWEEN 0 AND 1e7",
    "readings.frame_seconds BETWEEN 0 AND 3600",
    "length(scores) = 4 * json_array_length(genres)",
    "length(frame_scores) = length(silent) * length(scores)",
    "length(embedding) BETWEEN 8 AND 400000",
    "json_valid(receipt)",
)
_SONGS = f"""SELECT count(*) FROM songs LEFT JOIN readings ON song_id = songs.id
    LEFT JOIN models ON models.id = model_id
    WHERE NOT coalesce({" AND ".join(_SONG_CONDITIONS)}, 0)"""


def check_values(connection: sqlite3.Connection, name: str) -> None:
    """Raise LibraryError if a store holds what no scan writes; `name` is for the message.

    The tables are those of `schema`. `sqlite3.Error` propagates.
    """
    connection.execute("PRAGMA cell_size_check = ON")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise LibraryError(f"{name} is damaged: copy it again, or scan the songs anew.")
    for sql, what in ((_MODELS, "networks"), (_SONGS, "songs")):
        (n_wrong,) = connection.execute(sql).fetchone()
        if n_wrong:
            raise LibraryError(
                f"{name} holds values that no scan writes, in {n_wrong:,} of its {what}: "
                "scan the songs anew."
            )
