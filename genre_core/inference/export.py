"""One song's analysis as plain data: the command line's JSON schema and a table of the frames.

The command line and the page both write these, so a file saved in the browser reads like one
written in a shell. The schema is stable: fields are added, never renamed.
"""

import json
from typing import Any

import numpy as np
import pandas as pd

from genre_core.inference.analysis import SongAnalysis
from genre_core.types import FloatArray, Verdict


def analysis_record(
    analysis: SongAnalysis, verdict: Verdict, file: str | None = None
) -> dict[str, Any]:
    """Return the analysis of one song as plain JSON values.

    The fields are `file, duration_seconds, trim_seconds, frame_seconds, model {name, sha256},
    genres, frames [{index, start_seconds, end_seconds, silent, scores {genre: p}}], aggregation,
    scores {genre: p}, genre, confidence, unlike_training, warnings []`. `trim_seconds` and
    `frame_seconds` are as cut, less than the settings for a short song. Silent frames have scores
    too, but the verdict leaves them out. `file` is by default the name in the receipt.
    """
    receipt = analysis.waveform.receipt
    genres = analysis.model.genres
    return {
        "file": receipt.name if file is None else file,
        "duration_seconds": float(receipt.duration_seconds),
        "trim_seconds": float(analysis.frames.trim_seconds),
        "frame_seconds": float(analysis.frames.frame_seconds),
        "model": {"name": analysis.model.name, "sha256": analysis.model.sha256},
        "genres": list(genres),
        "frames": [
            {
                "index": span.index,
                "start_seconds": span.start_seconds,
                "end_seconds": span.end_seconds,
                "silent": bool(span.silent),
                "scores": _named(genres, scores),
            }
            for span, scores in zip(analysis.frames.spans, analysis.scores, strict=True)
        ],
        "aggregation": verdict.aggregation,
        "scores": _named(verdict.genres, verdict.scores),
        "genre": verdict.genre,
        "confidence": float(verdict.confidence),
        "unlike_training": analysis.unlike_training,
        "warnings": list(receipt.warnings),
    }


def to_json(record: dict[str, Any], indent: int | None = None) -> str:
    r"""Return a record as strict JSON in ASCII: one line unless `indent` is given.

    Names with line ends or undecodable bytes come out escaped (`\n`, `\udc..`), so that one line
    is always one song. Raises ValueError if a number is not finite, as JSON has no NaN.
    """
    return json.dumps(record, indent=indent, ensure_ascii=True, allow_nan=False)


def frames_table(analysis: SongAnalysis) -> pd.DataFrame:
    """Return one row for each frame.

    The columns are `index` (from 0), `start_seconds`, `end_seconds`, `silent`, `genre` (the frame's
    best), `score` (of that genre), then the score of each genre.
    """
    spans = analysis.frames.spans
    genres = analysis.model.genres
    best = np.argmax(analysis.scores, axis=1)
    facts = pd.DataFrame(
        {
            "index": [span.index for span in spans],
            "start_seconds": [span.start_seconds for span in spans],
            "end_seconds": [span.end_seconds for span in spans],
            "silent": [bool(span.silent) for span in spans],
            "genre": [genres[i] for i in best],
            "score": analysis.scores[np.arange(len(spans)), best].astype(np.float64),
        }
    )
    scores = pd.DataFrame(analysis.scores.astype(np.float64), columns=list(genres))
    return pd.concat([facts, scores], axis=1)


def frames_csv(analysis: SongAnalysis, verdict: Verdict) -> str:
    """Return the frames as CSV text, one row a frame, fit for a spreadsheet.

    The song's name, verdict, confidence and aggregation stand in every row (`file`,
    `song_genre`, `song_confidence`, `aggregation`), so that the files of several songs can be
    put under one another. Scores and seconds have six decimals.
    """
    table = frames_table(analysis).round(6)
    table.insert(0, "file", analysis.waveform.receipt.name)
    table["song_genre"] = verdict.genre
    table["song_confidence"] = round(float(verdict.confidence), 6)
    table["aggregation"] = verdict.aggregation
    return str(table.to_csv(index=False, lineterminator="\n"))


def _named(genres: tuple[str, ...], scores: FloatArray) -> dict[str, float]:
    """Return scores (n_genres,) keyed by genre, as Python floats."""
    return {genre: float(score) for genre, score in zip(genres, scores, strict=True)}
