"""Songs of each genre: how many there are, and how many were named so."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.plots.palette import colour_of
from genre_core.plots.style import OUTLINE, base_figure


def shares_figure(counts: npt.ArrayLike, genres: Sequence[str], height: int = 340) -> go.Figure:
    """Return for each genre the share of songs that are of it beside the share named so.

    Parameters
    ----------
    counts : int (n_genres, n_genres), confusion matrix of the songs
    height : pixels
    """
    counts = np.asarray(counts, dtype=np.int64)
    n_songs = counts.sum()
    true, named = counts.sum(axis=1), counts.sum(axis=0)
    colours = [colour_of(genre) for genre in genres]
    figure = base_figure(
        height, hovermode="closest", barmode="group", bargap=0.25, bargroupgap=0.05
    )
    figure.add_bar(
        x=list(genres),
        y=100 * true / n_songs,
        marker={
            "color": "rgba(0, 0, 0, 0)",
            "line": {"width": 1.5, "color": OUTLINE},
            "pattern": {"shape": "/", "fgcolor": colours, "size": 7},
        },
        customdata=true,
        hovertemplate="%{x}: truly %{customdata} songs, %{y:.1f} %<extra></extra>",
        name="true (hatched)",
    )
    figure.add_bar(
        x=list(genres),
        y=100 * named / n_songs,
        marker={"color": colours, "line": {"width": 0.5, "color": OUTLINE}},
        customdata=named,
        hovertemplate="%{x}: named for %{customdata} songs, %{y:.1f} %<extra></extra>",
        name="named (solid)",
    )
    figure.update_xaxes(tickangle=-45, title_text="Genre")
    figure.update_yaxes(title_text="Share of the songs (%)", rangemode="tozero")
    figure.update_layout(margin={"b": 84})
    return figure
