"""Bags of words -> genre: which words to look at, and five classifiers.

References
----------
Sparck Jones (1972): A statistical interpretation of term specificity and its application in
    retrieval. Journal of Documentation 28(1). (idf)
Manning, Raghavan, Schütze (2008): Introduction to information retrieval. Sections 6.4 and 13.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import Binarizer
from sklearn.svm import LinearSVC

from genre_core.errors import SettingsError

MIN_N, MAX_N = 10, 2_000
N_WORDS = (10, 30, 100, 300, 1_000, 2_000)  # of each genre, as experiment F takes them
MIN_SONGS = 20  # with "all words", those in fewer songs say more of an artist than of a genre
CLASSIFIERS: Mapping[str, Callable[[], BaseEstimator]] = {
    "logistic_regression": lambda: LogisticRegression(class_weight="balanced", max_iter=500),
    "naive_bayes": lambda: MultinomialNB(alpha=0.1, fit_prior=False),
    "linear_svm": lambda: LinearSVC(C=0.1, class_weight="balanced"),
    "knn": lambda: KNeighborsClassifier(n_neighbors=25, weights="distance"),
    "random_forest": lambda: RandomForestClassifier(
        n_estimators=50, min_samples_leaf=5, class_weight="balanced", random_state=0
    ),
}


class FrequentWords(TransformerMixin, BaseEstimator):
    """The union of the `n` most frequent words of each genre, chosen where it is fitted.

    Parameters
    ----------
    n : int
        Of each genre, so that the union has up to n times as many words as there are genres.
    """

    def __init__(self, n: int) -> None:
        self.n = n

    def fit(self, counts: sparse.csr_array, labels: npt.ArrayLike) -> "FrequentWords":
        """Choose the words; `columns_` holds their indices in order."""
        genres = np.asarray(labels)
        chosen: set[int] = set()
        for genre in np.unique(genres):
            total = np.asarray(counts[np.flatnonzero(genres == genre)].sum(axis=0)).ravel()
            first = np.argsort(-total, kind="stable")[: self.n]
            chosen.update(first[total[first] > 0].tolist())
        self.columns_ = np.array(sorted(chosen), dtype=np.int64)
        return self

    def transform(self, counts: sparse.csr_array) -> sparse.csr_array:
        """Return the chosen columns."""
        return counts[:, self.columns_]


class CommonWords(TransformerMixin, BaseEstimator):
    """All words that occur in at least `min_songs` songs of those it is fitted on."""

    def __init__(self, min_songs: int = MIN_SONGS) -> None:
        self.min_songs = min_songs

    def fit(self, counts: sparse.csr_array, labels: npt.ArrayLike | None = None) -> "CommonWords":
        """Choose the words; `columns_` holds their indices in order."""
        n_songs = np.asarray((counts > 0).sum(axis=0)).ravel()
        self.columns_ = np.flatnonzero(n_songs >= self.min_songs)
        return self

    def transform(self, counts: sparse.csr_array) -> sparse.csr_array:
        """Return the chosen columns."""
        return counts[:, self.columns_]


def make_pipeline(classifier: str, n: int | None = None) -> Pipeline:
    """Return an unfitted pipeline from counts (n_songs, n_words) to a genre.

    A word counts once a song, weighted by idf; a song's weights have length 1.

    Parameters
    ----------
    classifier : str
        A name in `CLASSIFIERS`.
    n : int, optional
        Most frequent words of each genre, 10 to 2,000; None: all words, see `CommonWords`.

    Raises
    ------
    SettingsError
    """
    if classifier not in CLASSIFIERS:
        raise SettingsError(
            f"No classifier {classifier!r}: choose one of {', '.join(CLASSIFIERS)}."
        )
    if n is not None and not MIN_N <= n <= MAX_N:
        raise SettingsError(f"n is from {MIN_N} to {MAX_N:,} words of each genre, not {n}.")
    return Pipeline(
        [
            ("words", CommonWords() if n is None else FrequentWords(n)),
            ("presence", Binarizer()),
            ("tfidf", TfidfTransformer()),
            ("classifier", CLASSIFIERS[classifier]()),
        ]
    )


def log_scores(pipeline: Pipeline, counts: sparse.csr_array) -> npt.NDArray[np.float64]:
    """Return a fitted pipeline's log scores, (n_songs, n_genres), up to a constant a song.

    The margin of the SVM, the log probability of all others.
    """
    if hasattr(pipeline, "predict_proba"):
        return np.log(np.maximum(pipeline.predict_proba(counts), 1e-6))
    return np.asarray(pipeline.decision_function(counts), dtype=np.float64)
