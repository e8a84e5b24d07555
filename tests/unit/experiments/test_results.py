"""The file of an experiment's results: finished runs stay, changed ones are repeated."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from genre_core.errors import DatasetError
from genre_core.experiments.results import Run, do_runs, read_results


def run_of(key: str, done: list[str], **inputs: Any) -> Run:
    def do() -> dict[str, Any]:
        done.append(key)
        return {"answer": len(done)}

    return Run(key, {"name": key}, inputs, do)


def test_finished_runs_stay_and_changed_ones_are_repeated(tmp_path: Path) -> None:
    path, done = tmp_path / "results.json", []
    runs = [run_of(key, done, rate=1) for key in "abc"]
    with pytest.raises(ZeroDivisionError):
        do_runs([*runs[:2], replace(runs[2], do=lambda: 1 / 0)], path, {"experiment": "x"})
    assert [row["key"] for row in read_results(path)["runs"]] == ["a", "b"]  # in order
    reported = []
    record = do_runs(runs, path, {"experiment": "x"}, lambda *where: reported.append(where))
    assert done == ["a", "b", "c"]
    assert reported == [(2, 3, "c"), (3, 3, "")]
    assert json.loads(path.read_text()) == record == read_results(path)
    assert record["experiment"] == "x"

    changed = [runs[0], run_of("b", done, rate=2)]
    record = do_runs(changed, path, {"experiment": "x"})
    assert done == ["a", "b", "c", "b"]
    assert [(row["key"], row["answer"]) for row in record["runs"]] == [("a", 1), ("b", 4)]
    before = path.read_text()
    do_runs(changed, path, {"experiment": "another header"})
    assert path.read_text() == before  # nothing to do


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no results"):
        read_results(tmp_path / "none.json")
    (tmp_path / "other.json").write_text("[1]")
    with pytest.raises(DatasetError, match="not the results"):
        read_results(tmp_path / "other.json")
