"""Experiment F: genre from the most frequent words, accuracy against how many words.

Five classifiers on the n most frequent words of each genre and on all words, on folds that keep
artists and covers together; with all words also on folds drawn song by song.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from genre_core.errors import DatasetError
from genre_core.evaluation.calibration import expected_calibration_error
from genre_core.evaluation.lyrics_scores import calibrated
from genre_core.experiments.results import Row, Run
from genre_core.lyrics.classifiers import CLASSIFIERS, N_WORDS, make_pipeline
from genre_core.lyrics.corpus import Corpus
from genre_core.lyrics.validation import (
    N_FOLDS,
    Fold,
    OutOfFold,
    cross_validate,
    grouped_folds,
    quality,
    random_folds,
)

RAW_GENRES = ("country", "hip hop", "metal", "pop", "rnb_soul", "rock")  # with songs enough
MOST = {"raw": 900, "processed": 877}  # songs a genre: as many as the smallest genre has
SEED = 0
PRIOR = 0.5  # with all songs, genres weigh by the root of their share, see `calibrated`


def corpora(corpus: Corpus) -> dict[str, Corpus]:
    """Return the two kinds of text apart, with equally many songs a genre.

    Raises
    ------
    DatasetError
        If a kind has no songs.
    """
    parts = {}
    for kind, most in MOST.items():
        part = corpus.of_kind(kind)
        part = part.of_genres(RAW_GENRES) if kind == "raw" else part
        if not len(part):
            raise DatasetError(f"{corpus.name}: no songs whose text_kind is {kind!r}.")
        parts[kind] = part.balanced(most, SEED)
    return parts


def plan(corpus: Corpus, sizes: Sequence[int] = N_WORDS) -> list[Run]:
    """Return the runs: for each kind of text, each classifier, each n and each split."""
    parts = corpora(corpus)
    grouped = {kind: grouped_folds(part, seed=SEED) for kind, part in parts.items()}
    runs = [
        _run(kind, part, classifier, n, "grouped", grouped[kind])
        for classifier in CLASSIFIERS
        for kind, part in parts.items()
        for n in (None, *sizes)
    ]
    runs += [
        _run(kind, part, classifier, None, "random", random_folds(part, seed=SEED))
        for kind, part in parts.items()
        for classifier in CLASSIFIERS
    ]
    whole = corpus.of_kind("processed")
    folds = grouped_folds(whole, seed=SEED)
    runs.append(_run("processed", whole, "logistic_regression", None, "grouped", folds, "all"))
    # The forests take longest; a stopped experiment has all others.
    return sorted(runs, key=lambda run: run.facts["classifier"] == "random_forest")


def _run(
    kind: str,
    part: Corpus,
    classifier: str,
    n: int | None,
    split: str,
    folds: Sequence[Fold],
    songs: str = "balanced",
) -> Run:
    """Return one run; `songs` says whether genres have equally many songs."""
    facts = {
        "text_kind": kind,
        "classifier": classifier,
        "n": n,
        "split": split,
        "songs": songs,
        "n_songs": len(part),
        "n_genres": len(part.genres),
    }
    inputs = {
        "songs": part.songs["song_id"].tolist(),
        "folds": N_FOLDS,
        "seed": SEED,
        "pipeline": str(make_pipeline(classifier, n)),
    }
    prior = PRIOR if songs == "all" else 0.0
    if prior:
        inputs["prior"] = prior
    key = f"{kind}-{songs}-{classifier}-{'all' if n is None else n}-{split}"
    return Run(key, facts, inputs, _do(part, classifier, n, folds, prior))


def _do(
    part: Corpus, classifier: str, n: int | None, folds: Sequence[Fold], prior: float
) -> Callable[[], Row]:
    def do() -> Row:
        started = time.perf_counter()
        result = cross_validate(part, lambda: make_pipeline(classifier, n), folds)
        seconds = time.perf_counter() - started
        scores = calibrated(result, prior)
        measured = quality(replace(result, logits=np.log(np.maximum(scores, math.ulp(0.0)))))
        return {**asdict(measured), **_calibration(scores, result), "seconds": round(seconds, 1)}

    return do


def _calibration(scores: npt.NDArray[np.float64], result: OutOfFold) -> dict[str, Any]:
    """Return the calibration error and log loss of scores."""
    true = scores[np.arange(len(scores)), result.labels]
    return {
        "calibration_error": expected_calibration_error(result.labels, scores),
        "log_loss": -float(np.log(np.maximum(true, math.ulp(0.0))).mean()),
    }
