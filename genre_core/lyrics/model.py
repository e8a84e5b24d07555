"""A fitted model of words: weights over a vocabulary, in a file that runs no code when loaded."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from genre_core.errors import ModelError
from genre_core.records import atomic_write, read_json

FORMAT = "genre_core.lyrics_model"
VERSION = 1
MAX_FILE_BYTES = 64 * 2**20
EXPECTED = "expected a file written by `python -m genre_core lyrics train`"
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LyricsModel:
    """Logistic regression on tf-idf of words.

    Attributes
    ----------
    name : str
    genres : tuple of str
    vocabulary : tuple of str
        Alphabetical.
    idf : float32 (n_words,)
    weights : float32 (n_words, n_genres)
    bias : float32 (n_genres,)
    temperature : float
        Logits are divided by it.
    song_shares : float32 (n_words, n_genres)
        Share of the training songs of each genre that hold the word, 0 to 1.
    facts : dict
        How it was trained and measured, as JSON can hold it.
    """

    name: str
    genres: tuple[str, ...]
    vocabulary: tuple[str, ...]
    idf: FloatArray
    weights: FloatArray
    bias: FloatArray
    temperature: float
    song_shares: FloatArray
    facts: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def index(self) -> dict[str, int]:
        """Word -> its row."""
        return {word: row for row, word in enumerate(self.vocabulary)}

    @cached_property
    def sha256(self) -> str:
        """Hash (hex) of everything that decides a score."""
        digest = hashlib.sha256(json.dumps([self.genres, self.vocabulary]).encode())
        for values in (self.idf, self.weights, self.bias, np.float32(self.temperature)):
            digest.update(np.asarray(values, dtype="<f4").tobytes())
        return digest.hexdigest()

    def features(self, words: Sequence[str]) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Return the rows of the known words, each once, and their tf-idf, of length 1 together."""
        rows = np.array(sorted({self.index[w] for w in words if w in self.index}), dtype=np.int64)
        values = self.idf[rows]
        return rows, values / max(float(np.linalg.norm(values)), 1e-12)

    def scores(self, words: Sequence[str]) -> FloatArray:
        """Return the score of each genre, float32 (n_genres,), sums to 1."""
        rows, values = self.features(words)
        logits = (values @ self.weights[rows] + self.bias) / self.temperature
        return np.asarray(softmax(logits.astype(np.float64)), dtype=np.float32)

    def evidence(self, words: Sequence[str]) -> tuple[npt.NDArray[np.int64], FloatArray]:
        """Return what each known word says for each genre.

        Returns
        -------
        rows : int64 (n_known,)
            Of the vocabulary.
        evidence : float32 (n_known, n_genres)
            What the word adds to the genre's logit, less what it adds to the mean of all genres:
            the rows sum to 0, and their sum is what the whole text says.
        """
        rows, values = self.features(words)
        centred = self.weights[rows] - self.weights[rows].mean(axis=1, keepdims=True)
        return rows, values[:, None] * centred / self.temperature


def save_model(path: str | Path, model: LyricsModel) -> None:
    """Write a model; a file that is already there is replaced when all is written.

    Raises
    ------
    ModelError
        If it cannot be written.
    """
    head = {
        "format": FORMAT,
        "version": VERSION,
        "name": model.name,
        "genres": list(model.genres),
        "bias": model.bias.tolist(),
        "temperature": model.temperature,
        "columns": ["idf", "weight of each genre", "share of each genre's songs"],
        "facts": model.facts,
    }
    # A word a line: a file that people can read and version control can compare.
    rows = (
        f"  {json.dumps(word, ensure_ascii=False)}: "
        f"[{idf:.4f},{_numbers(weights, 4)},{_numbers(shares, 4)}]"
        for word, idf, weights, shares in zip(
            model.vocabulary, model.idf, model.weights, model.song_shares, strict=True
        )
    )
    text = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}")
    body = text + ',\n "words": {\n' + ",\n".join(rows) + "\n }\n}\n"
    try:
        with atomic_write(path) as file:
            file.write(body.encode())
    except OSError as error:
        raise ModelError(f"{path}: cannot be written ({error.strerror}).") from error


def load_model(path: str | Path) -> LyricsModel:
    """Read a model.

    Raises
    ------
    ModelError
        If it is missing, too large, or anything else than a consistent model of words.
    """
    try:
        return _parse(read_json(path, MAX_FILE_BYTES))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{path}: {error}; {EXPECTED}.") from error


def _parse(record: Any) -> LyricsModel:
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError("not a model of words")
    if record.get("version") != VERSION:
        raise ValueError(f"version {record.get('version')!r}, but this program reads {VERSION}")
    genres = tuple(str(genre) for genre in record["genres"])
    n = len(genres)
    if not 2 <= n <= 1000 or len(set(genres)) != n:
        raise ValueError("genres must be different names, at least two")
    words = dict(sorted(record["words"].items()))
    table = np.array(list(words.values()), dtype=np.float32)
    if table.ndim != 2 or table.shape[1] != 1 + 2 * n:
        raise ValueError(f"each word must have {1 + 2 * n} numbers")
    bias = np.array(record["bias"], dtype=np.float32)
    temperature = float(record["temperature"])
    if bias.shape != (n,) or not temperature > 0:
        raise ValueError(f"bias must have {n} numbers, and the temperature be above 0")
    if not (np.isfinite(table).all() and np.isfinite(bias).all() and np.isfinite(temperature)):
        raise ValueError("a number in it is not finite")
    return LyricsModel(
        name=str(record["name"]),
        genres=genres,
        vocabulary=tuple(words),
        idf=table[:, 0],
        weights=table[:, 1 : 1 + n],
        bias=bias,
        temperature=temperature,
        song_shares=table[:, 1 + n :],
        facts=dict(record.get("facts", {})),
    )


def _numbers(values: FloatArray, digits: int) -> str:
    return ",".join(f"{value:.{digits}f}" for value in values)
