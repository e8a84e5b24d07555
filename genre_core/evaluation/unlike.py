"""How well sound that is none of the genres is told from songs of the genres.

The measure is the distance to a network's training songs (`genre_core.models.familiarity`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
from scipy.stats import rankdata

from genre_core.config import MAX_FRAME_SECONDS
from genre_core.datasets.clips import Clip
from genre_core.errors import DatasetError
from genre_core.evaluation.song_frames import CutSettings, songs_of_clips
from genre_core.evaluation.song_run import SongRun
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.models.familiarity import Familiarity
from genre_core.records import Between, Size, atomic_write, build, read_json

MAX_FILE_BYTES = 4 * 2**20
_DECIMALS = 4


@dataclass(frozen=True)
class Group:
    """Sounds of one kind.

    Attributes
    ----------
    n_refused : sounds without a distance, because every frame is silent
    distances : of the others, to the network's training songs
    """

    name: str
    n_refused: Annotated[int, Between(0, 100_000)]
    distances: Annotated[tuple[Annotated[float, Between(0.0, 1e9)], ...], Size(0, 100_000)]

    @property
    def n_sounds(self) -> int:
        """Number of sounds, the refused ones too."""
        return self.n_refused + len(self.distances)


@dataclass(frozen=True)
class UnlikeRecord:
    """The distances of a network's test list and of groups of other sounds.

    Attributes
    ----------
    limit : distance above which page and command line call a song unlike the training set
    known : the songs of the test list
    """

    command: str
    date: str
    model: str
    model_sha256: str
    limit: Annotated[float, Between(0.0, 1e9)]
    known: Group
    groups: tuple[Group, ...]

    def share_unlike(self, group: Group) -> float:
        """Return the share of a group that is refused or further away than the limit."""
        above = sum(distance > self.limit for distance in group.distances)
        return (above + group.n_refused) / max(group.n_sounds, 1)

    def area_under_curve(self, group: Group) -> float:
        """Return how often a sound of the group is further away than a song of the test list.

        0.5 is chance, 1 is perfect. Refused sounds are further away than all others.
        """
        ours = [*group.distances, *[np.inf] * group.n_refused]
        ranks = rankdata([*self.known.distances, *ours])[len(self.known.distances) :]
        n_pairs = len(ours) * len(self.known.distances)
        return float((ranks.sum() - len(ours) * (len(ours) + 1) / 2) / n_pairs)


def measure_unlike(
    recognizer: GenreRecognizer,
    known: Sequence[Clip],
    groups: Mapping[str, Sequence[Clip]],
    command: str,
    on_progress: Callable[[int, int], None] | None = None,
) -> UnlikeRecord:
    """Measure the distance of every sound; each is cut into frames of 29.12 s.

    Raises DatasetError if the checkpoint does not hold how its training songs lie.

    Parameters
    ----------
    known : the songs of the test list
    groups : other sounds by the name of their kind
    on_progress : called with (sounds done, sounds)
    """
    familiarity = recognizer.checkpoint.familiarity
    if familiarity is None:
        raise DatasetError(
            f"{recognizer.info.name}: this checkpoint does not hold how its training songs lie; "
            "train it with a validation list."
        )
    n_sounds = len(known) + sum(len(clips) for clips in groups.values())
    measured = []
    done = 0
    for name, clips in {"test list": known, **groups}.items():
        measured.append(_measure_group(recognizer, familiarity, name, clips))
        done += len(clips)
        if on_progress is not None:
            on_progress(done, n_sounds)
    return UnlikeRecord(
        command=command,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        model=recognizer.info.name,
        model_sha256=recognizer.info.sha256,
        limit=familiarity.limit,
        known=measured[0],
        groups=tuple(measured[1:]),
    )


def save_unlike(path: Path, record: UnlikeRecord) -> None:
    """Write a record; DatasetError if it cannot be written."""
    try:
        with atomic_write(path) as file:
            file.write((json.dumps(asdict(record), indent=1) + "\n").encode())
    except OSError as error:
        raise DatasetError(f"{path}: cannot be written ({error.strerror}).") from error


def load_unlike(path: Path) -> UnlikeRecord:
    """Read a record; DatasetError if it is anything else."""
    try:
        return build(UnlikeRecord, read_json(path, MAX_FILE_BYTES))
    except ValueError as error:
        raise DatasetError(f"{path}: not a record of unlike sounds ({error}).") from error


def _measure_group(
    recognizer: GenreRecognizer, familiarity: Familiarity, name: str, clips: Sequence[Clip]
) -> Group:
    songs = songs_of_clips(clips, recognizer, CutSettings((MAX_FRAME_SECONDS,)))
    run = SongRun(songs, (MAX_FRAME_SECONDS,), lambda log_mel: recognizer.read(log_mel).timbres)
    run.finish()
    distances = [familiarity.distance(song.parts[0][1]) for song in run.rows]
    rounded = tuple(round(distance, _DECIMALS) for distance in distances)
    return Group(name, len(run.failures), rounded)
