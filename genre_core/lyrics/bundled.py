"""What comes with the program: the model of words, tables over many songs, example texts."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from genre_core.assets import LYRICS_FOLDER
from genre_core.errors import DatasetError
from genre_core.lyrics.model import LyricsModel, load_model
from genre_core.records import atomic_write

MODEL_FILE = LYRICS_FOLDER / "words.json"
SCORES_FOLDER = LYRICS_FOLDER / "scores"
EXAMPLES_FOLDER = LYRICS_FOLDER / "examples"
DECADES_FILE = LYRICS_FOLDER / "genre_by_decade.csv"
YEARS_FILE = LYRICS_FOLDER / "genre_by_year.csv"
TYPICAL_FILE = LYRICS_FOLDER / "typical_words.csv"


@dataclass(frozen=True)
class Example:
    """A text written for this program: CC0, of no song."""

    name: str
    title: str
    genre: str
    text: str


@cache
def bundled_model() -> LyricsModel:
    """Return the model that comes with the program."""
    return load_model(MODEL_FILE)


def examples(folder: Path = EXAMPLES_FOLDER) -> tuple[Example, ...]:
    """Return the example texts, in the order of their index.

    Raises
    ------
    DatasetError
    """
    index = folder / "index.json"
    try:
        return tuple(
            Example(
                name=item["name"],
                title=item["title"],
                genre=item["genre"],
                text=(folder / f"{item['name']}.txt").read_text(encoding="utf-8"),
            )
            for item in json.loads(index.read_text(encoding="utf-8"))
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{index}: not an index of example texts ({error}).") from error


def read_table(path: Path) -> pd.DataFrame:
    """Read a bundled table.

    Raises
    ------
    DatasetError
    """
    try:
        return pd.read_csv(path, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path}: cannot be read as a table ({error}).") from error


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table with four digits, whole or not at all.

    Raises
    ------
    DatasetError
    """
    try:
        with atomic_write(path) as file:
            table.to_csv(file, index=False, float_format="%.4f", lineterminator="\n")
    except OSError as error:
        raise DatasetError(f"{path}: cannot be written ({error.strerror}).") from error
