"""Axes that several figures share: time, percent, mel bands. All else comes from `base_figure`."""

from typing import Literal

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.config import FeatureSettings
from genre_core.features.mel_scale import centres_hz
from genre_core.plots.time_axis import time_ticks

TIME_IN_SONG = "Time in the song (min:s)"
_PERCENT_TICKS = (0, 25, 50, 75, 100)
_MEL_TICKS_HZ = (100, 250, 500, 1_000, 2_000, 3_000, 5_000, 8_000, 16_000)


def set_time_axis(
    figure: go.Figure, start_seconds: float, end_seconds: float, title: str = "Time (min:s)"
) -> None:
    """Give the x axis round "m:ss" ticks from start to end."""
    positions, labels = time_ticks(start_seconds, end_seconds)
    figure.update_xaxes(
        title_text=title, range=[start_seconds, end_seconds], tickvals=positions, ticktext=labels
    )


def set_percent_axis(
    figure: go.Figure, axis: Literal["x", "y"], title: str, end: float = 100.0
) -> None:
    """Let an axis run from 0 to 100 %, with room up to `end` for what stands over it."""
    update = figure.update_xaxes if axis == "x" else figure.update_yaxes
    update(title_text=title, range=[0, end], tickvals=_PERCENT_TICKS)


def set_mel_axis(figure: go.Figure, features: FeatureSettings, lowest: float) -> None:
    """Label the y axis of a mel-spectrogram in Hz.

    Parameters
    ----------
    figure : Figure
    features : FeatureSettings
        A band is one unit of the axis.
    lowest : float
        Where the middle of the lowest band lies on the axis.
    """
    band_hz = centres_hz(features)
    ticks = [hz for hz in _MEL_TICKS_HZ if band_hz[0] <= hz <= band_hz[-1]]
    figure.update_yaxes(
        title_text="Frequency (Hz, mel scale)",
        tickvals=np.interp(ticks, band_hz, np.arange(len(band_hz)) + lowest).round(2).tolist(),
        ticktext=[f"{hz:,}" for hz in ticks],
        showgrid=False,
    )


def add_hover_points(
    figure: go.Figure, x: npt.ArrayLike, y: npt.ArrayLike, texts: list[str], name: str
) -> None:
    """Add unseen points that show a text of several lines where the mouse is."""
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"opacity": 0.0},
        hovertext=texts,
        hoverinfo="text",
        name=name,
    )


def with_legend_above(figure: go.Figure) -> go.Figure:
    """Put the legend above the plot, where a narrow screen has room for it."""
    figure.update_layout(
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "xanchor": "left", "x": 0},
        margin={"l": 60, "t": 40, "b": 48},
    )
    return figure
