"""Two songs by one network: where their scores part, and which of their frames are alike.

Two frames are as alike as the cosine of their embeddings; see `similarity`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.similarity import song_embedding
from genre_core.types import FloatArray, FrameSpan, Verdict


@dataclass(frozen=True, eq=False)
class JudgedSong:
    """What a network says of a song, without the song.

    Attributes
    ----------
    spans : one for each row of scores and embeddings
    scores : float32 (n_frames, n_genres), rows sum to 1
    embeddings : float32 (n_frames, width)
    duration_seconds : of the song
    model_sha256 : of the network
    """

    spans: tuple[FrameSpan, ...]
    scores: FloatArray
    embeddings: FloatArray
    verdict: Verdict
    duration_seconds: float
    model_sha256: str

    @classmethod
    def of(cls, analysis: SongAnalysis, aggregation: str) -> "JudgedSong":
        """Return what is kept of an analysis."""
        return cls(
            analysis.frames.spans,
            analysis.scores,
            analysis.embeddings,
            analysis.verdict(aggregation),
            analysis.waveform.duration_seconds,
            analysis.model.sha256,
        )

    @property
    def sounding(self) -> npt.NDArray[np.int64]:
        """Indices of the frames that are not silent."""
        return np.array([span.index for span in self.spans if not span.silent], dtype=np.int64)

    def best_genre(self, frame: int) -> str:
        """Return the genre with the highest score in a frame."""
        return self.verdict.genres[int(self.scores[frame].argmax())]


@dataclass(frozen=True)
class FramePair:
    """A frame of the first song and one of the second, by their indices, and their similarity."""

    first: int
    second: int
    similarity: float


@dataclass(frozen=True, eq=False)
class SongPair:
    """Two songs side by side.

    Attributes
    ----------
    order : columns of the genres, from most in the first song to most in the second
    differences : float64 (n_genres,), scores of the first song minus those of the second
    most_alike, least_alike : of all pairs of frames that are not silent
    similarity : of the songs as wholes, -1 to 1
    """

    genres: tuple[str, ...]
    order: tuple[int, ...]
    differences: npt.NDArray[np.float64]
    most_alike: FramePair
    least_alike: FramePair
    similarity: float

    @property
    def widest(self) -> int:
        """Column of the genre whose two scores are furthest apart."""
        return int(np.abs(self.differences).argmax())


def song_pair(first: JudgedSong, second: JudgedSong) -> SongPair:
    """Compare two songs.

    Raises ValueError if they were not judged by one network: its embeddings are its own.
    """
    if first.model_sha256 != second.model_sha256:
        raise ValueError("expected two songs by the same network")
    scores = [song.verdict.scores.astype(np.float64) for song in (first, second)]
    differences = scores[0] - scores[1]
    rows = [song.embeddings[song.sounding] for song in (first, second)]
    alike = _unit_rows(rows[0]) @ _unit_rows(rows[1]).T
    return SongPair(
        first.verdict.genres,
        tuple(int(column) for column in np.argsort(-differences, kind="stable")),
        differences,
        _pair(first, second, alike, int(alike.argmax())),
        _pair(first, second, alike, int(alike.argmin())),
        float(song_embedding(rows[0]) @ song_embedding(rows[1])),
    )


def _unit_rows(rows: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units: FloatArray = rows / np.maximum(lengths, 1e-12)
    return units


def _pair(first: JudgedSong, second: JudgedSong, alike: FloatArray, place: int) -> FramePair:
    row, column = np.unravel_index(place, alike.shape)
    return FramePair(
        int(first.sounding[row]), int(second.sounding[column]), float(alike[row, column])
    )
