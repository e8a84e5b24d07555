"""An export holds every song, in forms that other programs read."""

import csv
import io
import json
import os
import re
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from genre_core.errors import LibraryError
from genre_core.library.export import COLUMNS, FORMATS, export, safe_cell
from genre_core.library.query import SongFilter
from genre_core.library.songs import LibrarySong, SongTags
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from tests.builders import library_store, scanned_songs

N_SONGS = 120
STRANGE = os.fsdecode(b'/music/it\'s \xe9, a "song" $(rm x) =1.mp3')


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = library_store(tmp_path_factory.mktemp("library") / "music.db", N_SONGS)
    with LibraryWriter.open(path) as writer:
        model = writer.model()
        assert model is not None
        (item,) = scanned_songs(1, seed=7)
        tags = SongTags("=cmd|' /C calc'!A0", "+1", "@x", None, "-")
        song = replace(item.song, path=STRANGE, tags=tags)
        writer.store(writer.begin_scan(model), [replace(item, song=song)])
    return path


@pytest.fixture
def store(path: Path):
    with LibraryStore.open(path) as store:
        yield store


def expected(song: LibrarySong, name: str):
    values = {
        "path": song.path.encode("utf-8", "replace").decode(),
        "artist": song.tags.artist,
        "title": song.tags.title,
        "album": song.tags.album,
        "year": song.tags.year,
        "genre_tag": song.tags.genre,
    }
    return values[name] if name in values else getattr(song, name)


def test_parquet_holds_all_columns_scores_and_embeddings(
    store: LibraryStore, tmp_path: Path
) -> None:
    assert export(store, tmp_path / "songs.parquet", "parquet") == N_SONGS + 1
    table = pd.read_parquet(tmp_path / "songs.parquet", dtype_backend="pyarrow")
    for (_, row), item in zip(table.iterrows(), store.scanned_songs(), strict=True):
        for name in COLUMNS:
            wanted = expected(item.song, name)
            assert pd.isna(row[name]) if wanted is None else row[name] == wanted
        np.testing.assert_array_equal(np.float32(row["embedding"]), item.readings.embedding)
        scores = [row[name] for name in table.columns if name.startswith("score_")]
        np.testing.assert_array_equal(np.float32(scores), item.readings.scores)


def test_pandas_reads_store_and_export_as_the_docs_say(
    store: LibraryStore,
    path: Path,
    tmp_path: Path,
    project_root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    export(store, tmp_path / "songs.parquet", "parquet")
    (tmp_path / "library.db").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    text = (project_root / "docs" / "library.md").read_text("utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    names["connection"].close()
    wanted = {item.song.id: item for item in store.scanned_songs()}
    assert set(names["songs"].index) == set(wanted)
    assert names["songs"]["genre"].to_dict() == {key: w.song.genre for key, w in wanted.items()}
    for key, scores in zip(names["readings"].index, names["scores"], strict=True):
        np.testing.assert_array_equal(scores, wanted[key].readings.scores)
    np.testing.assert_array_equal(
        names["embeddings"], [item.readings.embedding for item in store.scanned_songs()]
    )


def test_csv_is_read_back_and_runs_nothing(store: LibraryStore, tmp_path: Path) -> None:
    export(store, tmp_path / "songs.csv", "csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "songs.csv").read_text("utf-8"))))
    assert len(rows) == N_SONGS + 1
    assert not [text for row in rows for text in row.values() if text[:1] in ("=", "+", "-", "@")]
    for row, item in zip(rows, store.scanned_songs(), strict=True):
        assert row["artist"].removeprefix("'") == item.song.tags.artist
        assert float(row["confidence"]) == pytest.approx(item.song.confidence, abs=1e-6)
        assert row[f"score_{item.song.genre}"] == row["confidence"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_becomes_text(start: str) -> None:
    assert safe_cell(f"{start}1") == f"'{start}1"
    assert safe_cell(f"x{start}") == f"x{start}"
    assert safe_cell(-1.5) == -1.5


def test_json_lines_hold_every_frame(store: LibraryStore, tmp_path: Path) -> None:
    export(store, tmp_path / "songs.jsonl", "jsonl")
    lines = (tmp_path / "songs.jsonl").read_text("ascii").splitlines()
    for line, item in zip(lines, store.scanned_songs(), strict=True):
        record = json.loads(line)
        assert {name: record[name] for name in COLUMNS} == {
            name: expected(item.song, name) for name in COLUMNS
        }
        frames = [list(frame["scores"].values()) for frame in record["frames"]]
        np.testing.assert_allclose(frames, item.readings.frame_scores)
        assert max(record["scores"], key=record["scores"].get) == item.song.genre


def test_beets_gets_each_song_its_genre(store: LibraryStore, tmp_path: Path) -> None:
    """A stand-in for `beet` notes its arguments; a name in a shell runs nothing."""
    export(store, tmp_path / "songs.sh", "beets")
    beet = tmp_path / "bin" / "beet"
    beet.parent.mkdir()
    beet.write_text('#!/bin/sh\nprintf "%s\\0" "$@" >> "$NOTES"; printf "\\n\\0" >> "$NOTES"\n')
    beet.chmod(0o755)
    environment = os.environ | {"PATH": f"{beet.parent}:{os.environ['PATH']}"}
    environment["NOTES"] = str(tmp_path / "notes")
    subprocess.run(["sh", "songs.sh"], cwd=tmp_path, env=environment, check=True)
    genres: dict[str, str] = {}
    for command in (tmp_path / "notes").read_bytes().split(b"\0\n\0")[:-1]:
        name, *words, value = command.split(b"\0")
        assert name == b"modify"
        paths = [os.fsdecode(word[5:]) for word in words if word.startswith(b"path:")]
        genres |= dict.fromkeys(paths, value.decode().removeprefix("genre="))
    assert genres == {song.path: song.genre for song in store.songs()}


@pytest.mark.parametrize("form", FORMATS)
def test_a_filter_chooses_the_songs(store: LibraryStore, tmp_path: Path, form: str) -> None:
    wanted = SongFilter(genres=("rock",))
    assert export(store, tmp_path / "songs", form, wanted) == store.count(wanted)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_that_cannot_be_written_is_named(
    store: LibraryStore, tmp_path: Path, form: str
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="file"):
        export(store, tmp_path / "file" / "songs", form)


def test_a_store_without_a_scan_is_named(tmp_path: Path) -> None:
    with LibraryWriter.open(tmp_path / "empty.db") as writer, pytest.raises(LibraryError):
        export(writer, tmp_path / "songs.csv", "csv")
    assert not (tmp_path / "songs.csv").exists()


def test_the_command_line_names_these_formats() -> None:
    from genre_core.cli.library import export as command

    assert command.FORMATS.keys() == FORMATS.keys()
    assert max(Counter(s for suffixes in command.FORMATS.values() for s in suffixes).values()) == 1
