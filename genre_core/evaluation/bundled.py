"""The score files that come with the program: where they lie and what they are called.

`<model>.<data set>-<list>.json`, e.g. `crnn.gtzan-test.json`, and beside it, where the sound was
changed first, `<model>.<data set>-<list>.<perturbation>.json`. Names are for people: what a file
holds stands in its own provenance.

Cross-validation leaves `<model>.<data set>-<n>-folds.json`, each song scored by the network that
was trained without its fold, and under the same name in `cross_validation/` a record of the folds.
"""

import json
import re
from pathlib import Path
from typing import Any

from genre_core.assets import EVALUATIONS_FOLDER
from genre_core.errors import DatasetError
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import ScoreSet

CROSS_VALIDATION = "cross_validation"  # folder in it


def score_file(
    model: str,
    dataset: str,
    which: str,
    perturbation: str = "",
    folder: Path = EVALUATIONS_FOLDER,
) -> Path:
    """Return where the scores of one network on one list of songs belong.

    Parameters
    ----------
    model, dataset : str
        Names; letters that may not stand in a file name become "-".
    which : str
        The list: "test", "valid", "all" ...
    perturbation : str
        A key of `perturbations.PERTURBATIONS`, or empty.
    folder : Path
    """
    parts = [_safe(model), f"{_safe(dataset)}-{_safe(which)}"]
    if perturbation:
        parts.append(_safe(perturbation))
    return folder / f"{'.'.join(parts)}.json"


def read_score_files(folder: Path = EVALUATIONS_FOLDER) -> dict[str, ScoreSet]:
    """Read every score file in `folder`, by file name, sorted.

    Raises
    ------
    DatasetError
        If one of them is not a score file.
    """
    return {path.name: load_score_set(path) for path in sorted(folder.glob("*.json"))}


def cross_validation_file(
    model: str, dataset: str, n_folds: int, folder: Path = EVALUATIONS_FOLDER
) -> Path:
    """Return where the record of the folds belongs; the scores: the same name, a folder up."""
    scores = score_file(model, dataset, f"{n_folds}-folds", folder=folder)
    return scores.parent / CROSS_VALIDATION / scores.name


def cross_validation_records(model: str, folder: Path = EVALUATIONS_FOLDER) -> list[dict[str, Any]]:
    """Read the records of cross-validation with the recipe of a network, sorted by file name.

    Raises
    ------
    DatasetError
        If one of them is not JSON.
    """
    records = []
    for path in sorted((folder / CROSS_VALIDATION).glob(f"{_safe(model)}.*.json")):
        try:
            records.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as error:
            raise DatasetError(f"{path}: not a record of cross-validation ({error}).") from error
    return records


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)
