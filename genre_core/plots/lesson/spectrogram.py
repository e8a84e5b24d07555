"""Spectrograms of a short piece: bins in Hz, mel bands, power or decibels."""

import numpy as np
import plotly.graph_objects as go

from genre_core.config import FeatureSettings
from genre_core.plots.axes import set_mel_axis
from genre_core.plots.lesson.seconds import set_seconds_axis
from genre_core.plots.mel import colour_scale, pool_columns
from genre_core.plots.style import base_figure
from genre_core.types import FloatArray

MOST_ROWS = 512  # more than a page shows
MOST_COLUMNS = 600
_TICKS_HZ = (0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000)


def stft_figure(
    level_db: FloatArray, sample_rate: int, start_seconds: float, seconds: float, height: int = 310
) -> go.Figure:
    """Return the levels of the STFT bins over time.

    Parameters
    ----------
    level_db : float32 (n_bins, n_columns), dB, the lowest frequency first
    sample_rate : int
        Hz; the highest bin lies at half of it.
    start_seconds, seconds : float
        Of the piece in its song.
    height : int
        Pixels.
    """
    rows = _pool_rows(level_db, MOST_ROWS)
    top_hz = sample_rate / 2
    figure = _heatmap(rows, np.linspace(0.0, top_hz, len(rows)), start_seconds, seconds, height)
    figure.data[0].hovertemplate = "%{x:.2f} s, %{y:,.0f} Hz: %{z} dB<extra></extra>"
    figure.update_yaxes(
        title_text="Frequency (Hz)",
        range=[0, top_hz],
        tickvals=[hz for hz in _TICKS_HZ if hz <= top_hz],
        tickformat=",",
        showgrid=False,
    )
    return figure


def mel_piece_figure(
    values: FloatArray,
    features: FeatureSettings,
    start_seconds: float,
    seconds: float,
    unit: str = "dB",
    height: int = 310,
) -> go.Figure:
    """Return mel bands over time, each band as high as any other.

    Parameters
    ----------
    values : float32 (n_mels, n_columns), the lowest band first
    features : FeatureSettings
        Of the values.
    start_seconds, seconds : float
        Of the piece in its song.
    unit : str
        Of the values: "dB", or "" for power.
    height : int
        Pixels.
    """
    n_mels = len(values)
    figure = _heatmap(values, np.arange(1.0, n_mels + 1), start_seconds, seconds, height, unit)
    figure.data[0].hovertemplate = f"%{{x:.2f}} s, band %{{y}}: %{{z:.3g}} {unit}<extra></extra>"
    set_mel_axis(figure, features, lowest=1.0)
    figure.update_yaxes(range=[0.5, n_mels + 0.5])
    return figure


def _heatmap(
    values: FloatArray,
    y: np.ndarray,
    start_seconds: float,
    seconds: float,
    height: int,
    unit: str = "dB",
) -> go.Figure:
    pooled = pool_columns(values, MOST_COLUMNS)
    figure = base_figure(height, hovermode="closest")
    figure.add_heatmap(
        # Whole decibels fit a byte: a quarter of the data sent to the browser.
        z=np.clip(np.round(pooled), -128, 127).astype(np.int8) if unit == "dB" else pooled,
        x=start_seconds + seconds * (np.arange(pooled.shape[1]) + 0.5) / pooled.shape[1],
        y=y,
        colorscale=colour_scale(),
        showscale=False,  # the page shows it above, so that charts side by side line up
    )
    set_seconds_axis(figure, start_seconds, start_seconds + seconds)
    figure.update_layout(margin={"l": 62, "t": 10, "r": 14})
    return figure


def _pool_rows(level: FloatArray, most: int) -> FloatArray:
    """Return at most so many rows, each the loudest of its neighbours."""
    n = len(level)
    if n <= most:
        return level
    pooled: FloatArray = np.maximum.reduceat(level, np.arange(most) * n // most, axis=0)
    return pooled
