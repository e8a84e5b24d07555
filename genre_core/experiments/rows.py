"""The strict reader of experiments' results: a frozen dataclass for each kind of row."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from genre_core.errors import DatasetError
from genre_core.experiments.results import read_results, results_file
from genre_core.records import Between, build

Count = Annotated[int, Between(0, float("inf"))]
Share = Annotated[float, Between(0, 1)]
Cost = Annotated[float, Between(0, float("inf"))]


@dataclass(frozen=True)
class Tested:
    """How many songs of a list were correct, and the ids of those that were not."""

    n_right: Count
    n_songs: Annotated[int, Between(1, float("inf"))]
    wrong: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """Share of the songs that were correct."""
        return self.n_right / self.n_songs


@dataclass(frozen=True)
class Epoch:
    """Loss and accuracy after one epoch."""

    epoch: Count
    train_loss: float
    train_accuracy: Share
    valid_loss: float
    valid_accuracy: Share
    test_loss: float
    test_accuracy: Share


@dataclass(frozen=True, kw_only=True)
class NetworkRow:
    """The cost of one network for a frame of 29.12 s (`networks.json`).

    Times in milliseconds, memory in MB. `wanted_parameters` is None for the published network, the
    time on two threads where it was not measured.
    """

    key: str
    fingerprint: str
    family: str
    parameters: Count
    multiply_adds: Count
    infer_ms_1_thread: Cost
    train_ms: Cost
    infer_memory_mb: Cost
    train_memory_mb: Cost
    infer_ms_2_threads: Cost | None = None
    wanted_parameters: Count | None = None


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """The result of any run of an experiment; fields with a default are not in every row."""

    key: str
    fingerprint: str
    n_train: Count
    test: Tested
    valid: Tested | None = None
    parameters: Count | None = None
    learnt_parameters: Count | None = None
    epochs: Count | None = None
    best_epoch: Annotated[int, Between(1, float("inf"))] | None = None
    seconds: Cost = 0.0
    train_loss: float | None = None
    train_accuracy: Share | None = None
    curve: tuple[Epoch, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SizeRow(RunRow):
    """A run of experiment A."""

    family: str
    wanted_parameters: Count
    seed: Count
    parameters: Count
    valid: Tested
    train_accuracy: Share


@dataclass(frozen=True, kw_only=True)
class TransferRow(RunRow):
    """A run of experiment B; `chosen` is the setting of a plain classifier."""

    learns: str
    seed: Count
    valid: Tested
    train_accuracy: Share
    chosen: str = ""


@dataclass(frozen=True, kw_only=True)
class OptimizerRow(RunRow):
    """A run of experiment C."""

    optimizer: Literal["adam", "sgd"]
    learning_rate: float
    seed: Count
    valid: Tested
    curve: tuple[Epoch, ...]


@dataclass(frozen=True, kw_only=True)
class ProtocolRow(RunRow):
    """A run of experiment D; `number` is the seed of a hold-out or the fold."""

    network: str
    songs: str
    split: Literal["random", "artist"]
    scheme: Literal["folds", "hold-out"]
    number: Count


@dataclass(frozen=True, kw_only=True)
class SourceRow(RunRow):
    """A run of experiment E; `test` holds songs from elsewhere, the shares say what was learnt."""

    network: str
    home_share: Share
    elsewhere_share: Share
    seed: Count
    n_home: Count
    valid_accuracy: Share


@dataclass(frozen=True, kw_only=True)
class Header:
    """How the results of an experiment were made; the defaults stand for missing entries."""

    experiment: str = ""
    command: str = ""
    date: str = ""
    dataset: str = ""
    elsewhere: str = ""
    n_songs: Count = 0
    source: str = ""
    genres: tuple[str, ...] = ()
    processor: str = ""
    threads: Count = 0
    torch: str = ""
    commit: str = ""
    machine: str = ""
    load_at_start: Cost | None = None


@dataclass(frozen=True)
class ExperimentRecord:
    """The results of one experiment; `runs` are rows of the kind that `ROWS` names."""

    header: Header
    runs: tuple[Any, ...]


ROWS: Mapping[str, type[Any]] = {
    "networks": NetworkRow,
    "size": SizeRow,
    "transfer": TransferRow,
    "optimizers": OptimizerRow,
    "protocol": ProtocolRow,
    "sources": SourceRow,
}


def read_record(name: str, folder: Path) -> ExperimentRecord | None:
    """Read the results of an experiment; None where there are none yet.

    Raises DatasetError if the file is damaged or of another version: the message names file and
    field.
    """
    path = results_file(name, folder)
    if not path.is_file():
        return None
    record = read_results(path)
    runs = record.pop("runs")
    try:
        return ExperimentRecord(
            build(Header, record),
            tuple(build(ROWS[name], row, f"runs[{index}]") for index, row in enumerate(runs)),
        )
    except ValueError as error:
        raise DatasetError(
            f"{path}: not results that this version of the program writes ({error}): run the "
            "experiment again."
        ) from error
