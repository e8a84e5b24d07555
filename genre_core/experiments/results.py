"""Results of an experiment in one JSON file, a row a run; an interrupted experiment can resume.

A run's row stays as long as its fingerprint, a hash of everything that determines the run, is the
same: after a change of a setting, only the runs that depend on it are repeated.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genre_core.assets import EXPERIMENTS_FOLDER
from genre_core.errors import DatasetError
from genre_core.records import atomic_write, read_json

MAX_FILE_BYTES = 64 * 2**20

Row = dict[str, Any]
Listener = Callable[[int, int, str], None]  # runs done, runs in all, the next one's key


@dataclass(frozen=True)
class Run:
    """One run of an experiment.

    Attributes
    ----------
    key : unique within the experiment
    facts : its distinguishing values, in its row
    inputs : everything that determines its result, as JSON
    do : runs it and returns the rest of its row
    """

    key: str
    facts: Mapping[str, Any]
    inputs: Mapping[str, Any]
    do: Callable[[], Row] = field(compare=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of facts and inputs."""
        text = json.dumps([dict(self.facts), dict(self.inputs)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def results_file(name: str, folder: Path = EXPERIMENTS_FOLDER) -> Path:
    """Return the file of the results of an experiment."""
    return folder / f"{name}.json"


def read_results(path: Path) -> dict[str, Any]:
    """Read the results of an experiment; raises DatasetError if the file is not such results."""
    try:
        record = read_json(path, MAX_FILE_BYTES)
    except ValueError as error:
        raise DatasetError(f"{path}: no results of an experiment ({error}).") from error
    if not isinstance(record, dict) or not isinstance(record.get("runs"), list):
        raise DatasetError(f"{path}: not the results of an experiment.")
    return record


def do_runs(
    runs: Sequence[Run],
    path: Path,
    header: Mapping[str, Any],
    on_run: Listener | None = None,
) -> dict[str, Any]:
    """Do every run whose row is not in the file yet; write the file after each.

    Returns the whole record, its `runs` in the order of `runs`.

    Parameters
    ----------
    path : rows of runs that are no longer among `runs` are dropped
    header : the other entries of the file: command, data set, machine ...
    on_run : called before each run that is to be done, and at the end with an empty key
    """
    before = _rows(path)
    previous = {row.get("fingerprint"): row for row in before}
    rows = {run.key: previous[run.fingerprint] for run in runs if run.fingerprint in previous}
    if before and list(rows.values()) == before and len(rows) == len(runs):
        return read_results(path)
    for run in runs:
        if run.key in rows:
            continue
        if on_run is not None:
            on_run(len(rows), len(runs), run.key)
        row = {"key": run.key, **run.facts, **run.do(), "fingerprint": run.fingerprint}
        rows[run.key] = row
        _write(path, header, [rows[each.key] for each in runs if each.key in rows])
    record = _write(path, header, [rows[run.key] for run in runs])
    if on_run is not None:
        on_run(len(runs), len(runs), "")
    return record


def _rows(path: Path) -> list[Row]:
    try:
        return list(read_results(path)["runs"])
    except DatasetError:
        return []  # none yet, or half a file


def _write(path: Path, header: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, Any]:
    record = {**header, "runs": list(rows)}
    # A row a line: a file that people can read and version control can compare.
    head = json.dumps(dict(header), indent=1).removesuffix("\n}") if header else "{"
    lines = ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in rows)
    comma = "," if header else ""
    with atomic_write(path) as file:
        file.write(f'{head}{comma}\n "runs": [\n{lines}\n ]\n}}\n'.encode())
    return record
