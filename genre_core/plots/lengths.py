"""Accuracy by frame and by song at every frame length."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from genre_core.evaluation.metrics import Estimate
from genre_core.plots.bands import LINE, set_accuracy_axis
from genre_core.plots.palette import NEUTRAL, with_alpha
from genre_core.plots.style import base_figure

_APART = 0.09  # of the distance between two lengths


def lengths_figure(
    by_frame: Mapping[float, Estimate],
    by_song: Mapping[float, Estimate],
    chosen: float,
    height: int = 270,
) -> go.Figure:
    """Return both accuracies at each frame length, with their 95 % intervals.

    Parameters
    ----------
    by_frame, by_song : of the same lengths
    chosen : the length that the page shows: its place is shaded
    height : pixels
    """
    lengths = sorted(by_frame)
    figure = base_figure(height, hovermode="closest", showlegend=True)
    for name, estimates, shift, symbol, colour in (
        ("by frame", by_frame, -_APART, "circle-open", NEUTRAL),
        ("by song", by_song, _APART, "circle", LINE),
    ):
        shown = [estimates[seconds] for seconds in lengths]
        figure.add_scatter(
            x=np.arange(len(lengths)) + shift,
            y=[100 * item.value for item in shown],
            mode="lines+markers",
            cliponaxis=False,  # a marker at 100 % is drawn whole
            line={"width": 1, "color": with_alpha(NEUTRAL, 0.7), "dash": "dot"},
            marker={"size": 10, "symbol": symbol, "color": colour, "line": {"width": 2.5}},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [100 * (item.high - item.value) for item in shown],
                "arrayminus": [100 * (item.value - item.low) for item in shown],
                "color": colour,
                "thickness": 1.5,
                "width": 4,
            },
            customdata=[
                [f"{seconds:g}", 100 * item.low, 100 * item.high]
                for seconds, item in zip(lengths, shown, strict=True)
            ],
            hovertemplate=(
                f"{name}, frames of %{{customdata[0]}} s: %{{y:.1f}} %"
                "<br>95 %: %{customdata[1]:.1f} to %{customdata[2]:.1f} %<extra></extra>"
            ),
            name=name,
        )
    if chosen in lengths:
        place = lengths.index(chosen)
        figure.add_vrect(
            x0=place - 0.4,
            x1=place + 0.4,
            fillcolor=with_alpha(NEUTRAL, 0.15),
            line_width=0,
            layer="below",
        )
    ends = [item for estimates in (by_frame, by_song) for item in estimates.values()]
    lowest, highest = min(item.low for item in ends), max(item.high for item in ends)
    figure.update_xaxes(
        title_text="Frame length",
        tickvals=list(range(len(lengths))),
        ticktext=[f"{seconds:g} s" for seconds in lengths],
        range=[-0.5, len(lengths) - 0.5],
    )
    set_accuracy_axis(figure, lowest, highest, "Correct (%)")
    figure.update_layout(
        margin={"t": 34},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "itemclick": False,
                "itemdoubleclick": False},
    )  # fmt: skip
    return figure
