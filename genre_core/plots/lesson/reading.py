"""The scores of a frame after each step of the recurrent part."""

import numpy as np
import plotly.graph_objects as go

from genre_core.plots.axes import add_hover_points, set_percent_axis
from genre_core.plots.lesson.seconds import set_seconds_axis
from genre_core.plots.palette import NEUTRAL, colour_of
from genre_core.plots.style import OUTLINE, base_figure
from genre_core.types import FloatArray


def reading_figure(
    reading: FloatArray,
    genres: tuple[str, ...],
    start_seconds: float,
    end_seconds: float,
    n_read: int,
    height: int = 340,
) -> go.Figure:
    """Return the stacked scores after each step, in percent, and a line where reading stops.

    Parameters
    ----------
    reading : float32 (n_steps, n_genres), scores after 1, 2, ... n_steps steps
    genres : names of the columns
    start_seconds, end_seconds : of the frame in its song
    n_read : steps read so far, 1 to n_steps: the line
    height : pixels
    """
    n_steps = len(reading)
    step = (end_seconds - start_seconds) / n_steps
    centres = start_seconds + step * (np.arange(n_steps) + 0.5)
    figure = base_figure(height, barmode="stack", bargap=0)
    opacity = np.where(np.arange(n_steps) < n_read, 1.0, 0.3)
    for column in np.argsort(-reading[-1], kind="stable"):
        genre = genres[column]
        figure.add_bar(
            x=centres,
            y=(100 * reading[:, column]).round(2),
            width=step,
            name=genre,
            marker={
                "color": colour_of(genre),
                "opacity": opacity,
                "line": {"width": 0.5, "color": OUTLINE},
            },
            hoverinfo="skip",
        )
    texts = [_hover(row, genres, i + 1, n_steps) for i, row in enumerate(reading)]
    add_hover_points(figure, centres, np.full(n_steps, 50.0), texts, "steps")
    figure.add_vline(x=start_seconds + step * n_read, line={"width": 3, "color": NEUTRAL})
    set_percent_axis(figure, "y", "Score so far (%)")
    set_seconds_axis(figure, start_seconds, end_seconds)
    return figure


def _hover(row: FloatArray, genres: tuple[str, ...], step: int, n_steps: int) -> str:
    best = np.argsort(-row, kind="stable")[:4]
    lines = [f"{genres[i]} {row[i]:.1%}" for i in best]
    return "<br>".join([f"<b>After step {step} of {n_steps}</b>", *lines])
