"""The feature maps of a block under its input, on one time axis."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from genre_core.lesson.inside import BlockMaps
from genre_core.plots.axes import TIME_IN_SONG, set_time_axis
from genre_core.plots.mel import colour_scale, pool_columns
from genre_core.plots.style import base_figure
from genre_core.types import FloatArray

MOST_COLUMNS = 500
ROW_PIXELS = 118
LEAST_ROW_PIXELS = 44
MOST_PIXELS = 290  # of all rows; the step of the lesson fits on a screen


def feature_maps_figure(
    entrance: FloatArray, block: BlockMaps, n_shown: int, start_seconds: float, end_seconds: float
) -> go.Figure:
    """Return the network's input and, under it, the liveliest maps of a block.

    Parameters
    ----------
    entrance : float32 (n_mels, n_columns)
    n_shown : maps to draw, at most as many as `block` keeps
    start_seconds, end_seconds : of the frame in its song
    """
    pictures = [entrance, *block.maps[:n_shown]]
    titles = ["What goes in", *(f"Map {index + 1}" for index in block.indices[:n_shown])]
    n = len(pictures)
    figure = make_subplots(
        rows=n,
        cols=1,
        shared_xaxes=True,
        vertical_spacing=0.36 / n,
        subplot_titles=titles,
    )
    height = 70 + max(min(ROW_PIXELS * n, MOST_PIXELS - 70), LEAST_ROW_PIXELS * n)
    figure.update_layout(base_figure(height, hovermode="closest").layout)
    for row, picture in enumerate(pictures, 1):
        pooled = pool_columns(picture, MOST_COLUMNS)
        low, high = float(pooled.min()), float(pooled.max())
        levels = np.round(255 * (pooled - low) / ((high - low) or 1.0)).astype(np.uint8)
        n_columns = levels.shape[1]
        seconds = (end_seconds - start_seconds) / n_columns
        figure.add_heatmap(
            z=levels,
            x=(start_seconds + seconds * (np.arange(n_columns) + 0.5)).round(3),
            y=np.arange(1, len(levels) + 1),
            zmin=0,
            zmax=255,
            colorscale=colour_scale(),
            showscale=False,
            hovertemplate="%{x:.1f} s, row %{y}<extra>" + titles[row - 1] + "</extra>",
            row=row,
            col=1,
        )
        figure.update_yaxes(range=[0.5, len(levels) + 0.5], row=row, col=1)
    # `base_figure` sets the first pair of axes only.
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True}
    figure.update_yaxes(**plain, showticklabels=False)
    set_time_axis(figure, start_seconds, end_seconds, "")
    figure.update_xaxes(**plain)
    figure.update_xaxes(title={"text": TIME_IN_SONG, "standoff": 6}, row=n, col=1)
    figure.update_annotations(font={"size": 12}, x=0.0, xanchor="left")
    figure.update_layout(margin={"l": 14, "t": 26, "r": 14})
    return figure
