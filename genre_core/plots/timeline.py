"""The scores of the frames over time: one stacked bar a frame."""

import numpy as np
import plotly.graph_objects as go

from genre_core.plots.axes import add_hover_points, set_percent_axis, set_time_axis
from genre_core.plots.frame_labels import SILENT, best_genres, hover_text
from genre_core.plots.palette import NEUTRAL, code_of, colour_of, ink_on
from genre_core.plots.style import OUTLINE, base_figure, shade
from genre_core.types import FloatArray, FrameSpan

MOST_CODES = 12  # genre codes that fit side by side at 390 px


def frames_figure(
    spans: tuple[FrameSpan, ...],
    scores: FloatArray,
    genres: tuple[str, ...],
    duration_seconds: float,
    height: int = 280,
) -> go.Figure:
    """Return the stacked scores of the frames over the song's time, in percent.

    Parameters
    ----------
    spans : one for each row of scores, at least one, in their order
    scores : float32 (n_frames, n_genres), rows sum to 1
    genres : names of the columns
    duration_seconds : of the song; what lies after the last frame is greyed
    height : pixels
    """
    silent = np.array([span.silent for span in spans])
    centres = np.array([(s.start_seconds + s.end_seconds) / 2 for s in spans])
    widths = np.array([span.end_seconds - span.start_seconds for span in spans])
    best = best_genres(scores, genres, spans)
    weight = scores[~silent].sum(axis=0) if (~silent).any() else scores.sum(axis=0)

    figure = base_figure(height, barmode="stack", bargap=0)
    for column in np.argsort(-weight, kind="stable"):
        genre = genres[column]
        colour = colour_of(genre)
        figure.add_bar(
            x=centres,
            y=np.where(silent, 0.0, 100 * scores[:, column]).astype(np.float32),
            width=widths,
            name=genre,
            marker={"color": colour, "line": {"width": 0.5, "color": OUTLINE}},
            text=[code_of(genre) if label == genre else "" for label in best]
            if len(spans) <= MOST_CODES
            else None,
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": ink_on(colour), "size": 11},
            hoverinfo="skip",
        )
    if silent.any():
        figure.add_bar(
            x=centres[silent],
            y=np.full(int(silent.sum()), 100.0),
            width=widths[silent],
            name=SILENT,
            marker={
                "color": "rgba(0, 0, 0, 0)",
                "line": {"width": 0.5, "color": OUTLINE},
                "pattern": {"shape": "/", "fgcolor": NEUTRAL, "size": 8},
            },
            hoverinfo="skip",
        )
    texts = [hover_text(span, row, genres) for span, row in zip(spans, scores, strict=True)]
    add_hover_points(figure, centres, np.full(len(spans), 50.0), texts, "frames")
    shade(figure, spans[-1].end_seconds, duration_seconds)
    set_percent_axis(figure, "y", "Score (%)")
    set_time_axis(figure, 0.0, duration_seconds)
    return figure
