"""Reliability diagram: whether a confidence of 70 % means right in 70 of 100 songs.

References
----------
Guo, Pleiss, Sun, Weinberger (2017): On calibration of modern neural networks. ICML. Section 2.
"""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from genre_core.evaluation.calibration import ReliabilityBin
from genre_core.evaluation.metrics import wilson_interval
from genre_core.plots.axes import set_percent_axis
from genre_core.plots.bands import LINE
from genre_core.plots.palette import NEUTRAL
from genre_core.plots.style import OUTLINE, base_figure

_ROOM = 0.08  # accuracy from which a bar is high enough to write its number into it


def reliability_figure(bins: Sequence[ReliabilityBin], height: int = 340) -> go.Figure:
    """Return accuracy in each bin of confidence, with Wilson's 95 % intervals, and the diagonal.

    Parameters
    ----------
    bins : those without songs are left empty
    height : pixels
    """
    filled = [item for item in bins if item.count]
    estimates = [wilson_interval(round(item.accuracy * item.count), item.count) for item in filled]
    figure = base_figure(height, hovermode="closest")
    figure.add_scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        line={"width": 2, "color": NEUTRAL, "dash": "dash"},
        hoverinfo="skip",
        name="confidence is accuracy",
    )
    figure.add_bar(
        x=[50 * (item.low + item.high) for item in filled],
        width=[100 * (item.high - item.low) - 1 for item in filled],
        y=[100 * item.accuracy for item in filled],
        marker={"color": LINE, "opacity": 0.75, "line": {"width": 0.5, "color": OUTLINE}},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [100 * (e.high - e.value) for e in estimates],
            "arrayminus": [100 * (e.value - e.low) for e in estimates],
            "color": NEUTRAL,
            "thickness": 1.5,
            "width": 3,
        },
        customdata=np.array(
            [
                [item.count, 100 * item.confidence, 100 * e.low, 100 * e.high]
                for item, e in zip(filled, estimates, strict=True)
            ]
        ),
        hovertemplate=(
            "%{customdata[0]:.0f} songs, confidence %{customdata[1]:.1f} % on average"
            "<br>right: %{y:.1f} % (95 %: %{customdata[2]:.1f} to %{customdata[3]:.1f} %)"
            "<extra></extra>"
        ),
        name="songs",
    )
    # Written by themselves, not into the bars: a bar of no height has no room for its number.
    figure.add_scatter(
        x=[50 * (item.low + item.high) for item in filled],
        y=[4] * len(filled),
        text=[str(item.count) for item in filled],
        mode="text",
        # Beside the whisker where there is no bar to stand on.
        textposition=[
            "middle center" if item.accuracy > _ROOM else "middle right" for item in filled
        ],
        textfont={
            "size": 11,
            "color": [
                "rgb(255, 255, 255)" if item.accuracy > _ROOM else NEUTRAL for item in filled
            ],
        },
        hoverinfo="skip",
        name="number of songs",
    )
    set_percent_axis(figure, "x", "Confidence of the verdict (%)", end=100.5)
    set_percent_axis(figure, "y", "Correct songs (%)", end=101)
    figure.update_layout(margin={"l": 64})
    return figure
