"""The scores of a test set: those of every frame of every song."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt

from genre_core.records import Between
from genre_core.types import FloatArray

CROSS_VALIDATION = "cross-validation"  # a list: each song by the network trained without its fold
# "converted" is a coarse picture; files of former versions have excerpts of 2 to 3 s too.
ScoredKind = Literal["audio", "short_audio", "converted", "lyrics"]


@dataclass(frozen=True)
class ScoredClip:
    """One song of the test set: `label` is its true genre, `kind` what of it was scored."""

    clip_id: str
    label: str
    artist: str
    title: str
    kind: ScoredKind


@dataclass(frozen=True)
class Provenance:
    """Where the scores come from.

    Attributes
    ----------
    command : command line that made the scores
    date : ISO 8601
    model, model_sha256 : name and content hash of the network
    list_name : "train", "valid" or "test"; "all" for every song; or `CROSS_VALIDATION`
    scheme : how the lists were made: "given", "60/20/20, seed 0" ...; empty for "all"
    trim_seconds : left out at both ends of each song; None: the frames lie in the middle of each
        clip, and the rest is split between both ends
    perturbation : one of `perturbations.NAMES`, or empty
    problems : a sentence for each song that was left out
    warnings : a sentence for each doubt about a sound file, e.g. "cut short"
    """

    command: str
    date: str
    model: str
    model_sha256: str
    dataset: str
    list_name: str
    scheme: str
    trim_seconds: Annotated[float, Between(0, 1e6)] | None
    perturbation: str = ""
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def split(self) -> str:
        """List and scheme for a reader, e.g. "test (given)"; "all" for every song."""
        return split_text(self.list_name, self.scheme)


def split_text(list_name: str, scheme: str) -> str:
    """Return a list and its scheme for a reader, e.g. "test (given)"."""
    return f"{list_name} ({scheme})" if scheme else list_name


@dataclass(frozen=True, eq=False)
class FrameScores:
    """Scores of all frames of one length, song after song.

    Attributes
    ----------
    counts : int64 (n_songs,), frames of each song, at least 1, without silent ones
    start_seconds : float32 (n_frames,), of each frame in its song
    scores : float32 (n_frames, n_genres), rows sum to 1 within 0.0005; rounded to the precision of
        the file, see `stored_precision`
    """

    counts: npt.NDArray[np.int64]
    start_seconds: FloatArray
    scores: FloatArray

    def by_clip(self) -> list[FloatArray]:
        """Return the scores of each song, float32 (its n_frames, n_genres)."""
        return np.split(self.scores, np.cumsum(self.counts)[:-1])

    def clip_index(self) -> npt.NDArray[np.int64]:
        """Return the index of each frame's song, int64 (n_frames,)."""
        return np.repeat(np.arange(len(self.counts)), self.counts)


@dataclass(frozen=True, eq=False)
class ScoreSet:
    """Everything that was measured on a test set in one run.

    Attributes
    ----------
    genres : columns of the scores
    frames : scores by frame length in seconds; a shorter song is one short frame
    """

    name: str
    genres: tuple[str, ...]
    clips: tuple[ScoredClip, ...]
    frames: Mapping[float, FrameScores]
    provenance: Provenance

    def labels(self) -> npt.NDArray[np.int64]:
        """Return int64 (n_songs,): each song's true genre as an index into `genres`."""
        return np.array([self.genres.index(clip.label) for clip in self.clips], dtype=np.int64)

    def has_several_frames(self, below: float = np.inf) -> bool:
        """Return whether a song has several frames of a length shorter than `below` seconds."""
        return any(
            bool((frames.counts > 1).any())
            for seconds, frames in self.frames.items()
            if seconds < below
        )


def stored_precision(scores: npt.ArrayLike) -> FloatArray:
    """Round scores (n, n_genres) to the precision of a file, so that file and memory are equal.

    float16 has 11 significant bits, for very small numbers too; a row still sums to 1 within
    0.0005.
    """
    return np.asarray(scores, dtype=np.float16).astype(np.float32)
