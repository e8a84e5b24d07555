"""A song cut into frames: the wave with the borders and numbers of the frames."""

import plotly.graph_objects as go

from genre_core.plots.lesson.wave import wave_figure
from genre_core.plots.palette import NEUTRAL, with_alpha
from genre_core.plots.style import shade
from genre_core.types import Frames, FrameSpan, Waveform

MOST_NUMBERS = 20  # frames whose numbers fit side by side


def cut_figure(waveform: Waveform, frames: Frames, chosen: int, height: int = 260) -> go.Figure:
    """Return the whole wave with its frames numbered, the chosen one marked, the ends greyed.

    Parameters
    ----------
    frames : of that waveform
    chosen : index of the frame to mark
    height : pixels
    """
    spans = frames.spans
    figure = wave_figure(waveform.samples, waveform.sample_rate, 0.0, height)
    shade(figure, 0.0, spans[0].start_seconds)
    shade(figure, spans[-1].end_seconds, waveform.duration_seconds)
    mark(figure, spans[chosen].start_seconds, spans[chosen].end_seconds)
    for edge in [*(span.start_seconds for span in spans), spans[-1].end_seconds]:
        figure.add_vline(x=edge, line={"width": 1, "color": NEUTRAL, "dash": "dot"})
    if len(spans) <= MOST_NUMBERS:
        for span in spans:
            figure.add_annotation(
                x=(span.start_seconds + span.end_seconds) / 2,
                y=1.0,
                yref="paper",
                yanchor="bottom",
                text=f"<b>{span.index + 1}</b>" if span.index == chosen else f"{span.index + 1}",
                showarrow=False,
                font={"size": 12},
            )
    return figure


def mark(figure: go.Figure, start_seconds: float, end_seconds: float) -> None:
    """Mark a stretch of time over the whole height of `figure`."""
    figure.add_vrect(
        x0=start_seconds,
        x1=end_seconds,
        fillcolor=with_alpha("#4e74cc", 0.18),
        line={"width": 1.5, "color": "rgb(78, 116, 204)"},
        layer="below",
    )


def strike(figure: go.Figure, span: FrameSpan) -> None:
    """Cross out a frame over the whole height of `figure`, whose y axis runs from 0 to 100."""
    shade(figure, span.start_seconds, span.end_seconds)
    for start, end in ((0, 100), (100, 0)):
        figure.add_shape(
            type="line",
            x0=span.start_seconds,
            x1=span.end_seconds,
            y0=start,
            y1=end,
            line={"width": 5, "color": "rgba(128, 132, 140, 0.95)"},
        )
