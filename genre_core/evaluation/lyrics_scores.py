"""What classifiers of words say of many songs, as a score file.

In a score file a song's words are one frame of no length.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import softmax

from genre_core.evaluation.calibration import fit_temperature
from genre_core.evaluation.score_set import (
    FrameScores,
    Provenance,
    ScoredClip,
    ScoreSet,
    stored_precision,
)
from genre_core.lyrics.corpus import Corpus
from genre_core.lyrics.model import LyricsModel
from genre_core.lyrics.validation import OutOfFold

WHOLE_TEXT_SECONDS = 0.0  # the only "frame length" of such a file


def calibrated(result: OutOfFold, prior: float = 0.0) -> npt.NDArray[np.float64]:
    """Return scores (n_songs, n_genres); what they need of other songs comes from other folds.

    Parameters
    ----------
    result : OutOfFold
        Of a classifier for which all genres weigh the same.
    prior : float
        0: they still do. 1: they weigh as they are frequent; between: by that power of their share.
    """
    scores = np.empty_like(result.logits)
    for fold in np.unique(result.fold):
        inside = result.fold == fold
        temperature = fit_temperature(result.logits[~inside], result.labels[~inside])
        shares = np.bincount(result.labels[~inside], minlength=len(result.genres)) / (~inside).sum()
        scores[inside] = softmax(
            result.logits[inside] / temperature + prior * np.log(shares), axis=1
        )
    return scores


def score_corpus(model: LyricsModel, corpus: Corpus) -> npt.NDArray[np.float64]:
    """Return the model's scores of each song, (n_songs, n_genres)."""
    scores = np.empty((len(corpus), len(model.genres)))
    words = np.array(corpus.vocabulary, dtype=object)
    counts = corpus.counts
    for row in range(len(corpus)):
        held = counts.indices[counts.indptr[row] : counts.indptr[row + 1]]
        scores[row] = model.scores(words[held].tolist())
    return scores


def among(
    scores: npt.NDArray[np.float64], chosen: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Return scores as if only the chosen genres could be named; the others become 0."""
    left = np.where(chosen, scores, 0.0)
    return left / left.sum(axis=1, keepdims=True)


def lyrics_score_set(
    name: str,
    genres: tuple[str, ...],
    songs: pd.DataFrame,
    scores: npt.NDArray[np.float64],
    provenance: Provenance,
) -> ScoreSet:
    """Return the scores of songs, whose label is the column `genre`, as a score set."""
    clips = tuple(
        ScoredClip(str(row.song_id), str(row.genre), str(row.artist), str(row.title), "lyrics")
        for row in songs.itertuples()
    )
    frames = FrameScores(
        counts=np.ones(len(clips), dtype=np.int64),
        start_seconds=np.zeros(len(clips), dtype=np.float32),
        scores=stored_precision(scores),
    )
    return ScoreSet(name, genres, clips, {WHOLE_TEXT_SECONDS: frames}, provenance)
