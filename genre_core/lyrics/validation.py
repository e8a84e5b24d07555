"""Cross-validation in which no artist and no cover stands on both sides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import Pipeline

from genre_core.errors import DatasetError
from genre_core.lyrics.classifiers import log_scores
from genre_core.lyrics.corpus import Corpus, IntArray

N_FOLDS = 5
Fold = tuple[IntArray, IntArray]  # indices of the songs to train on, and of those to test
ScoreArray = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What was said of each song by a classifier that had not seen its artist.

    Attributes
    ----------
    genres : tuple of str
    logits : float64 (n_songs, n_genres)
    labels : int64 (n_songs,)
        True genre, an index into `genres`.
    fold : int64 (n_songs,)
        In which the song was tested.
    """

    genres: tuple[str, ...]
    logits: ScoreArray
    labels: IntArray
    fold: IntArray

    @property
    def predicted(self) -> IntArray:
        """The best genre of each song, an index into `genres`."""
        return np.asarray(self.logits.argmax(axis=1), dtype=np.int64)


@dataclass(frozen=True)
class Quality:
    """Accuracy and macro F1 over all songs, and by fold."""

    accuracy: float
    macro_f1: float
    fold_accuracy: tuple[float, ...]
    fold_macro_f1: tuple[float, ...]


def grouped_folds(corpus: Corpus, n_folds: int = N_FOLDS, seed: int = 0) -> list[Fold]:
    """Return folds in which songs of one group stay together; genres are shared out evenly.

    Raises
    ------
    DatasetError
        If a genre has fewer groups than there are folds.
    """
    for genre in corpus.genres:
        n_groups = len(np.unique(corpus.groups[corpus.labels == genre]))
        if n_groups < n_folds:
            raise DatasetError(
                f"{corpus.name}: {genre!r} has songs of {n_groups} artists, and {n_folds} folds "
                f"need at least {n_folds}. Add songs of other artists, or leave the genre out."
            )
    splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    return list(splitter.split(corpus.counts, corpus.labels, corpus.groups))


def random_folds(corpus: Corpus, n_folds: int = N_FOLDS, seed: int = 0) -> list[Fold]:
    """Return folds drawn song by song: they flatter, for an artist stands on both sides."""
    splitter = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    return list(splitter.split(corpus.counts, corpus.labels))


def cross_validate(
    corpus: Corpus, make: Callable[[], Pipeline], folds: Sequence[Fold]
) -> OutOfFold:
    """Fit `make()` on each fold's training part and score its test part."""
    genres, labels = corpus.genres, corpus.labels
    logits = np.zeros((len(corpus), len(genres)))
    tested_in = np.full(len(corpus), -1, dtype=np.int64)
    for number, (train, test) in enumerate(folds):
        pipeline = make().fit(corpus.counts[train], labels[train])
        logits[np.ix_(test, np.searchsorted(genres, pipeline.classes_))] = log_scores(
            pipeline, corpus.counts[test]
        )
        tested_in[test] = number
    return OutOfFold(genres, logits, np.searchsorted(genres, labels).astype(np.int64), tested_in)


def quality(result: OutOfFold) -> Quality:
    """Return how good out-of-fold predictions are."""
    inside = [result.fold == fold for fold in np.unique(result.fold)]
    everything = np.ones(len(result.labels), dtype=bool)
    return Quality(
        accuracy=_accuracy(result, everything),
        macro_f1=_macro_f1(result, everything),
        fold_accuracy=tuple(_accuracy(result, mask) for mask in inside),
        fold_macro_f1=tuple(_macro_f1(result, mask) for mask in inside),
    )


def _accuracy(result: OutOfFold, mask: npt.NDArray[np.bool_]) -> float:
    return float(accuracy_score(result.labels[mask], result.predicted[mask]))


def _macro_f1(result: OutOfFold, mask: npt.NDArray[np.bool_]) -> float:
    return float(f1_score(result.labels[mask], result.predicted[mask], average="macro"))
