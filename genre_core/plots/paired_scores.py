"""The scores of two songs, genre by genre: a 1 and a 2 on one line, and how far apart they are."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.plots.axes import set_percent_axis
from genre_core.plots.palette import colour_of, ink_on
from genre_core.plots.style import GRID, OUTLINE, base_figure

_ROW_HEIGHT = 34  # px
_AROUND = 62  # px of margins
_BEFORE_ZERO = -4  # %: room for the half of a mark
_EQUAL_POINTS = 0.5  # percentage points that round to none


def difference_in_words(points: float) -> str:
    """Return e.g. "43 more in 1": the first song has 43 percentage points more."""
    if abs(points) < _EQUAL_POINTS:
        return "equal"
    return f"{abs(points):.0f} more in {1 if points > 0 else 2}"


def paired_scores_figure(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    genres: Sequence[str],
    order: Sequence[int],
) -> go.Figure:
    """Return a line for each genre, from the first song's score to the second's, in percent.

    Parameters
    ----------
    first, second : float (n_genres,), each sums to 1
    order : columns from top to bottom
    """
    rows = list(reversed(order))  # plotly draws the first at the bottom
    names = [genres[column] for column in rows]
    values = [100 * np.asarray(scores, dtype=np.float64)[rows] for scores in (first, second)]
    figure = base_figure(_AROUND + _ROW_HEIGHT * len(rows), hovermode="closest")
    for name, low, high in zip(names, *values, strict=True):
        figure.add_scatter(
            x=[low, high],
            y=[name, name],
            mode="lines",
            line={"width": 7, "color": colour_of(name)},
            hoverinfo="skip",
        )
    # The second first: where both have the same score, the 1 lies on the 2.
    for number, symbol in ((2, "square"), (1, "circle")):
        figure.add_scatter(
            x=values[number - 1],
            y=names,
            mode="markers+text",
            marker={
                "size": 19,
                "symbol": symbol,
                "color": [colour_of(name) for name in names],
                "line": {"width": 1.5, "color": OUTLINE},
                "opacity": 1,
            },
            text=[str(number)] * len(names),
            textfont={"size": 11, "color": [ink_on(colour_of(name)) for name in names]},
            hovertemplate=f"%{{y}}, song {number}: %{{x:.1f}} %<extra></extra>",
            name=f"song {number}",
            cliponaxis=False,
        )
    for name, low, high in zip(names, *values, strict=True):
        figure.add_annotation(
            x=1.0,
            xref="paper",
            xanchor="left",
            xshift=16,
            y=name,
            text=difference_in_words(low - high),
            showarrow=False,
        )
    set_percent_axis(figure, "x", "Score (%)")
    figure.update_xaxes(range=[_BEFORE_ZERO, 102], title_standoff=6, showgrid=True, gridcolor=GRID)
    figure.update_yaxes(showgrid=True, tickfont={"size": 13}, categoryarray=names)
    figure.update_layout(margin={"l": 72, "r": 100, "t": 12, "b": 50})
    return figure
