"""Fit the model of words on a corpus, and choose how by cross-validation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.pipeline import Pipeline

from genre_core.errors import SettingsError
from genre_core.lyrics.classifiers import make_pipeline
from genre_core.lyrics.corpus import Corpus
from genre_core.lyrics.model import FloatArray, LyricsModel
from genre_core.lyrics.validation import (
    Fold,
    OutOfFold,
    Quality,
    cross_validate,
    quality,
)

# Only these become weights a word. kNN would have to carry its songs; a forest says no "for" and
# "against".
LINEAR = ("logistic_regression", "naive_bayes", "linear_svm")


@dataclass(frozen=True)
class Candidate:
    """A way to make the model: a name in `LINEAR`, and n words of each genre or None for all."""

    classifier: str
    n: int | None

    def make(self) -> Pipeline:
        """Return the unfitted pipeline."""
        return make_pipeline(self.classifier, self.n)

    def __str__(self) -> str:
        """Return e.g. "logistic_regression, all words"."""
        return f"{self.classifier}, {'all' if self.n is None else format(self.n, ',')} words"


@dataclass(frozen=True, eq=False)
class Trial:
    """What cross-validation says of a candidate."""

    candidate: Candidate
    result: OutOfFold
    quality: Quality


def compare(
    corpus: Corpus,
    candidates: Sequence[Candidate],
    folds: Sequence[Fold],
    on_done: Callable[[Trial], None] | None = None,
) -> list[Trial]:
    """Cross-validate every candidate on the same folds; the best by macro F1 comes first."""
    trials = []
    for candidate in candidates:
        if candidate.classifier not in LINEAR:
            raise SettingsError(f"{candidate}: a model of words is one of {', '.join(LINEAR)}.")
        result = cross_validate(corpus, candidate.make, folds)
        trials.append(Trial(candidate, result, quality(result)))
        if on_done is not None:
            on_done(trials[-1])
    return sorted(trials, key=lambda trial: -trial.quality.macro_f1)


def fit_model(
    corpus: Corpus,
    candidate: Candidate,
    temperature: float,
    name: str,
    facts: dict[str, Any],
    prior: float = 0.0,
) -> LyricsModel:
    """Fit a candidate on all songs.

    Parameters
    ----------
    corpus, candidate, name, facts
    temperature : float
        From the candidate's out-of-fold logits.
    prior : float
        0: genres weigh the same; 1: as they are frequent; between: by that power of their share.
    """
    pipeline = candidate.make().fit(corpus.counts, corpus.labels)
    classifier = pipeline.named_steps["classifier"]
    columns = pipeline.named_steps["words"].columns_
    if candidate.classifier == "naive_bayes":
        weights, bias = classifier.feature_log_prob_, classifier.class_log_prior_
    else:
        weights, bias = classifier.coef_, classifier.intercept_
    if len(weights) == 1:  # two genres: one row, for the second
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    shares = np.array([(corpus.labels == genre).mean() for genre in corpus.genres])
    bias = bias + prior * temperature * np.log(shares)
    return LyricsModel(
        name=name,
        genres=corpus.genres,
        vocabulary=tuple(corpus.vocabulary[column] for column in columns.tolist()),
        idf=_rounded(pipeline.named_steps["tfidf"].idf_),
        weights=_rounded(weights.T),
        bias=_rounded(bias),
        temperature=round(temperature, 4),
        song_shares=_rounded(_song_shares(corpus)[columns]),
        facts=facts,
    )


def _song_shares(corpus: Corpus) -> np.ndarray:
    """Return the share of each genre's songs that hold each word, (n_words, n_genres)."""
    inside = sparse.csr_array(np.array([corpus.labels == genre for genre in corpus.genres], float))
    n_songs = np.asarray((inside @ (corpus.counts > 0)).todense()).T
    return np.asarray(n_songs / np.asarray(inside.sum(axis=1)).ravel())


def _rounded(values: np.ndarray) -> FloatArray:
    """Round to what the file keeps, so that file and memory agree."""
    return np.round(np.asarray(values, dtype=np.float64), 4).astype(np.float32)
