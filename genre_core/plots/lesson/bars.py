"""Scores as bars, with other scores as outlines behind them."""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.plots.palette import colour_of
from genre_core.plots.score_bars import label_score_axes
from genre_core.plots.style import OUTLINE, base_figure


def compared_bars_figure(
    scores: npt.ArrayLike,
    otherwise: npt.ArrayLike,
    genres: tuple[str, ...],
    name: str,
    other_name: str,
    height: int = 360,
) -> go.Figure:
    """Return one bar a genre in percent, and an open one behind it for the other scores.

    Parameters
    ----------
    scores, otherwise : float (n_genres,), each sums to 1; `otherwise` gives the order of the bars
    name, other_name : what the two are, for the hover text
    height : pixels
    """
    now, other = 100 * np.asarray(scores), 100 * np.asarray(otherwise)
    order = np.argsort(other, kind="stable")  # plotly draws the first at the bottom
    names = [genres[i] for i in order]
    figure = base_figure(height, hovermode="closest", barmode="overlay")
    figure.add_bar(
        y=names,
        x=other[order].round(2),
        orientation="h",
        width=0.86,
        marker={"color": "rgba(0, 0, 0, 0)", "line": {"width": 1.5, "color": OUTLINE}},
        hovertemplate="%{y}, " + other_name + ": %{x:.1f} %<extra></extra>",
        name=other_name,
    )
    figure.add_bar(
        y=names,
        x=now[order].round(2),
        orientation="h",
        width=0.6,
        marker={
            "color": [colour_of(genre) for genre in names],
            "line": {"width": 0.5, "color": OUTLINE},
        },
        hovertemplate="%{y}, " + name + ": %{x:.1f} %<extra></extra>",
        name=name,
    )
    label_score_axes(figure, names, now[order])
    figure.update_layout(margin={"l": 144, "t": 8})
    return figure
