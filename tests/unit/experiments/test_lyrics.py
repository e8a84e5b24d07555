"""Experiment F on a small corpus of words."""

from pathlib import Path

import pandas as pd
import pytest

from genre_core.cli import main
from genre_core.errors import DatasetError
from genre_core.experiments import lyrics
from genre_core.experiments.lyrics_summary import curves, flattery, read_rows, spread
from genre_core.lyrics.classifiers import CLASSIFIERS
from genre_core.lyrics.corpus import read_corpus
from tests.unit.lyrics.test_validation import write_bags


def two_kinds(folder: Path) -> Path:
    path = write_bags(folder)
    raw = pd.read_parquet(path)
    other = raw.assign(text_kind="processed", song_id="p" + raw["song_id"])
    pd.concat([raw, other]).to_parquet(path)
    return path


def test_every_classifier_size_and_split_has_a_run(tmp_path: Path) -> None:
    runs = lyrics.plan(read_corpus(two_kinds(tmp_path)), sizes=(10, 20))
    facts = [run.facts for run in runs]
    for kind in ("raw", "processed"):
        for classifier in CLASSIFIERS:
            own = [f for f in facts if (f["text_kind"], f["classifier"]) == (kind, classifier)]
            grouped = [f["n"] for f in own if f["split"] == "grouped" and f["songs"] == "balanced"]
            assert sorted(grouped, key=lambda n: n or 99) == [10, 20, None]
            assert [f["n"] for f in own if f["split"] == "random"] == [None]
    assert len({run.key for run in runs}) == len(runs)
    assert len({run.fingerprint for run in runs}) == len(runs)


def test_both_kinds_of_text_are_needed(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="processed"):
        lyrics.plan(read_corpus(write_bags(tmp_path)))


def test_the_command_writes_rows_that_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lyrics, "CLASSIFIERS", ("naive_bayes", "knn"))
    output = tmp_path / "lyrics.json"
    assert main(["experiment", "lyrics", str(two_kinds(tmp_path)), "--output", str(output)]) == 0
    rows = read_rows(tmp_path)
    found = curves(rows, "raw")
    assert [curve.classifier for curve in found] == ["naive_bayes", "knn"]
    assert [row.n for row in found[0].rows] == [10, 30, 100, 300, 1_000, 2_000, None]
    assert all(0 <= spread(row) <= 0.5 for row in rows)
    assert found[0].best.accuracy > 0.8
    assert len(flattery(rows, "processed")) == 2
    output.write_text(output.read_text().replace('"accuracy"', '"wrong"', 1))
    with pytest.raises(DatasetError, match="experiment again"):
        read_rows(tmp_path)
