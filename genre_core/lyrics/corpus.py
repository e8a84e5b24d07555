"""Songs as bags of words, with genre, artist and year: a `.parquet` file with a row a song."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from genre_core.errors import DatasetError

COLUMNS = ("song_id", "artist", "title", "genre", "words")
OPTIONAL_COLUMNS = ("text_kind", "year")
STATS_FILE = "song_stats.parquet"  # beside the bags: says which songs are covers of one another
MAX_SONGS = 1_000_000
MAX_COUNT = 100_000  # of one word in one song
EXPECTED = (
    f"expected a .parquet file with the columns {', '.join(COLUMNS)}, where words holds "
    '"word:count" parted by spaces'
)
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Corpus:
    """Songs as bags of words.

    Attributes
    ----------
    name : str
    songs : pandas.DataFrame
        song_id, artist, title, genre, text_kind (may be empty), year (NaN where unknown).
    vocabulary : tuple of str
        Alphabetical.
    counts : scipy.sparse.csr_array, float32 (n_songs, n_words)
    groups : int64 (n_songs,)
        Songs of one group share an artist or are covers of one another; a split keeps it whole.
    has_covers : bool
        Whether `groups` knows of covers.
    """

    name: str
    songs: pd.DataFrame
    vocabulary: tuple[str, ...]
    counts: sparse.csr_array
    groups: IntArray
    has_covers: bool

    def __len__(self) -> int:
        """Return the number of songs."""
        return len(self.songs)

    @property
    def labels(self) -> npt.NDArray[np.str_]:
        """Genre of each song."""
        return np.asarray(self.songs["genre"], dtype=str)

    @property
    def genres(self) -> tuple[str, ...]:
        """All genres, in alphabetical order."""
        return tuple(sorted(set(self.labels.tolist())))

    def take(self, index: npt.ArrayLike) -> "Corpus":
        """Return some of the songs: indices, or a mask."""
        rows = np.asarray(index)
        if rows.dtype == bool:
            rows = np.flatnonzero(rows)
        return replace(
            self,
            songs=self.songs.iloc[rows].reset_index(drop=True),
            counts=self.counts[rows],
            groups=self.groups[rows],
        )

    def of_kind(self, text_kind: str) -> "Corpus":
        """Return the songs whose text is "raw" or "processed": no classifier mixes the two."""
        return self.take(np.asarray(self.songs["text_kind"] == text_kind))

    def of_genres(self, genres: Sequence[str]) -> "Corpus":
        """Return the songs of some genres."""
        return self.take(np.isin(self.labels, genres))

    def balanced(self, most: int, seed: int = 0) -> "Corpus":
        """Return at most `most` songs a genre, drawn at random."""
        rng = np.random.default_rng(seed)
        chosen = [
            rng.permutation(np.flatnonzero(self.labels == genre))[:most] for genre in self.genres
        ]
        return self.take(np.sort(np.concatenate(chosen)))


def read_corpus(path: str | Path) -> Corpus:
    """Read bags of words.

    Covers are known where a file `song_stats.parquet` with the columns song_id and cover_group
    lies beside it.

    Raises
    ------
    DatasetError
        If it cannot be read, a column is missing or a bag is not of the form "word:count".
    """
    path = Path(path)
    songs = _read_table(path)
    missing = [column for column in COLUMNS if column not in songs]
    if missing:
        raise DatasetError(f"{path}: no column {', '.join(missing)}; {EXPECTED}.")
    if not 1 <= len(songs) <= MAX_SONGS:
        raise DatasetError(f"{path}: {len(songs):,} songs; from 1 to {MAX_SONGS:,} can be read.")
    songs = _clean(songs)
    if songs["song_id"].duplicated().any():
        twice = songs["song_id"][songs["song_id"].duplicated()].iloc[0]
        raise DatasetError(f"{path}: song_id {twice!r} stands there twice.")
    vocabulary, counts = _parse_bags(songs["words"].tolist(), path)
    covers = _cover_groups(path.with_name(STATS_FILE), songs["song_id"])
    return Corpus(
        name=path.stem,
        songs=songs.drop(columns="words"),
        vocabulary=vocabulary,
        counts=counts,
        groups=join_groups(songs["artist"].str.casefold(), covers),
        has_covers=bool(covers.notna().any()),
    )


def join_groups(artists: pd.Series, covers: pd.Series) -> IntArray:
    """Return one number for all songs that artists and covers connect, int64 (n_songs,).

    Parameters
    ----------
    artists : pandas.Series of str
        Empty: unknown, and shared with no other song.
    covers : pandas.Series
        Equal for covers of one another; NaN: a cover of no other.
    """
    n = len(artists)
    artist = pd.factorize(artists.where(artists != ""))[0]
    cover = pd.factorize(covers)[0]
    n_artists = int(artist.max(initial=-1)) + 1
    # A graph of songs, artists and covers; what hangs together is one group.
    songs = np.concatenate([np.flatnonzero(artist >= 0), np.flatnonzero(cover >= 0)])
    nodes = np.concatenate([artist[artist >= 0], n_artists + cover[cover >= 0]]) + n
    size = n + n_artists + int(cover.max(initial=-1)) + 1
    graph = sparse.coo_array((np.ones(len(songs)), (songs, nodes)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1][:n], dtype=np.int64)


def _read_table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or "not a parquet file"
        raise DatasetError(f"{path}: cannot be read ({reason}); {EXPECTED}.") from error


def _clean(songs: pd.DataFrame) -> pd.DataFrame:
    """Return the known columns alone, texts as texts, unknown years as NaN."""
    clean = pd.DataFrame({c: songs[c].fillna("").astype(str) for c in COLUMNS})
    clean["text_kind"] = songs["text_kind"].astype(str) if "text_kind" in songs else ""
    clean["year"] = (
        pd.to_numeric(songs["year"], errors="coerce").astype(float) if ("year" in songs) else np.nan
    )
    return clean.reset_index(drop=True)


def _parse_bags(bags: Sequence[str], path: Path) -> tuple[tuple[str, ...], sparse.csr_array]:
    """Return the vocabulary and the counts of all bags."""
    columns: dict[str, int] = {}
    indices: list[int] = []
    data: list[int] = []
    starts = [0]
    for row, bag in enumerate(bags):
        for item in bag.split():
            word, _, count = item.rpartition(":")
            if not word or not count.isdecimal() or not 1 <= int(count) <= MAX_COUNT:
                raise DatasetError(f"{path}: row {row + 1} holds {item[:40]!r}; {EXPECTED}.")
            indices.append(columns.setdefault(word, len(columns)))
            data.append(int(count))
        starts.append(len(indices))
    order = np.argsort(np.array(list(columns), dtype=object)) if columns else np.zeros(0, int)
    rank = np.empty(len(columns), dtype=np.int32)  # as the SVM needs its indices
    rank[order] = np.arange(len(columns))
    counts = sparse.csr_array(
        (np.array(data, np.float32), rank[indices], np.array(starts, np.int32)),
        shape=(len(bags), len(columns)),
    )
    counts.sum_duplicates()
    return tuple(sorted(columns)), counts


def _cover_groups(path: Path, song_ids: pd.Series) -> pd.Series:
    """Return each song's group of covers, NaN where it has none or nothing is known."""
    if not path.is_file():
        return pd.Series(np.nan, index=song_ids.index)
    stats = _read_table(path)
    if not {"song_id", "cover_group"} <= set(stats):
        raise DatasetError(f"{path}: no columns song_id and cover_group. Mend it or move it away.")
    groups = stats.drop_duplicates("song_id").set_index("song_id")["cover_group"]
    return song_ids.map(groups)
