"""The score files that come with the program: their folder and their names.

`<model>.<data set>-<list>.json`, e.g. `mine.gtzan-test.json`, and beside it, where the sound was
changed first, `<model>.<data set>-<list>.<perturbation>.json`. Names are for people: what a file
holds stands in its own provenance. In `coarse/` lie scores of coarse pictures of sound.

Cross-validation leaves `<model>.<data set>-<n>-folds.json`, each song scored by the network that
was trained without its fold, and under the same name in `cross_validation/` a record of the folds.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genre_core.assets import EVALUATIONS_FOLDER
from genre_core.errors import DatasetError
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.records import build, read_json

CROSS_VALIDATION = "cross_validation"  # folder in it
UNLIKE = "unlike"  # folder in it
COARSE = "coarse"  # folder in it
MAX_FILE_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Fold:
    """One fold of songs, scored by the network that was trained without it."""

    fold: int
    n_songs: int
    n_right: int
    checkpoint_sha256: str
    best_epoch: int | None
    valid_accuracy: float | None
    training_seconds: float | None


@dataclass(frozen=True)
class CrossValidation:
    """A record of the folds; settings and stages are those of the training."""

    command: str
    dataset: str
    scheme: str
    machine: str
    train_lists: tuple[str, ...]
    settings: dict[str, Any]
    folds: tuple[Fold, ...]
    stages: tuple[dict[str, Any], ...] = ()


def score_file(
    model: str,
    dataset: str,
    which: str,
    perturbation: str = "",
    folder: Path = EVALUATIONS_FOLDER,
) -> Path:
    """Return the path for the scores of one network on one list of songs.

    `which` is the list, "test", "valid", "all" ..., and `perturbation` one of
    `perturbations.NAMES` or empty. Characters unsafe in file names become "-".
    """
    parts = [_safe(model), f"{_safe(dataset)}-{_safe(which)}"]
    if perturbation:
        parts.append(_safe(perturbation))
    return folder / f"{'.'.join(parts)}.json"


def read_score_files(folder: Path = EVALUATIONS_FOLDER) -> dict[str, ScoreSet]:
    """Read every score file in `folder`, by file name; DatasetError if one is anything else."""
    return {path.name: load_score_set(path) for path in sorted(folder.glob("*.json"))}


def cross_validation_file(
    model: str, dataset: str, n_folds: int, folder: Path = EVALUATIONS_FOLDER
) -> Path:
    """Return the path for the record of the folds; the scores have the same name, a folder up."""
    scores = score_file(model, dataset, f"{n_folds}-folds", folder=folder)
    return scores.parent / CROSS_VALIDATION / scores.name


def cross_validation_records(
    model: str, folder: Path = EVALUATIONS_FOLDER
) -> list[CrossValidation]:
    """Read the records of cross-validation with a network's recipe, sorted by file name.

    DatasetError if one of them is anything else.
    """
    records = []
    for path in sorted((folder / CROSS_VALIDATION).glob(f"{_safe(model)}.*.json")):
        try:
            records.append(build(CrossValidation, read_json(path, MAX_FILE_BYTES)))
        except ValueError as error:
            raise DatasetError(f"{path}: not a record of cross-validation ({error}).") from error
    return records


def unlike_file(model: str, folder: Path = EVALUATIONS_FOLDER) -> Path:
    """Return the path for how a network tells other sounds from its genres."""
    return folder / UNLIKE / f"{_safe(model)}.json"


def coarse_file(model: str, dataset: str, which: str, folder: Path = EVALUATIONS_FOLDER) -> Path:
    """Return the path for the scores of a list's coarse pictures, which only the card reads."""
    return score_file(model, f"{dataset}-coarse", which, folder=folder / COARSE)


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)
