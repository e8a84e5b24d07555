"""The results of a test set as plain data: CSV for a spreadsheet, JSON for a program.

Numbers are those of the page; fields are added, never renamed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from genre_core.errors import SettingsError
from genre_core.evaluation import knn
from genre_core.evaluation.knn import KnnSettings
from genre_core.evaluation.metrics import frame_accuracy, row_percent, song_accuracy
from genre_core.evaluation.score_set import FrameScores, ScoreSet
from genre_core.evaluation.summary import Summary
from genre_core.evaluation.verdicts import AGGREGATIONS, KNN, outcomes, song_verdicts

FloatRows = npt.NDArray[np.float64]


def songs_table(score_set: ScoreSet, frames: FrameScores, by_song: FloatRows) -> pd.DataFrame:
    """Return one row for each song.

    The columns are `clip_id, artist, title, heard_as, true_genre, named_genre, confidence, right,
    n_frames, n_frames_right, effect` ("repaired": right though some frames are wrong, "broken":
    wrong though some frames are right, else empty), then the score of each genre.

    Parameters
    ----------
    frames : of one frame length of the score set
    by_song : float (n_songs, n_genres), from any aggregation
    """
    labels, genres = score_set.labels(), score_set.genres
    effect = outcomes(labels, frames, by_song)
    facts = pd.DataFrame(
        {
            "clip_id": [clip.clip_id for clip in score_set.clips],
            "artist": [clip.artist for clip in score_set.clips],
            "title": [clip.title for clip in score_set.clips],
            "heard_as": [clip.kind for clip in score_set.clips],
            "true_genre": [clip.label for clip in score_set.clips],
            "named_genre": [genres[i] for i in by_song.argmax(axis=1)],
            "confidence": by_song.max(axis=1).round(6),
            "right": effect.right,
            "n_frames": frames.counts,
            "n_frames_right": np.round(effect.frames_right * frames.counts).astype(np.int64),
            "effect": np.select([effect.repaired, effect.broken], ["repaired", "broken"], ""),
        }
    )
    return pd.concat([facts, pd.DataFrame(by_song.round(6), columns=list(genres))], axis=1)


def songs_csv(table: pd.DataFrame) -> str:
    """Return `songs_table` as CSV; texts that a spreadsheet would run as formulas get a `'`."""
    safe = table.copy()
    for name in ("clip_id", "artist", "title"):
        safe[name] = [f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
                      for text in safe[name]]  # fmt: skip
    return str(safe.to_csv(index=False, lineterminator="\n"))


def matrices_csv(summary: Summary, genres: Sequence[str]) -> str:
    """Return both matrices as CSV: counts and percentages of the row, one true genre a row.

    Columns: `by` ("frame" or "song"), `unit` ("count" or "percent"), `true_genre`, `n`, and one
    for each named genre.
    """
    rows = []
    for by, counts in (("frame", summary.frame_confusion), ("song", summary.song_confusion)):
        for unit, values in (("count", counts), ("percent", row_percent(counts).round(4))):
            for genre, row, n in zip(genres, values, counts.sum(axis=1), strict=True):
                rows.append([by, unit, genre, n, *row.tolist()])
    table = pd.DataFrame(rows, columns=["by", "unit", "true_genre", "n", *genres], dtype=object)
    return str(table.to_csv(index=False, lineterminator="\n"))


def results_record(
    score_set: ScoreSet,
    summary: Summary,
    table: pd.DataFrame,
    *,
    frame_seconds: float,
    aggregation: str,
    **settings: Any,
) -> dict[str, Any]:
    """Return everything that was measured, with its provenance, as plain JSON values.

    Parameters
    ----------
    table : as `songs_table` returns it
    **settings : further settings, e.g. those of the kNN
    """
    return {
        "format": "genre_core.results",
        "version": 1,
        "test_set": score_set.name,
        "provenance": asdict(score_set.provenance) | {"split": score_set.provenance.split},
        "settings": {"frame_seconds": frame_seconds, "aggregation": aggregation, **settings},
        "n_songs": summary.n_songs,
        "n_frames": summary.n_frames,
        "song_accuracy": asdict(summary.song_accuracy),
        "frame_accuracy": asdict(summary.frame_accuracy),
        "averaging_gain": asdict(summary.averaging_gain),
        "song_mean_of_diagonal": summary.song_diagonal,
        "frame_mean_of_diagonal": summary.frame_diagonal,
        "calibration_error": summary.calibration_error,
        "genres": list(score_set.genres),
        "song_confusion": summary.song_confusion.tolist(),
        "frame_confusion": summary.frame_confusion.tolist(),
        "per_genre": [asdict(item) for item in summary.per_genre],
        "songs": table.to_dict(orient="records"),
    }


def accuracy_table(
    score_set: ScoreSet,
    references: Mapping[float, ScoreSet] | None = None,
    settings: KnnSettings = knn.DEFAULT,
) -> pd.DataFrame:
    """Return accuracy by frame and by song for every frame length and aggregation.

    One row a frame length, with the columns `frame_seconds, n_frames, by_frame` and each of
    `verdicts.AGGREGATIONS`; texts such as "77.9 % (72.6 to 82.3)". Where there is no reference set
    for that length, or it has only the one song, kNN is "-".

    Parameters
    ----------
    references : reference set of the kNN by frame length; None: the songs themselves, as in
        `verdicts.song_verdicts`
    """
    labels = score_set.labels()
    rows: list[dict[str, Any]] = []
    for seconds, frames in sorted(score_set.frames.items()):
        song = frames.clip_index()
        correct = frames.scores.argmax(axis=1) == labels[song]
        row: dict[str, Any] = {
            "frame_seconds": seconds,
            "n_frames": len(song),
            "by_frame": frame_accuracy(correct, song).in_percent(),
        }
        reference = score_set if references is None else references.get(seconds)
        for name in AGGREGATIONS:
            if name == KNN and reference is None:
                row[name] = "-"
                continue
            try:
                by_song = song_verdicts(score_set, seconds, name, reference, settings).by_song
            except SettingsError:
                row[name] = "-"
            else:
                row[name] = song_accuracy(labels, by_song.argmax(axis=1)).in_percent()
        rows.append(row)
    return pd.DataFrame(rows)
