"""A store from a stranger: what no scan writes is refused, and nothing is written."""

import sqlite3
from pathlib import Path

import pytest

from genre_core.errors import LibraryError
from genre_core.library.store import LibraryStore
from tests.builders import library_store


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    folder = tmp_path / "upload"
    folder.mkdir()
    return library_store(folder / "music.db", 30)


def check(path: Path) -> None:
    with LibraryStore.open_alone(path) as store:
        store.check_values()


def change(path: Path, statement: str) -> None:
    """Change a store as its owner may, also against its own rules."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    connection.close()


def test_a_scan_is_accepted_and_left_as_it_is(upload: Path) -> None:
    for beside in upload.parent.glob("music.db-*"):
        beside.unlink()
    before = upload.read_bytes()
    check(upload)
    assert upload.read_bytes() == before
    assert [path.name for path in upload.parent.iterdir()] == ["music.db"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE songs SET confidence = 7 WHERE id = 3",
        "UPDATE songs SET confidence = 9e999 WHERE id = 3",
        "UPDATE songs SET duration_seconds = 9e999 WHERE id = 3",
        "UPDATE songs SET year = 123456789 WHERE id = 3",
        "UPDATE songs SET genre = 'polka' WHERE id = 3",
        "UPDATE songs SET title = printf('%.*c', 10000, 'x') WHERE id = 3",
        "UPDATE songs SET n_frames = 4000 WHERE id = 3",
        "UPDATE songs SET model_id = 99 WHERE id = 3",
        "DELETE FROM readings WHERE song_id = 3",
        "UPDATE readings SET scores = x'00' WHERE song_id = 3",
        "UPDATE readings SET silent = zeroblob(9) WHERE song_id = 3",
        "UPDATE readings SET embedding = x'' WHERE song_id = 3",
        "UPDATE readings SET receipt = 'no JSON' WHERE song_id = 3",
    ],
)
def test_values_that_no_scan_writes_are_refused(upload: Path, statement: str) -> None:
    change(upload, statement)
    with pytest.raises(LibraryError, match=r"music.db holds values .* in 1 of its songs"):
        check(upload)


@pytest.mark.parametrize(
    "genres", ["no JSON", "[]", "[1]", '{"a": 1}', '"jazz"', f"[{','.join(['1'] * 2000)}]"]
)
def test_genres_that_are_no_names_are_refused(upload: Path, genres: str) -> None:
    change(upload, f"UPDATE models SET genres = '{genres}'")
    with pytest.raises(LibraryError, match=r"music\.db"):
        check(upload)


def test_numbers_that_are_not_finite_are_refused_when_read(upload: Path) -> None:
    not_a_number = "CAST(x'0000c07f' || zeroblob(252) AS BLOB)"
    change(upload, f"UPDATE readings SET embedding = {not_a_number} WHERE song_id = 3")
    with LibraryStore.open_alone(upload) as store, pytest.raises(LibraryError, match="damaged"):
        store.embeddings()


def test_a_damaged_page_is_refused(upload: Path) -> None:
    data = bytearray(upload.read_bytes())
    data[4096 * 5 : 4096 * 9] = b"\xff" * (4096 * 4)
    upload.write_bytes(data)
    with pytest.raises(LibraryError, match=r"music.db"):
        check(upload)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW more AS SELECT * FROM songs",
        "CREATE TRIGGER t AFTER DELETE ON songs BEGIN DELETE FROM readings; END",
    ],
)
def test_a_program_in_a_store_is_refused(upload: Path, statement: str) -> None:
    change(upload, statement)
    with pytest.raises(LibraryError, match="other tables"):
        check(upload)


def test_a_schema_that_is_no_text_is_refused(upload: Path) -> None:
    content = upload.read_bytes()
    upload.write_bytes(content.replace(b"CREATE TABLE songs", b"CREATE TAB\xff\xfe songs", 1))
    with pytest.raises(LibraryError, match="damaged"):
        check(upload)
