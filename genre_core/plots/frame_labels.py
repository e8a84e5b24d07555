"""What a figure says about each frame: its best genre, and its numbers in words."""

import numpy as np

from genre_core.plots.time_axis import clock
from genre_core.types import FloatArray, FrameSpan

SILENT = "silent"


def best_genres(
    scores: FloatArray, genres: tuple[str, ...], spans: tuple[FrameSpan, ...]
) -> list[str]:
    """Return each frame's best genre, "silent" for a silent one.

    Parameters
    ----------
    scores : float (n_frames, n_genres)
    genres : names of the columns
    spans : one for each row
    """
    best = np.argmax(scores, axis=1)
    return [SILENT if span.silent else genres[i] for span, i in zip(spans, best, strict=True)]


def span_label(span: FrameSpan) -> str:
    """Return e.g. "Frame 3 · 1:18–1:47"; people count frames from 1."""
    return f"Frame {span.index + 1} · {clock(span.start_seconds)}–{clock(span.end_seconds)}"


def hover_text(span: FrameSpan, row: FloatArray, genres: tuple[str, ...], n_named: int = 5) -> str:
    """Return the text shown over a frame: its time and its `n_named` best genres in percent."""
    if span.silent:
        return f"<b>{span_label(span)}</b><br>silent: left out of the verdict"
    order = np.argsort(-row, kind="stable")[:n_named]
    lines = [f"{genres[i]} {row[i]:.1%}" for i in order]
    return "<br>".join([f"<b>{span_label(span)}</b>", *lines])
