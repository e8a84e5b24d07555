"""What all Plotly figures share, so that charts under one another line up.

Text and background colours are left to the page's theme; everything drawn besides the genre
colours is a half-transparent grey, which shows on light and on dark pages.
"""

from typing import Any

import plotly.graph_objects as go

from genre_core.plots.palette import NEUTRAL, with_alpha

TOP_MARGIN, BOTTOM_MARGIN = 22, 42  # px
VERTICAL_MARGINS = TOP_MARGIN + BOTTOM_MARGIN
LEFT_MARGIN = 52  # px; the same for every chart over time, so that their seconds line up
RIGHT_MARGIN = 10  # px
# px from an axis to its title; with less, the title touches the numbers
X_TITLE_STANDOFF, Y_TITLE_STANDOFF = 12, 14
GRID = with_alpha(NEUTRAL, 0.25)
OUTLINE = with_alpha(NEUTRAL, 0.9)

_AXIS: dict[str, Any] = {"zeroline": False, "fixedrange": True}

# No tool bar; no wheel zoom: a finger or wheel over a chart scrolls the page.
CHART_CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "responsive": True,
}


def base_figure(height: int, **layout: Any) -> go.Figure:
    """Return an empty figure of `height` px: shared margins, a grid across, no dragging."""
    figure = go.Figure()
    figure.update_layout(
        height=height,
        margin={"l": LEFT_MARGIN, "r": RIGHT_MARGIN, "t": TOP_MARGIN, "b": BOTTOM_MARGIN},
        showlegend=False,
        dragmode=False,
        hovermode="x",
        hoverlabel={"align": "left"},
        plot_bgcolor="rgba(0, 0, 0, 0)",
        paper_bgcolor="rgba(0, 0, 0, 0)",
        xaxis={**_AXIS, "showgrid": False, "title": {"standoff": X_TITLE_STANDOFF}},
        yaxis={**_AXIS, "gridcolor": GRID, "title": {"standoff": Y_TITLE_STANDOFF}},
    )
    figure.update_layout(**layout)
    return figure


def shade(figure: go.Figure, start_seconds: float, end_seconds: float) -> None:
    """Grey a stretch of time over the whole height of `figure`."""
    if end_seconds > start_seconds:
        figure.add_vrect(
            x0=start_seconds,
            x1=end_seconds,
            fillcolor=with_alpha(NEUTRAL, 0.18),
            line_width=0,
            layer="below",
        )
