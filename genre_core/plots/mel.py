"""Mel-spectrograms: many small ones on one decibel scale, and one large with its axes."""

from io import BytesIO

import matplotlib
import numpy as np
import plotly.graph_objects as go
from PIL import Image

from genre_core.config import FeatureSettings
from genre_core.features.mel_scale import centres_hz
from genre_core.plots.axes import TIME_IN_SONG, set_mel_axis, set_time_axis
from genre_core.plots.palette import DECIBEL_COLORMAP
from genre_core.plots.style import base_figure
from genre_core.types import FloatArray, FrameSpan

THUMBNAIL_COLUMNS = 256
SONG_COLUMNS = 2048  # as wide as a projector shows
LARGE_COLUMNS = 700  # more than a wide screen shows, half of what a frame has


def decibel_range(log_mel: FloatArray, shown_db: float = 80.0) -> tuple[float, float]:
    """Return the one scale for all frames of a song, in dB: its loudest point and 80 dB below.

    Parameters
    ----------
    log_mel : float32 (n_frames, n_mels, n_columns), dB
    shown_db : float
        dB shown under the loudest point.

    Returns
    -------
    (float, float)
        Low and high end; where the song spans less, the low end is its quietest point.
    """
    high = float(log_mel.max())
    low = max(float(log_mel.min()), high - shown_db)
    return (low, high) if high > low else (high - 1.0, high)


def pool_columns(log_mel: FloatArray, n_columns: int) -> FloatArray:
    """Average neighbouring columns so that at most `n_columns` are left.

    Parameters
    ----------
    log_mel : float32 (n_mels, n), dB
    n_columns : int

    Returns
    -------
    float32 (n_mels, min(n, n_columns)), dB
    """
    n = log_mel.shape[1]
    if n <= n_columns:
        return log_mel
    edges = np.arange(n_columns + 1) * n // n_columns
    sums = np.add.reduceat(log_mel, edges[:-1], axis=1)
    return (sums / np.diff(edges)).astype(np.float32)


def thumbnail_png(log_mel: FloatArray, low_db: float, high_db: float) -> bytes:
    """Return one frame's mel-spectrogram as a small PNG, low bands at the bottom.

    Parameters
    ----------
    log_mel : float32 (n_mels, n_columns), dB
    low_db, high_db : float
        Ends of the colour scale.

    Returns
    -------
    bytes
        A palette PNG of n_mels x at most `THUMBNAIL_COLUMNS` pixels, some 15 kB.
    """
    return _png(pool_columns(log_mel, THUMBNAIL_COLUMNS), low_db, high_db)


def song_png(log_mel: FloatArray, low_db: float, high_db: float) -> bytes:
    """Return all frames of a song, one after the other, as one PNG.

    Parameters
    ----------
    log_mel : float32 (n_frames, n_mels, n_columns), dB
    low_db, high_db : float
        Ends of the colour scale.

    Returns
    -------
    bytes
        A palette PNG of n_mels x about `SONG_COLUMNS` pixels, some 100 kB.
    """
    n_columns = max(1, SONG_COLUMNS // len(log_mel))
    pooled = np.concatenate([pool_columns(frame, n_columns) for frame in log_mel], axis=1)
    return _png(pooled, low_db, high_db)


def _png(log_mel: FloatArray, low_db: float, high_db: float) -> bytes:
    level = np.clip((log_mel[::-1] - low_db) / (high_db - low_db), 0.0, 1.0)
    # 64 steps of colour look the same and pack to half the size.
    image = Image.fromarray(np.round(level * 63).astype(np.uint8), mode="P")
    colours = matplotlib.colormaps[DECIBEL_COLORMAP](np.linspace(0.0, 1.0, 64))[:, :3]
    image.putpalette(np.round(255 * colours).astype(np.uint8).tobytes())
    out = BytesIO()
    image.save(out, format="PNG", optimize=True)
    return out.getvalue()


def scale_gradient() -> str:
    """Return the decibel scale as a CSS gradient, quiet on the left."""
    colours = matplotlib.colormaps[DECIBEL_COLORMAP](np.linspace(0.0, 1.0, 9))
    return f"linear-gradient(to right, {', '.join(matplotlib.colors.to_hex(c) for c in colours)})"


def mel_figure(
    log_mel: FloatArray,
    span: FrameSpan,
    features: FeatureSettings,
    low_db: float,
    high_db: float,
    height: int = 380,
) -> go.Figure:
    """Return one frame's mel-spectrogram with time in the song (min:s) and Hz on its axes.

    Parameters
    ----------
    log_mel : float32 (n_mels, n_columns), dB
    span : FrameSpan
        Where the frame lies in its song.
    features : FeatureSettings
        What `log_mel` was made with.
    low_db, high_db : float
        Ends of the colour scale, the song's own.
    height : int
        Pixels.
    """
    pooled = pool_columns(log_mel, LARGE_COLUMNS)
    n_columns = pooled.shape[1]
    band_hz = centres_hz(features)
    figure = base_figure(height, hovermode="closest")
    figure.add_heatmap(
        # Whole decibels fit a byte: a quarter of the data sent to the browser.
        z=np.clip(np.round(pooled), -128, 127).astype(np.int8),
        x=np.linspace(span.start_seconds, span.end_seconds, n_columns).round(2),
        y=[f"{hz:,.0f} Hz" for hz in band_hz],
        zmin=low_db,
        zmax=high_db,
        colorscale=colour_scale(),
        colorbar={
            "ticksuffix": " dB",
            "orientation": "h",
            "thickness": 8,
            "len": 1.0,
            "xpad": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "x": 0.0,
            "xanchor": "left",
            "outlinewidth": 0,
        },
        hovertemplate="%{x:.1f} s, %{y}: %{z} dB<extra></extra>",
    )
    figure.update_yaxes(type="category")
    set_mel_axis(figure, features, lowest=0.0)
    set_time_axis(figure, span.start_seconds, span.end_seconds, TIME_IN_SONG)
    figure.update_layout(margin={"l": 60, "t": 44, "r": 12})
    return figure


def colour_scale() -> list[list[float | str]]:
    """Return the decibel scale's colours for Plotly, quiet first."""
    # In rgb(), for Streamlit's theme takes some dark hex colours for its own placeholders.
    places = np.linspace(0.0, 1.0, 17)
    colours = np.round(255 * matplotlib.colormaps[DECIBEL_COLORMAP](places)[:, :3]).astype(int)
    return [
        [float(place), f"rgb({red}, {green}, {blue})"]
        for place, (red, green, blue) in zip(places, colours, strict=True)
    ]
