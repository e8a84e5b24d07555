"""The score files that come with the program: where they lie and what they are called.

`<model>.<data set>-<list>.json`, e.g. `crnn.gtzan-test.json`, and beside it, where the sound was
changed first, `<model>.<data set>-<list>.<perturbation>.json`. Names are for people: what a file
holds stands in its own provenance.
"""

import re
from pathlib import Path

from genre_core.score_set import ScoreSet, load_score_set

EVALUATIONS_FOLDER = Path(__file__).resolve().parent.parent / "assets" / "evaluations"


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


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name)
