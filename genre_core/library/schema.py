"""The tables of a store, SQLite; docs/library.md explains them.

A path is kept twice: as the file system's bytes, the key, and as text to read, with `?` for bytes
that are not UTF-8. Arrays are little-endian: float32; `silent` is a byte a frame.
"""

import sqlite3

from genre_core.errors import LibraryError

APPLICATION_ID = 0x4C47_4E52  # marks an SQLite file as a store
VERSION = 1

STATEMENTS = (
    """CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    genres TEXT NOT NULL,
    frame_seconds REAL NOT NULL,
    trim_seconds REAL NOT NULL,
    aggregation TEXT NOT NULL,
    last_scan INTEGER NOT NULL,
    UNIQUE (sha256, frame_seconds, trim_seconds, aggregation)
) STRICT""",
    """CREATE TABLE songs (
    id INTEGER PRIMARY KEY,
    path_bytes BLOB NOT NULL UNIQUE,
    path TEXT NOT NULL,
    n_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    artist TEXT NOT NULL,
    title TEXT NOT NULL,
    album TEXT NOT NULL,
    year INTEGER,
    genre_tag TEXT NOT NULL,
    duration_seconds REAL NOT NULL,
    genre TEXT NOT NULL,
    runner_up TEXT NOT NULL,
    confidence REAL NOT NULL,
    margin REAL NOT NULL,
    disagreement REAL NOT NULL,
    n_frames INTEGER NOT NULL,
    first_half_genre TEXT NOT NULL,
    second_half_genre TEXT NOT NULL,
    unlike_training INTEGER NOT NULL,
    tag_differs INTEGER,
    scanned_at TEXT NOT NULL,
    model_id INTEGER NOT NULL REFERENCES models (id)
) STRICT""",
    "CREATE INDEX songs_sha256 ON songs (sha256)",
    "CREATE INDEX songs_n_bytes ON songs (n_bytes)",
    "CREATE INDEX songs_genre ON songs (genre, year)",
    "CREATE INDEX songs_confidence ON songs (confidence)",
    "CREATE INDEX songs_artist ON songs (artist, title)",
    """CREATE TABLE readings (
    song_id INTEGER PRIMARY KEY REFERENCES songs (id) ON DELETE CASCADE,
    frame_scores BLOB NOT NULL,
    silent BLOB NOT NULL,
    start_seconds REAL NOT NULL,
    frame_seconds REAL NOT NULL,
    scores BLOB NOT NULL,
    embedding BLOB NOT NULL,
    receipt TEXT NOT NULL
) STRICT""",
    """CREATE TABLE failures (
    path_bytes BLOB PRIMARY KEY,
    path TEXT NOT NULL,
    n_bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    error TEXT NOT NULL,
    failed_at TEXT NOT NULL
) STRICT""",
)


def create(connection: sqlite3.Connection) -> None:
    """Write the tables into an empty database."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in STATEMENTS:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether a database has no table yet."""
    return connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0


def check(connection: sqlite3.Connection, name: str) -> None:
    """Raise LibraryError if a database is no store of this version; `name` is for the message.

    A store may come from a stranger: views, triggers and other tables are refused.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise LibraryError(
            f"{name} is an SQLite file, but no library store. "
            "Make one with: python -m genre_core library scan FOLDER --store FILE"
        )
    if version != VERSION:
        remedy = "Update the program." if version > VERSION else "Scan the songs anew."
        raise LibraryError(
            f"{name} is a store of version {version}; this program reads version {VERSION}. "
            f"{remedy}"
        )
    rows = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")
    if {row[0] for row in rows} != set(STATEMENTS):
        raise LibraryError(f"{name} has other tables than a library store: scan the songs anew.")
