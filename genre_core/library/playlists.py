"""Playlists from the songs' embeddings: of a genre, like one song, from one song to another."""

import os
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse.csgraph import dijkstra
from sklearn.neighbors import kneighbors_graph

from genre_core.errors import LibraryError
from genre_core.inference.similarity import Neighbour
from genre_core.library.songs import LibrarySong
from genre_core.library.store import LibraryEmbeddings, LibraryStore
from genre_core.records import atomic_write
from genre_core.types import FloatArray

DEFAULT_LENGTH = 30  # songs
MIN_PATH = 2  # songs, both ends
_GRAPH_SONGS = 2_000  # that a path may pass: neighbours of these are quick to find
_GRAPH_NEIGHBOURS = 10
_NO_STEP = 1e-3  # between copies of one song; 0 would be no edge of the graph
_FAR = 4.0  # a step by the power of this: several small steps are shorter than a large one


def like(embeddings: LibraryEmbeddings, song_id: int, n_songs: int) -> list[Neighbour]:
    """Return the songs nearest to one, itself first; `index` is the id, `similarity` the cosine.

    Raises LibraryError if the song has no embedding.
    """
    similarity = embeddings.points @ embeddings.points[_row(embeddings, song_id)]
    similarity[_row(embeddings, song_id)] = np.inf  # copies of its file may be as near
    order = np.argsort(-similarity, kind="stable")[:n_songs]
    return [Neighbour(int(embeddings.ids[row]), float(min(similarity[row], 1.0))) for row in order]


def path_between(
    embeddings: LibraryEmbeddings, first_id: int, last_id: int, n_songs: int
) -> list[int]:
    """Return the ids of songs from one to another, each near the last, without repetition.

    The path is the shortest one over the nearest neighbours of each song, where long steps cost
    more than their length (Dijkstra 1959: A note on two problems in connexion with graphs). A
    longer path is thinned to `n_songs`, a shorter one filled with neighbours of its steps.

    Raises LibraryError if a song has no embedding, or `n_songs` is less than 2.
    """
    if n_songs < MIN_PATH:
        raise LibraryError(f"A path has at least {MIN_PATH} songs, not {n_songs}.")
    ends = [_row(embeddings, first_id), _row(embeddings, last_id)]
    if ends[0] == ends[1]:
        return [first_id]
    rows = _around(embeddings.points, ends)
    points = embeddings.points[rows].astype(np.float64)
    where = {int(row): index for index, row in enumerate(rows)}
    steps = _shortest(points, where[ends[0]], where[ends[1]])
    steps = _filled(points, steps, n_songs) if len(steps) < n_songs else _thinned(steps, n_songs)
    return [int(embeddings.ids[rows[step]]) for step in steps]


def songs_of(store: LibraryStore, ids: Iterable[int]) -> list[LibrarySong]:
    """Return the songs with these ids, in their order."""
    found = (store.song(song_id) for song_id in ids)
    return [song for song in found if song is not None]


def write_m3u8(path: str | Path, songs: Sequence[LibrarySong]) -> None:
    """Write a playlist, paths relative to it where they are beside or below; see `m3u8`.

    Raises LibraryError if it cannot be written.
    """
    playlist = m3u8(songs, Path(path).resolve().parent)
    try:
        with atomic_write(path) as file:
            file.write(playlist)
    except OSError as error:
        raise LibraryError(f"{path} cannot be written ({error.strerror}).") from error


def m3u8(songs: Sequence[LibrarySong], beside: Path | None = None) -> bytes:
    """Return a playlist in UTF-8; paths in the folder `beside` and below are relative to it.

    A name that is not UTF-8 keeps its bytes; one with a line end, which the format cannot hold, is
    left out.
    """
    folder = os.fsencode(beside) if beside is not None else None
    lines = [b"#EXTM3U"]
    for song in songs:
        name = os.fsencode(song.path)
        if b"\n" in name or b"\r" in name:
            continue
        label = " ".join(song.label.split()).encode("utf-8", "replace")
        lines.append(b"#EXTINF:%d,%s" % (round(song.duration_seconds), label))
        if folder is not None and name.startswith(folder.rstrip(b"/") + b"/"):
            name = os.path.relpath(name, folder)
        lines.append(b"./" + name if name.startswith(b"#") else name)
    return b"\n".join(lines) + b"\n"


def _row(embeddings: LibraryEmbeddings, song_id: int) -> int:
    row = int(np.searchsorted(embeddings.ids, song_id))
    if row == len(embeddings.ids) or embeddings.ids[row] != song_id:
        raise LibraryError("The song was scored by another network: scan the library again.")
    return row


def _around(points: FloatArray, ends: Sequence[int]) -> np.ndarray:
    """Return the rows of the songs nearest to the line between two, those two included."""
    if len(points) <= _GRAPH_SONGS:
        return np.arange(len(points))
    shares = np.linspace(0.0, 1.0, 9, dtype=np.float32)[:, np.newaxis]
    line = (1 - shares) * points[ends[0]] + shares * points[ends[1]]
    line /= np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-12)
    nearness = (points @ line.T).max(axis=1)
    nearness[list(ends)] = np.inf
    return np.sort(np.argpartition(-nearness, _GRAPH_SONGS)[:_GRAPH_SONGS])


def _shortest(points: np.ndarray, first: int, last: int) -> list[int]:
    n_neighbours = min(_GRAPH_NEIGHBOURS, len(points) - 1)
    graph = kneighbors_graph(points, n_neighbours, mode="distance")
    graph = graph.maximum(graph.T).tolil()
    # The direct step always exists, so that there is a path between two islands of songs.
    graph[first, last] = max(float(np.linalg.norm(points[first] - points[last])), _NO_STEP)
    graph = graph.tocsr()
    graph.data = np.maximum(graph.data, _NO_STEP) ** _FAR
    _, before = dijkstra(graph, directed=False, indices=first, return_predecessors=True)
    steps = [last]
    while steps[-1] != first:
        steps.append(int(before[steps[-1]]))
    return steps[::-1]


def _thinned(steps: list[int], n_songs: int) -> list[int]:
    return [steps[index] for index in np.linspace(0, len(steps) - 1, n_songs).round().astype(int)]


def _filled(points: np.ndarray, steps: list[int], n_songs: int) -> list[int]:
    """Put, again and again, the best song that is left into the widest step."""
    while len(steps) < min(n_songs, len(points)):
        pairs = pairwise(steps)
        widths = [float(np.linalg.norm(points[a] - points[b])) for a, b in pairs]
        widest = int(np.argmax(widths))
        middle = (points[steps[widest]] + points[steps[widest + 1]]) / 2
        distances = np.linalg.norm(points - middle, axis=1)
        distances[steps] = np.inf
        steps = [*steps[: widest + 1], int(np.argmin(distances)), *steps[widest + 1 :]]
    return steps
