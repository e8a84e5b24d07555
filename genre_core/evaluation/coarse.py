"""The clips of a data set that exist as coarse pictures, most of them without sound: scored apart.

`logmel_u8.npz` beside a data set's `index.csv` holds the pictures, see `features.coarse`.
"""

import csv
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from genre_core.config import MAX_FRAME_SECONDS
from genre_core.datasets.readers import load_dataset
from genre_core.errors import DatasetError
from genre_core.evaluation.score_set import ScoredClip, ScoreSet
from genre_core.evaluation.scoring import ScoringRun, SongList
from genre_core.evaluation.song_frames import CutSettings, LabelledSong, SongFrames
from genre_core.features.coarse import coarse_log_mel
from genre_core.inference.recognizer import GenreRecognizer

PICTURES = "logmel_u8.npz"
WHOLE_FRAMES = CutSettings((MAX_FRAME_SECONDS,))

Pictures = dict[str, npt.NDArray[np.uint8]]


def score_coarse(
    recognizer: GenreRecognizer,
    folder: Path,
    list_name: str,
    name: str,
    command: str,
    on_progress: Callable[[int, int], None] | None = None,
) -> ScoreSet:
    """Score the pictures of the clips of a list, in frames of 29.12 s.

    Raises DatasetError if the pictures cannot be read, or there is none of the list.

    Parameters
    ----------
    folder : of the data set
    list_name : "train", "valid" or "test"
    name : of the scores
    command : for the record
    on_progress : called with (clips done, clips)
    """
    songs = coarse_songs(recognizer, folder, list_name)
    song_list = SongList(name, folder.resolve().name, list_name, "given", command)
    run = ScoringRun(recognizer, songs, WHOLE_FRAMES, song_list)
    run.finish(on_progress)
    return run.result()


def coarse_songs(
    recognizer: GenreRecognizer, folder: Path, list_name: str
) -> tuple[LabelledSong, ...]:
    """Return the clips of a list that have a picture, as songs; parameters as above."""
    pictures = read_pictures(folder / PICTURES)
    wanted = set(load_dataset(folder).splits.get(list_name, ())) & set(pictures)
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["clip_id"] in wanted]

    def frames(clip_id: str) -> Iterator[SongFrames]:
        log_mel = coarse_log_mel(pictures[clip_id], recognizer.features, MAX_FRAME_SECONDS)
        yield SongFrames(np.zeros(1, dtype=np.float32), log_mel[np.newaxis])

    return tuple(
        LabelledSong(
            ScoredClip(row["clip_id"], row["genre"], row["artist"], row["title"], "converted"),
            1,
            partial(frames, row["clip_id"]),
        )
        for row in rows
    )


def read_pictures(path: Path) -> Pictures:
    """Read pictures, uint8 (n_bands, n_points), by clip id; DatasetError if that is not possible.

    The file has `X`, uint8 (n_clips, n_bands, n_points), and `ids`, (n_clips,).
    """
    try:
        with np.load(path) as file:
            ids, pictures = file["ids"], file["X"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{path}: not a file of pictures of sound ({error}).") from error
    if pictures.ndim != 3 or pictures.dtype != np.uint8 or ids.shape != pictures.shape[:1]:
        raise DatasetError(
            f"{path}: X must be uint8 (n_clips, n_bands, n_points), with as many ids; it is "
            f"{pictures.dtype} {pictures.shape}, ids {ids.shape}."
        )
    return {str(clip_id): picture for clip_id, picture in zip(ids, pictures, strict=True)}
