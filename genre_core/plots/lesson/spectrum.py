"""One column of a spectrogram on its own, and the mel bands that will gather it."""

import numpy as np
import plotly.graph_objects as go

from genre_core.config import FeatureSettings
from genre_core.features.log_mel import mel_filter_bank
from genre_core.features.mel_scale import corners_hz
from genre_core.plots.lesson.wave import LINE
from genre_core.plots.palette import NEUTRAL, with_alpha
from genre_core.plots.style import base_figure
from genre_core.types import FloatArray

_MOST_POINTS = 1_025


def spectrum_figure(level_db: FloatArray, sample_rate: int, height: int = 310) -> go.Figure:
    """Return the levels (n_bins,) in dB of one column over frequency, a dot a bin if few."""
    hz = np.linspace(0.0, sample_rate / 2, len(level_db)).round(1)
    step = -(-len(level_db) // _MOST_POINTS)
    figure = base_figure(height, hovermode="x")
    figure.add_scatter(
        x=hz[::step],
        # The loudest of those that share a point.
        y=np.maximum.reduceat(level_db, np.arange(0, len(level_db), step)).round(1),
        mode="lines+markers" if len(level_db) <= 130 else "lines",
        line={"width": 1.5, "color": LINE},
        marker={"size": 4, "color": LINE},
        hovertemplate="%{x:,.0f} Hz: %{y:.0f} dB<extra></extra>",
        name="one column",
    )
    _frequency_axis(figure, sample_rate / 2)
    figure.update_yaxes(
        title_text="Level (dB)",
        nticks=6,
    )
    return figure


def filter_bank_figure(settings: FeatureSettings, height: int = 310) -> go.Figure:
    """Return every mel band as a triangle over frequency, one in the middle picked out."""
    top_hz = settings.sample_rate / 2
    corners = corners_hz(settings)
    left, peak, right = corners[:-2], corners[1:-1], corners[2:]
    equal_area = settings.mel_scale == "slaney"
    tops = 2.0 / (right - left) if equal_area else np.ones_like(peak)
    gap = np.full_like(peak, np.nan)
    zeros = np.zeros_like(peak)
    figure = base_figure(height, hovermode="closest")
    figure.add_scatter(
        x=np.stack([left, peak, right, gap], axis=1).ravel().round(1),
        y=np.stack([zeros, tops, zeros, gap], axis=1).ravel().round(5),
        mode="lines",
        line={"width": 0.8, "color": with_alpha(NEUTRAL, 0.7)},
        hoverinfo="skip",
        name="bands",
    )
    shown = settings.n_mels // 2
    figure.add_scatter(
        x=[left[shown], peak[shown], right[shown]],
        y=[0.0, tops[shown], 0.0],
        mode="lines",
        fill="tozeroy",
        line={"width": 2, "color": LINE},
        hoverinfo="skip",
        name=f"band {shown + 1}",
    )
    bank = mel_filter_bank(settings)[shown]
    bins = np.flatnonzero(bank)
    figure.add_scatter(
        x=(bins * settings.sample_rate / settings.n_fft).round(1),
        y=bank[bins],
        mode="markers",
        marker={"size": 6, "color": LINE},
        hovertemplate=f"band {shown + 1} takes %{{x:,.0f}} Hz "
        "with weight %{y:.4f}<extra></extra>",
        name="its bins",
    )
    _frequency_axis(figure, top_hz)
    figure.update_yaxes(
        title_text="Weight in the band (1/Hz)" if equal_area else "Weight in the band",
        rangemode="tozero",
        nticks=5,
    )
    return figure


def _frequency_axis(figure: go.Figure, top_hz: float) -> None:
    figure.update_xaxes(
        title_text="Frequency (Hz)",
        range=[0, top_hz],
        tickformat=",",
        nticks=7,
    )
    figure.update_layout(margin={"l": 66, "t": 10})
