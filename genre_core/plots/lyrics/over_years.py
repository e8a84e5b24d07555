"""Length, richness or sentiment by genre over the years."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from genre_core.lyrics.genres import genre_name
from genre_core.lyrics.statistics import ALL_YEARS, FEW_SONGS
from genre_core.plots.axes import with_legend_above
from genre_core.plots.palette import NEUTRAL, colour_of, with_alpha
from genre_core.plots.style import base_figure

TITLES = {
    "n_words": "Words in a song (mean)",
    "richness": "Unique share of 50 words (mean)",
    "net_sentiment": "Net sentiment, −1 to 1 (mean)",
}
_DIGITS = {"n_words": 0, "richness": 3, "net_sentiment": 2}


def over_years_figure(
    table: pd.DataFrame,
    quantity: str,
    genres: Sequence[str],
    span_years: int,
    height: int = 420,
) -> go.Figure:
    """Return the mean of a quantity with its 95 % interval, a line a genre.

    Points of fewer than `FEW_SONGS` songs are grey and not joined to the others.

    Parameters
    ----------
    table : pandas.DataFrame
        As `statistics.distributions` returns it.
    quantity : str
        A key of `TITLES`.
    genres : sequence of str
    span_years : int
        10 or 1: of the table.
    height : int
        Pixels.
    """
    figure = base_figure(height, hovermode="closest", showlegend=True)
    shown = table[(table["quantity"] == quantity) & (table["start"] != ALL_YEARS)]
    for place, genre in enumerate(genres):
        rows = shown[shown["genre"] == genre]
        enough = rows["n"] >= FEW_SONGS
        shift = (place - (len(genres) - 1) / 2) * 0.09 * span_years
        _add(figure, rows[~enough], genre, quantity, span_years, shift, few=True)
        _add(figure, rows[enough], genre, quantity, span_years, shift, few=False)
    figure.update_xaxes(
        title_text="Decade" if span_years > 1 else "Year",
        dtick=10,
        tickangle=0,
        ticksuffix="s" if span_years > 1 else "",
    )
    figure.update_yaxes(
        title_text=TITLES[quantity],
        zeroline=quantity == "net_sentiment",
        zerolinecolor=with_alpha(NEUTRAL, 0.9),
        rangemode="tozero" if quantity == "n_words" else "normal",
    )
    return with_legend_above(figure)


def _add(
    figure: go.Figure,
    rows: pd.DataFrame,
    genre: str,
    quantity: str,
    span_years: int,
    shift: float,
    *,
    few: bool,
) -> None:
    """Add the points of one genre."""
    if rows.empty:
        return
    colour = with_alpha(NEUTRAL, 0.8) if few else colour_of(genre)
    digits = _DIGITS[quantity]
    name = genre_name(genre)
    period = "%{customdata[0]}s" if span_years > 1 else "%{customdata[0]}"
    figure.add_scatter(
        x=rows["start"] + shift,
        y=rows["mean"],
        mode="markers" if few else "lines+markers",
        line={"width": 2.5, "color": colour},
        marker={"size": 6 if few else 8, "color": colour, "symbol": "x" if few else "circle"},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": rows["high"] - rows["mean"],
            "arrayminus": rows["mean"] - rows["low"],
            "color": with_alpha(NEUTRAL, 0.35) if few else colour,
            "thickness": 1,
            "width": 2,
            "visible": not few or span_years > 1,
        },
        customdata=rows[["start", "n", "low", "high"]],
        hovertemplate=(
            f"{name}, {period}: %{{y:.{digits}f}}"
            f"<br>95 %: %{{customdata[2]:.{digits}f}} to %{{customdata[3]:.{digits}f}}"
            "<br>%{customdata[1]} songs" + (", too few" if few else "") + "<extra></extra>"
        ),
        name=name,
        showlegend=not few,
    )
