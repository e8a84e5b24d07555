"""A frame before and after its sound was changed: its picture, and the difference in words."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from genre_core.audio.sound_changes import Box
from genre_core.config import FeatureSettings
from genre_core.features.mel_scale import band_position
from genre_core.plots.axes import set_mel_axis, set_time_axis
from genre_core.plots.mel import LARGE_COLUMNS, colour_scale, pool_columns
from genre_core.plots.style import base_figure
from genre_core.types import FloatArray

MOST_NAMED = 3  # genres whose scores changed most
LEAST_CHANGE = 0.005  # of a score; less is rounding
_HEIGHT = 300  # px
_EVERY = 6  # unseen points in each direction: without points, Plotly reports no selection


def frame_figure(
    log_mel: FloatArray,
    start_seconds: float,
    seconds: float,
    features: FeatureSettings,
    decibels: tuple[float, float],
    boxes: Sequence[Box] = (),
    is_drawable: bool = False,
) -> go.Figure:
    """Return one frame's mel-spectrogram, with boxes that are rubbed out.

    Parameters
    ----------
    log_mel : float32 (n_mels, n_columns), dB
    start_seconds, seconds : of the frame in its song, and its length
    decibels : low and high end of the colour scale
    is_drawable : whether dragging selects a box
    """
    pooled = pool_columns(log_mel, LARGE_COLUMNS)
    n_mels, n_columns = pooled.shape
    end = start_seconds + seconds
    figure = base_figure(_HEIGHT, hovermode="closest")
    figure.add_heatmap(
        # Whole decibels fit a byte: a quarter of the data sent to the browser.
        z=np.clip(np.round(pooled), -128, 127).astype(np.int8),
        x=(start_seconds + seconds * (np.arange(n_columns) + 0.5) / n_columns).round(2),
        y=np.arange(n_mels),
        zmin=decibels[0],
        zmax=decibels[1],
        colorscale=colour_scale(),
        showscale=False,  # the page shows it above, once for both pictures
        hoverinfo="skip",
    )
    for box in boxes:
        low, high = band_position([box.low_hz, box.high_hz], features)
        figure.add_shape(
            type="rect",
            x0=start_seconds + box.start_seconds,
            x1=min(start_seconds + box.end_seconds, end),
            y0=max(float(low), -0.5),
            y1=min(float(high), n_mels - 0.5),
            line={"color": "#ffffff", "width": 2},
            fillcolor="rgba(0, 0, 0, 0.55)",
        )
    set_mel_axis(figure, features, lowest=0.0)
    set_time_axis(figure, start_seconds, end)
    figure.update_yaxes(range=[-0.5, n_mels - 0.5])
    figure.update_layout(margin={"l": 62, "t": 8, "r": 12})
    if is_drawable:
        at, band = np.meshgrid(
            np.linspace(start_seconds, end, 8 * _EVERY), np.arange(0, n_mels, _EVERY)
        )
        figure.add_scatter(
            x=at.ravel().round(2),
            y=band.ravel(),
            mode="markers",
            marker={"opacity": 0.0},
            selected={"marker": {"opacity": 0.0}},
            unselected={"marker": {"opacity": 0.0}},
            hoverinfo="skip",
        )
        figure.update_layout(
            dragmode="select",
            newselection={"line": {"color": "#ffffff", "width": 2, "dash": "solid"}},
        )
    return figure


def difference_in_words(before: FloatArray, after: FloatArray, genres: Sequence[str]) -> str:
    """Return what changed between two rows of scores, each of which sums to 1."""
    best, now = genres[int(before.argmax())], genres[int(after.argmax())]
    change = after - before
    order = np.argsort(-np.abs(change), kind="stable")[:MOST_NAMED]
    moves = [
        f"{genres[i]} {'rises' if change[i] > 0 else 'falls'} from {_percent(before[i])} to "
        f"{_percent(after[i])}"
        for i in order
        if abs(change[i]) >= LEAST_CHANGE
    ]
    named = f"It is still called {now}" if now == best else f"It is called {now}, no longer {best}"
    if not moves:
        return f"{named}. No score changes by more than half a percent."
    return f"{named}: {'; '.join(moves)}."


def _percent(score: float) -> str:
    return f"{100 * score:.0f} %"
