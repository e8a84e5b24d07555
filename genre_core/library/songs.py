"""The values of a library: a song as the store has it, and the network's output for it."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from genre_core.types import FloatArray


@dataclass(frozen=True)
class LibraryModel:
    """The network of a scan, and how it cut songs; a song's scores belong to one of these."""

    name: str
    sha256: str
    genres: tuple[str, ...]
    frame_seconds: float
    trim_seconds: float
    aggregation: str = "mean"


@dataclass(frozen=True)
class FileState:
    """What `stat` says about a file; as long as it stays the same, so does the song."""

    n_bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class SongTags:
    """What a file says about its song; empty text or None where it says nothing."""

    artist: str = ""
    title: str = ""
    album: str = ""
    year: int | None = None
    genre: str = ""


@dataclass(frozen=True)
class LibrarySong:
    """One song: its file, its tags, and the verdict.

    Attributes
    ----------
    id : in the store; 0 before it is stored
    path : absolute; bytes of a name that are not UTF-8 are surrogates, as Python has them
    sha256 : of the file's content, hex
    duration_seconds : of the file, before trimming
    confidence, margin, disagreement : as in `Verdict`
    n_frames : number of frames that count: those that are not silent
    first_half_genre, second_half_genre : verdict over each half of those frames
    tag_differs : whether the genre tag and the verdict differ; None without a tag
    scanned_at : ISO 8601, UTC
    """

    path: str
    file: FileState
    sha256: str
    tags: SongTags
    duration_seconds: float
    genre: str
    runner_up: str
    confidence: float
    margin: float
    disagreement: float
    n_frames: int
    first_half_genre: str
    second_half_genre: str
    unlike_training: bool
    tag_differs: bool | None
    scanned_at: str
    id: int = 0

    @property
    def changes_genre(self) -> bool:
        """Whether the verdicts over the song's two halves differ."""
        return self.first_half_genre != self.second_half_genre

    @property
    def label(self) -> str:
        """Artist and title, or the file's name."""
        return label(self.tags.artist, self.tags.title, self.path)


@dataclass(frozen=True, eq=False)
class SongReadings:
    """The output of the network for one song.

    Attributes
    ----------
    frame_scores : float32 (n_frames, n_genres), rows sum to 1; silent frames have scores too
    silent : bool (n_frames,), frames that do not count
    start_seconds : where the first frame starts; the others follow without a gap
    frame_seconds : length of a frame; less than the setting in a short song
    scores : float32 (n_genres,), the verdict's
    embedding : float32 (width,), of length 1
    receipt : a sentence for each step of decoding and cutting
    """

    frame_scores: FloatArray
    silent: npt.NDArray[np.bool_]
    start_seconds: float
    frame_seconds: float
    scores: FloatArray
    embedding: FloatArray
    receipt: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class ScannedSong:
    """A song and the network's output for it, as they are stored together."""

    song: LibrarySong
    readings: SongReadings
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A file that could not be read as a song, and the reason."""

    path: str
    file: FileState
    error: str
    failed_at: str


class SongName(NamedTuple):
    """What a list of very many songs needs."""

    id: int
    genre: str
    label: str


def label(artist: str, title: str, path: str) -> str:
    """Return "artist – title", or the file's name without its ending where there is no title."""
    if not title:
        return PurePath(path).stem
    return f"{artist} – {title}" if artist else title


def tag_differs(tag: str, genre: str) -> bool | None:
    """Return whether a genre tag does not contain a genre; None for a tag without letters.

    Only letters and digits count: the tag "Progressive Rock" contains "rock", "Hip-Hop" "hiphop".
    """
    letters, wanted = ("".join(filter(str.isalnum, text.casefold())) for text in (tag, genre))
    return wanted not in letters if letters else None
