"""The score file: what was written comes back, and damage is named."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genre_core.errors import DatasetError
from genre_core.evaluation.score_file import load_score_set, save_score_set
from genre_core.evaluation.score_set import (
    stored_precision,
)
from genre_core.evaluation.summary import summarise
from tests.builders import random_score_set


def test_file_gives_the_same_scores_to_the_last_bit(tmp_path: Path) -> None:
    score_set = random_score_set()
    save_score_set(tmp_path / "scores.json", score_set)
    read = load_score_set(tmp_path / "scores.json")
    assert (read.name, read.genres, read.clips) == (
        score_set.name,
        score_set.genres,
        score_set.clips,
    )
    assert read.provenance == score_set.provenance
    for field in ("counts", "start_seconds", "scores"):
        np.testing.assert_array_equal(
            getattr(read.frames[5.0], field), getattr(score_set.frames[5.0], field)
        )
    assert summarise(read, 5.0).song_accuracy == summarise(score_set, 5.0).song_accuracy
    save_score_set(tmp_path / "again.json", read)
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "scores.json").read_bytes()


def test_stored_precision_keeps_what_matters() -> None:
    scores = np.random.default_rng(0).dirichlet(np.full(10, 0.1), 1_000)
    stored = stored_precision(scores)
    np.testing.assert_allclose(stored, scores, rtol=5e-4, atol=1e-7)
    np.testing.assert_allclose(stored.sum(axis=1), 1.0, atol=5e-4)


def test_file_is_small(tmp_path: Path) -> None:
    score_set = random_score_set(300, n_frames=10)
    save_score_set(tmp_path / "scores.json", score_set)
    assert (tmp_path / "scores.json").stat().st_size < 100_000


def damage(record: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for key in parents:
        record = record[int(key) if key.isdigit() else key]
    record[last] = value


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "other", "not a score file"),
        ("version", 99, "version 99"),
        ("genres", ["blues", "blues", "rock"], "different names"),
        ("genres", ["blues", "rock"], "not among the genres"),
        ("clips.kind", ["vinyl"] * 40, r"clips.kind\[0\] must be one of"),
        ("clips.clip_id", ["same"] * 40, "twice"),
        ("clips.title", ["x"], "one length"),
        ("clips.title", [1] * 40, r"clips.title\[0\] must be text"),
        ("frames", [], "frames must have 1 to"),
        ("frames.0.counts", [1] * 39, "39 items for 40 songs"),
        ("frames.0.counts", [0] * 40, r"frames\[0\].counts\[0\] must be 1 to"),
        ("frames.0.counts", [1] * 40, "length"),
        ("frames.0.scores", "AAAA", "length"),
        ("frames.0.scores", "not base64!", "not base64"),
        ("frames.0.frame_seconds", "5", "frame_seconds must be a number"),
        ("provenance.date", None, "provenance.date must be text"),
        ("provenance", {}, "provenance has no field 'command'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_damaged_files_are_refused(tmp_path: Path, path: str, value: Any, message: str) -> None:
    file = tmp_path / "scores.json"
    save_score_set(file, random_score_set())
    record = json.loads(file.read_text())
    damage(record, path, value)
    file.write_text(json.dumps(record))
    with pytest.raises(DatasetError, match=message) as caught:
        load_score_set(file)
    assert "scores.json" in str(caught.value)


def test_scores_that_are_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "scores.json"
    save_score_set(file, random_score_set())
    record = json.loads(file.read_text())
    n_bytes = len(base64.b64decode(record["frames"][0]["scores"]))
    for bad in (np.nan, -1.0, 0.9):
        scores = np.full(n_bytes // 2, bad, dtype="<f2").tobytes()
        record["frames"][0]["scores"] = base64.b64encode(scores).decode()
        file.write_text(json.dumps(record))
        with pytest.raises(DatasetError, match=r"scores (of each frame|holds)"):
            load_score_set(file)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"\xff\xfe", b"[" * 100_000], ids=["empty", "list", "binary", "deep"]
)
def test_foreign_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "scores.json").write_bytes(content)
    with pytest.raises(DatasetError, match=r"scores\.json"):
        load_score_set(tmp_path / "scores.json")


def test_missing_file() -> None:
    with pytest.raises(DatasetError, match="cannot be read"):
        load_score_set("nowhere.json")


@pytest.mark.parametrize(
    ("split", "list_name", "scheme"),
    [
        ("test (given)", "test", "given"),
        ("valid (fold 1 of 4, seed 0)", "valid", "fold 1 of 4, seed 0"),
        ("all", "all", ""),
        ("4 folds, seed 0", "cross-validation", "4 folds, seed 0"),
        ("odd) (text", "odd) (text", ""),
    ],
)
def test_a_file_of_version_1_is_read(
    tmp_path: Path, split: str, list_name: str, scheme: str
) -> None:
    file = tmp_path / "scores.json"
    save_score_set(file, random_score_set())
    record = json.loads(file.read_text())
    record["version"] = 1
    del record["provenance"]["list_name"], record["provenance"]["scheme"]
    record["provenance"]["split"] = split
    file.write_text(json.dumps(record))
    provenance = load_score_set(file).provenance
    assert (provenance.list_name, provenance.scheme) == (list_name, scheme)
    del record["provenance"]["split"]
    file.write_text(json.dumps(record))
    with pytest.raises(DatasetError, match=r"scores\.json: provenance has no field 'split'"):
        load_score_set(file)
