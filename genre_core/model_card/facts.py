"""The facts of a model card, and how they are read.

Beside a checkpoint `mine.safetensors` there may be `mine.run.json` (written by `train`),
`mine.recipe.json` (its settings) and `mine.looks.json` (the log of looks at the test list, written
by hand).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genre_core.assets import EVALUATIONS_FOLDER, MODELS_FOLDER
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.checkpoints.info import CheckpointInfo
from genre_core.config import MAX_FRAME_SECONDS
from genre_core.errors import DatasetError
from genre_core.evaluation.bundled import (
    CrossValidation,
    coarse_file,
    cross_validation_records,
    read_score_files,
    unlike_file,
)
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import CROSS_VALIDATION, ScoreSet
from genre_core.evaluation.unlike import UnlikeRecord, load_unlike
from genre_core.models import registry
from genre_core.models.complexity import Complexity, measure
from genre_core.records import build, read_json

MAX_FILE_BYTES = 4 * 2**20
NO_FILE = ("", "random", "previous stage")  # values of `init` that name no file


@dataclass(frozen=True)
class RunRecord:
    """The `.run.json` that `train` writes beside the checkpoint."""

    command: str
    checkpoint_sha256: str
    seconds: float
    machine: str
    processor: str
    device: str
    threads: int
    python: str
    torch: str
    seconds_since_last_start: float = 0.0
    stages_seconds: dict[str, float] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    training: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """A look at accuracy on the test list, and the decision that it was used for."""

    date: str
    what: str
    result: str
    used_for: str


@dataclass(frozen=True)
class CardFacts:
    """All facts of a card.

    Attributes
    ----------
    file_name : of the checkpoint
    size, published_size : of the network, and of the published one
    score_sets : all score files by file name, those of other networks too
    recipe : name of the recipe's file beside the checkpoint
    unlike : distances of sounds that are none of the genres
    coarse : scores of the test list's coarse pictures
    bundled : whether the checkpoint comes with the program
    """

    info: CheckpointInfo
    file_name: str
    file_bytes: int
    size: Complexity
    published_size: Complexity
    score_sets: Mapping[str, ScoreSet]
    looks: tuple[Look, ...] = ()
    run: RunRecord | None = None
    recipe: str | None = None
    cross_validation: CrossValidation | None = None
    unlike: UnlikeRecord | None = None
    coarse: ScoreSet | None = None
    bundled: bool = False

    @property
    def stages(self) -> tuple[Mapping[str, Any], ...]:
        """The training records of the stages before the last one."""
        return tuple(self.info.training.get("stages", ()))

    @property
    def stages_settings(self) -> tuple[Mapping[str, Any], ...]:
        """The settings of the stages before the last one."""
        return tuple(record["settings"] for record in self.stages)

    @property
    def sources(self) -> tuple[str, ...]:
        """Names, without extensions, of the files of its first weights."""
        return first_weights(self.info)

    def own(self, list_name: str, perturbation: str = "") -> ScoreSet | None:
        """Return this network's scores on the list "test" or "valid", or on "all" of whole songs.

        Scores on the data set of its training are preferred; None if there are no scores.
        """
        candidates = [
            item
            for item in self.score_sets.values()
            if item.provenance.model_sha256 == self.info.sha256
            and item.provenance.list_name == list_name
            and item.provenance.perturbation == perturbation
            and (list_name != "all" or item.provenance.trim_seconds is not None)
        ]
        dataset = self.info.training.get("dataset")
        return min(candidates, key=lambda item: item.provenance.dataset != dataset, default=None)

    def others(self, own: ScoreSet) -> list[ScoreSet]:
        """Return the scores of other networks on the same songs."""
        return [
            item
            for item in self.score_sets.values()
            if item.provenance.model != own.provenance.model
            and item.provenance.perturbation == own.provenance.perturbation
            and item.provenance.trim_seconds == own.provenance.trim_seconds
            and item.clips == own.clips
            and item.genres == own.genres
        ]

    def stale(self) -> list[str]:
        """Return the score files of another state of this network."""
        return [
            name
            for name, item in self.score_sets.items()
            if item.provenance.model == self.info.name
            and item.provenance.model_sha256 != self.info.sha256
            and item.provenance.list_name != CROSS_VALIDATION
        ]


def read_looks(path: Path) -> tuple[Look, ...]:
    """Read the log of looks at the test list, a JSON list; DatasetError if it is anything else."""
    try:
        rows = read_json(path, MAX_FILE_BYTES)
        if not isinstance(rows, list):
            raise ValueError("must be a list")
        return tuple(build(Look, row, f"[{index}]") for index, row in enumerate(rows))
    except ValueError as error:
        raise DatasetError(f"{path}: not a log of looks at the test list ({error}).") from error


def read_run(path: Path) -> RunRecord:
    """Read the record of a training; DatasetError if it is anything else."""
    try:
        return build(RunRecord, read_json(path, MAX_FILE_BYTES))
    except ValueError as error:
        raise DatasetError(f"{path}: not the record that `train` writes ({error}).") from error


def read_facts(checkpoint: str | Path, evaluations: Path = EVALUATIONS_FOLDER) -> CardFacts:
    """Read the facts about a checkpoint; `evaluations` is the folder of score files.

    Raises ModelError if the checkpoint cannot be read, DatasetError if a file beside it or in the
    folder is not valid.
    """
    checkpoint = Path(checkpoint)
    model, info = load_checkpoint(checkpoint)
    run, recipe, looks = (
        checkpoint.with_suffix(suffix) for suffix in (".run.json", ".recipe.json", ".looks.json")
    )
    records = cross_validation_records(info.name, evaluations)
    return CardFacts(
        info=info,
        file_name=checkpoint.name,
        file_bytes=checkpoint.stat().st_size,
        size=measure(model, info.features.n_columns_of(MAX_FRAME_SECONDS)),
        published_size=measure(registry.build("crnn_choi", len(info.genres))),
        score_sets=read_score_files(evaluations),
        looks=read_looks(looks) if looks.is_file() else (),
        run=read_run(run) if run.is_file() else None,
        recipe=recipe.name if recipe.is_file() else None,
        cross_validation=records[0] if records else None,
        unlike=_read_unlike(info, evaluations),
        coarse=_read_coarse(info, evaluations),
        bundled=checkpoint.resolve().parent == MODELS_FOLDER,
    )


def _read_unlike(info: CheckpointInfo, evaluations: Path) -> UnlikeRecord | None:
    """Return how this network tells other sounds from its genres, if that was measured."""
    path = unlike_file(info.name, evaluations)
    record = load_unlike(path) if path.is_file() else None
    return record if record is not None and record.model_sha256 == info.sha256 else None


def _read_coarse(info: CheckpointInfo, evaluations: Path) -> ScoreSet | None:
    """Return this network's scores of the test list's coarse pictures, if there are any."""
    path = coarse_file(info.name, str(info.training.get("dataset", "")), "test", evaluations)
    scores = load_score_set(path) if path.is_file() else None
    return scores if scores is not None and scores.provenance.model_sha256 == info.sha256 else None


def first_weights(info: CheckpointInfo) -> tuple[str, ...]:
    """Return the names, without extensions, of the files of a network's first weights."""
    records = (info.training, *info.training.get("stages", ()))
    inits = (str((record.get("settings") or {}).get("init", "")) for record in records)
    return tuple(dict.fromkeys(Path(init).stem for init in inits if init not in NO_FILE))
