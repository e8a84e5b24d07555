"""The frames of a song, with a mark over those that two networks name differently."""

from collections.abc import Collection

import plotly.graph_objects as go

from genre_core.inference.disagreement import ScoredFrames
from genre_core.plots.palette import NEUTRAL
from genre_core.plots.timeline import frames_figure

MOST_SIGNS = 40  # signs that fit side by side
SIGN = "≠"
_ROOM = 1.12  # of the axis: the mark stands above the bars


def marked_frames_figure(
    scored: ScoredFrames, marked: Collection[int], height: int = 230
) -> go.Figure:
    """Return the scores of a song's frames with some of the frames framed.

    Parameters
    ----------
    marked : indices of frames
    height : pixels
    """
    figure = frames_figure(
        scored.spans, scored.scores, scored.genres, scored.duration_seconds, height
    )
    spans = [span for span in scored.spans if span.index in set(marked)]
    for span in spans:
        figure.add_shape(
            type="rect",
            x0=span.start_seconds,
            x1=span.end_seconds,
            y0=100,
            y1=100 * _ROOM,
            line={"width": 0},
            fillcolor=NEUTRAL,
            opacity=0.9,
        )
    if len(spans) <= MOST_SIGNS:
        for span in spans:
            figure.add_annotation(
                x=(span.start_seconds + span.end_seconds) / 2,
                y=100 * (1 + _ROOM) / 2,
                text=f"<b>{SIGN}</b>",
                showarrow=False,
                font={"color": "#ffffff", "size": 13},
            )
    figure.update_yaxes(range=[0, 100 * _ROOM])
    return figure
