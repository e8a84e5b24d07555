"""The most typical words of a genre."""

import pandas as pd
import plotly.graph_objects as go

from genre_core.plots.palette import colour_of
from genre_core.plots.style import GRID, OUTLINE, base_figure


def typical_figure(rows: pd.DataFrame, genre: str, row_px: int = 24) -> go.Figure:
    """Return bars of how far each word sets a genre apart, in standard deviations.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of one genre, as `typical.typical_words` returns it, with the column `shown`: the word as
        it is to be shown.
    genre : str
        Gives the colour.
    row_px : int
        Height of a bar's row.
    """
    figure = base_figure(row_px * len(rows) + 70, hovermode="closest", bargap=0.25)
    figure.add_bar(
        x=rows["z"],
        y=rows["shown"],
        orientation="h",
        marker={"color": colour_of(genre), "line": {"width": 0.5, "color": OUTLINE}},
        customdata=100 * rows[["share", "share_elsewhere"]],
        hovertemplate=(
            "%{y}: in %{customdata[0]:.1f} % of its songs, %{customdata[1]:.1f} % of the others"
            "<br>z = %{x:.1f}<extra></extra>"
        ),
    )
    figure.update_xaxes(
        title_text="Log-odds against the other genres (standard deviations)",
        gridcolor=GRID,
        rangemode="tozero",
    )
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=False)
    figure.update_layout(margin={"l": 90, "t": 6, "b": 52})
    return figure
