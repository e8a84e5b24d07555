"""Where one song stands among the songs of a genre and a decade."""

from collections.abc import Sequence

import plotly.graph_objects as go

from genre_core.plots.palette import NEUTRAL, colour_of, with_alpha
from genre_core.plots.style import GRID, OUTLINE, base_figure


def standing_figure(
    value: float, quantiles: Sequence[float], genre: str, title: str, height: int = 118
) -> go.Figure:
    """Return a song's value on the spread of many songs: 5 to 95 %, 25 to 75 %, the median.

    Parameters
    ----------
    value : float
    quantiles : sequence of float
        As `statistics.QUANTILES`.
    genre : str
        Gives the colour.
    title : str
        Of the axis, with its unit.
    height : int
        Pixels.
    """
    low, first, median, third, high = quantiles
    colour = colour_of(genre)
    figure = base_figure(height, hovermode="closest")
    for start, end, width, alpha in ((low, high, 12, 0.35), (first, third, 26, 0.8)):
        figure.add_scatter(
            x=[start, end],
            y=[0, 0],
            mode="lines",
            line={"width": width, "color": with_alpha(colour, alpha)},
            hovertemplate=f"from {start:.3g} to {end:.3g}<extra></extra>",
        )
    figure.add_scatter(
        x=[median],
        y=[0],
        mode="markers",
        marker={"symbol": "line-ns", "size": 26, "line": {"width": 3, "color": OUTLINE}},
        hovertemplate=f"median {median:.3g}<extra></extra>",
    )
    figure.add_scatter(
        x=[value],
        y=[0],
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 15,
            "color": "#ffffff",
            "line": {"width": 3, "color": "#111318"},
        },
        hovertemplate=f"this song: {value:.3g}<extra></extra>",
        cliponaxis=False,
    )
    ends = [low, high, value]
    room = 0.06 * (max(ends) - min(ends) or 1.0)
    figure.update_xaxes(
        title_text=title,
        range=[min(ends) - room, max(ends) + room],
        gridcolor=GRID,
        nticks=6,
        linecolor=with_alpha(NEUTRAL, 0.6),
    )
    figure.update_yaxes(visible=False, range=[-1, 1])
    figure.update_layout(margin={"l": 14, "r": 14, "t": 6, "b": 46})
    return figure
