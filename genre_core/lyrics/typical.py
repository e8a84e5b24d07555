"""The words most typical of each genre: log-odds with an informative prior.

References
----------
Monroe, Colaresi, Quinn (2008): Fightin' words: lexical feature selection and evaluation for
    identifying the content of political conflict. Political Analysis 16(4), section 3.5.
"""

import numpy as np
import pandas as pd

from genre_core.lyrics.corpus import Corpus

PRIOR_SONGS = 500.0  # weight of the prior, in uses of words; it pulls rare words towards 0
MIN_ARTISTS = 10  # a word of fewer artists is theirs, not the genre's
N_TYPICAL = 60


def typical_words(corpus: Corpus, most: int = N_TYPICAL) -> pd.DataFrame:
    """Return the words that set each genre apart from all others.

    A word counts once a song, so that a chorus does not speak thirty times. The prior is the
    word's share among the words of all genres.

    Returns
    -------
    pandas.DataFrame
        genre, rank (from 1), word, z (log-odds over its standard deviation), share (of the genre's
        songs that hold the word), share_elsewhere; `most` rows a genre.
    """
    present = (corpus.counts > 0).astype(np.float64)
    used = _n_artists(corpus) >= MIN_ARTISTS
    words = np.array(corpus.vocabulary, dtype=object)[used]
    present = present[:, np.flatnonzero(used)]
    total = np.asarray(present.sum(axis=0)).ravel()
    prior = PRIOR_SONGS * total / total.sum()
    tables = []
    for genre in corpus.genres:
        inside = corpus.labels == genre
        here = np.asarray(present[np.flatnonzero(inside)].sum(axis=0)).ravel()
        there = total - here
        z = _log_odds(here, prior) - _log_odds(there, prior)
        z /= np.sqrt(1 / (here + prior) + 1 / (there + prior))
        best = np.argsort(-z, kind="stable")[:most]
        tables.append(
            pd.DataFrame(
                {
                    "genre": genre,
                    "rank": np.arange(1, len(best) + 1),
                    "word": words[best],
                    "z": z[best],
                    "share": here[best] / inside.sum(),
                    "share_elsewhere": there[best] / max(1, (~inside).sum()),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _log_odds(uses: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return the log-odds of each word in a genre (equation 15 without the contrast)."""
    smoothed = uses + prior
    return np.log(smoothed / (smoothed.sum() - smoothed))


def _n_artists(corpus: Corpus) -> np.ndarray:
    """Return how many artists use each word, int64 (n_words,)."""
    coo = corpus.counts.tocoo()
    artists = pd.factorize(corpus.songs["artist"].str.casefold())[0][coo.row]
    pairs = np.unique(np.stack([coo.col, artists]), axis=1)
    return np.bincount(pairs[0], minlength=len(corpus.vocabulary))
