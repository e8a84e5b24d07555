"""The sound wave near and far: single samples, or the whole song at a glance."""

import numpy as np
import plotly.graph_objects as go

from genre_core.audio.peaks import peaks
from genre_core.plots.lesson.seconds import set_seconds_axis
from genre_core.plots.palette import NEUTRAL
from genre_core.plots.style import GRID, base_figure
from genre_core.types import FloatArray

LINE = "rgb(78, 116, 204)"  # seen on light and on dark pages
MOST_DOTS = 400  # samples that can be seen one by one on a page
MOST_POINTS = 3_000  # of one line; more are drawn by their lowest and highest


def wave_figure(
    samples: FloatArray, sample_rate: int, start_seconds: float, height: int = 300
) -> go.Figure:
    """Return a piece of a song over time: dots where single samples can be seen.

    Parameters
    ----------
    samples : float32 (n_samples,) at `sample_rate` Hz, full scale 1
    start_seconds : where the piece starts in its song
    height : pixels
    """
    seconds = len(samples) / sample_rate
    figure = base_figure(height, hovermode="x")
    if len(samples) <= MOST_POINTS:
        x = start_seconds + np.arange(len(samples)) / sample_rate
        dots = len(samples) <= MOST_DOTS
        figure.add_scatter(
            x=x,
            y=samples,
            mode="lines+markers" if dots else "lines",
            line={"width": 1.5, "color": NEUTRAL if dots else LINE},
            marker={"size": 4, "color": LINE},
            hovertemplate="%{x:.5f} s: %{y:.3f}<extra></extra>",
            name="samples",
        )
    else:
        lows, highs = peaks(samples, MOST_POINTS // 2)
        edges = start_seconds + np.linspace(0.0, seconds, len(lows) + 1)
        centres = (edges[:-1] + edges[1:]) / 2
        figure.add_scatter(
            x=np.concatenate([centres, centres[::-1]]).astype(np.float32),
            y=np.concatenate([highs, lows[::-1]]),
            fill="toself",
            mode="lines",
            line={"width": 0.6, "color": LINE},
            fillcolor=LINE,
            hoverinfo="skip",
            name="wave",
        )
    set_amplitude_axis(figure, float(np.abs(samples).max()))
    set_seconds_axis(figure, start_seconds, start_seconds + seconds)
    return figure


def set_amplitude_axis(figure: go.Figure, loudest: float) -> None:
    """Give the y axis room for samples up to `loudest`, full scale being 1."""
    top = max(1.1 * loudest, 1e-3)
    figure.update_yaxes(
        title_text="Amplitude (full scale = 1)",
        range=[-top, top],
        nticks=5,
        zeroline=True,
        zerolinecolor=GRID,
    )
    figure.update_layout(margin={"l": 62})
