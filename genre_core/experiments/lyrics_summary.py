"""What experiment F says: its rows, read strictly, as curves and pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import stdev
from typing import Annotated, Literal

from genre_core.assets import EXPERIMENTS_FOLDER
from genre_core.errors import DatasetError
from genre_core.experiments.results import read_results, results_file
from genre_core.records import Between, Size, build

Share = Annotated[float, Between(0, 1)]
Folds = Annotated[tuple[Share, ...], Size(2, 100)]
TextKind = Literal["raw", "processed"]


@dataclass(frozen=True, kw_only=True)
class LyricsRow:
    """One run: a classifier on the n most frequent words of each genre, None for all words.

    Shares are from 0 to 1. `split` says whether an artist may stand on both sides ("random"),
    `songs` whether the genres have equally many songs.
    """

    key: str
    fingerprint: str
    text_kind: TextKind
    classifier: str
    n: Annotated[int, Between(1, 1_000_000)] | None
    split: Literal["grouped", "random"]
    songs: Literal["balanced", "all"]
    n_songs: Annotated[int, Between(1, 1_000_000)]
    n_genres: Annotated[int, Between(2, 1_000)]
    accuracy: Share
    macro_f1: Share
    fold_accuracy: Folds
    fold_macro_f1: Folds
    calibration_error: Share
    log_loss: float
    seconds: float


@dataclass(frozen=True)
class Curve:
    """One classifier over n, all words last: rows of one kind of text, by grouped folds."""

    classifier: str
    rows: tuple[LyricsRow, ...]

    @property
    def best(self) -> LyricsRow:
        """The row with the highest accuracy."""
        return max(self.rows, key=lambda row: row.accuracy)


def read_rows(folder: Path = EXPERIMENTS_FOLDER) -> list[LyricsRow]:
    """Read the results of experiment F; an empty list where there are none yet.

    Raises
    ------
    DatasetError
        If the file is damaged.
    """
    path = results_file("lyrics", folder)
    if not path.is_file():
        return []
    try:
        return [build(LyricsRow, row, "runs") for row in read_results(path)["runs"]]
    except ValueError as error:
        raise DatasetError(f"{path}: {error}. Run the experiment again.") from error


def spread(row: LyricsRow) -> float:
    """Return the standard deviation of the accuracy over the folds."""
    return stdev(row.fold_accuracy)


def curves(rows: Sequence[LyricsRow], text_kind: TextKind) -> list[Curve]:
    """Return the curves of one kind of text, with equally many songs a genre."""
    own = [
        row
        for row in rows
        if (row.text_kind, row.split, row.songs) == (text_kind, "grouped", "balanced")
    ]
    return [
        Curve(
            classifier,
            tuple(
                sorted(
                    (row for row in own if row.classifier == classifier),
                    key=lambda row: row.n or float("inf"),
                )
            ),
        )
        for classifier in dict.fromkeys(row.classifier for row in own)
    ]


def flattery(rows: Sequence[LyricsRow], text_kind: TextKind) -> list[tuple[LyricsRow, LyricsRow]]:
    """Return each classifier's row on grouped folds beside that on random ones, all words."""
    own = [r for r in rows if r.text_kind == text_kind and r.n is None and r.songs == "balanced"]
    return [
        (grouped, mixed)
        for grouped in own
        for mixed in own
        if (grouped.split, mixed.split) == ("grouped", "random")
        and grouped.classifier == mixed.classifier
    ]
