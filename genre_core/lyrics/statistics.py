"""Length, richness and sentiment over many songs: by genre and decade, by genre and year.

References
----------
Student (1908): The probable error of a mean. Biometrika 6(1).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import t as student_t

from genre_core.errors import DatasetError
from genre_core.lyrics.corpus import STATS_FILE

QUANTITIES = ("n_words", "richness", "net_sentiment")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
QUANTILE_COLUMNS = ("q05", "q25", "median", "q75", "q95")
MIN_SONGS = 5  # fewer songs are no distribution: the cell is left out
FEW_SONGS = 15  # fewer are shown grey
ALL_YEARS = 0  # in the tables: songs of every year
_COLUMNS = (
    *("song_id", "genre", "year", "year_ok", "n_words", "ttr50"),
    *("bing_pos", "bing_neg", "n_like"),
)


def read_song_stats(folder: str | Path, song_ids: Sequence[str]) -> pd.DataFrame:
    """Read the per-song statistics that lie beside the bags, of some songs.

    Parameters
    ----------
    folder : str or Path
    song_ids : sequence of str
        Of songs whose text is raw: of others, length and sentiment are wrong.

    Returns
    -------
    pandas.DataFrame
        genre, year (whole number), n_words, richness (NaN for fewer than 50 words), net_sentiment
        ("like" left out; NaN without any word of the lexicon); songs of unknown year are left out.

    Raises
    ------
    DatasetError
    """
    path = Path(folder) / STATS_FILE
    try:
        stats = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path}: cannot be read as song statistics ({error}).") from error
    missing = [column for column in _COLUMNS if column not in stats]
    if missing:
        raise DatasetError(f"{path}: no column {', '.join(missing)}.")
    dated = stats[stats["song_id"].isin(song_ids) & stats["year_ok"] & stats["year"].notna()]
    positive = (dated["bing_pos"] - dated["n_like"]).astype(float)
    negative = dated["bing_neg"].astype(float)
    n_sentiment = positive + negative
    return pd.DataFrame(
        {
            "genre": dated["genre"].astype(str),
            "year": dated["year"].astype(int),
            "n_words": dated["n_words"].astype(float),
            "richness": dated["ttr50"].astype(float),
            "net_sentiment": (positive - negative) / n_sentiment.where(n_sentiment > 0),
        }
    ).reset_index(drop=True)


def distributions(songs: pd.DataFrame, span_years: int) -> pd.DataFrame:
    """Return how each quantity is distributed by genre and period.

    Parameters
    ----------
    songs : pandas.DataFrame
        As `read_song_stats` returns it.
    span_years : int
        10 for decades, 1 for years.

    Returns
    -------
    pandas.DataFrame
        quantity, genre, start (first year of the period, or `ALL_YEARS`), n, the columns
        `QUANTILE_COLUMNS`, mean, and its 95 % interval low, high (Student's t). Sorted; no row for
        fewer than `MIN_SONGS` songs.
    """
    start = songs["year"] // span_years * span_years
    periods = pd.concat([songs.assign(start=start), songs.assign(start=ALL_YEARS)])
    rows = []
    for (genre, first), cell in periods.groupby(["genre", "start"], sort=True):
        for quantity in QUANTITIES:
            values = cell[quantity].dropna().to_numpy()
            if len(values) >= MIN_SONGS:
                rows.append((quantity, genre, first, len(values), *_summary(values)))
    columns = ["quantity", "genre", "start", "n", *QUANTILE_COLUMNS, "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        ["quantity", "genre", "start"], ignore_index=True
    )


def mean_interval(values: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean and its 95 % interval by Student's t."""
    mean = float(values.mean())
    half = float(student_t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5)
    return mean, mean - half, mean + half


def percentile(value: float, quantiles: Sequence[float]) -> float:
    """Return roughly how many of 100 songs lie below `value`, from the five `QUANTILES`.

    Linear between the quantiles; at most 97 and at least 3 outside them, where the table says no
    more.
    """
    levels = np.array(QUANTILES) * 100
    if value < quantiles[0]:
        return 3.0
    if value > quantiles[-1]:
        return 97.0
    return float(np.interp(value, quantiles, levels))


def _summary(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return (*np.quantile(values, QUANTILES).tolist(), *mean_interval(values))
