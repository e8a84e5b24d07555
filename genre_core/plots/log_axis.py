"""A logarithmic axis over sizes and times, labelled with round numbers."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from genre_core.plots.style import GRID, X_TITLE_STANDOFF


def set_log_axis(figure: go.Figure, values: Sequence[float], title: str) -> None:
    """Give the x axis of `figure` a logarithmic scale that holds `values`, all above 0."""
    ticks = round_ticks(min(values), max(values)) if values else []
    figure.update_xaxes(
        title={"text": title, "standoff": X_TITLE_STANDOFF},
        type="log",
        gridcolor=GRID,
        fixedrange=True,
        tickvals=ticks,
        ticktext=[short_number(value) for value in ticks],
    )


def round_ticks(lowest: float, highest: float) -> list[float]:
    """Return the numbers 1, 2 and 5 times a power of ten that label an axis over that range.

    From the last at or below `lowest` to the first at or above `highest`; both above 0.
    """
    decades = range(math.floor(math.log10(lowest)) - 1, math.ceil(math.log10(highest)) + 1)
    steps = [digit * 10.0**decade for decade in decades for digit in (1, 2, 5)]
    first = max(step for step in steps if step <= lowest * (1 + 1e-9))
    last = min(step for step in steps if step >= highest * (1 - 1e-9))
    return [step for step in steps if first <= step <= last]


def short_number(value: float) -> str:
    """Return a number in at most a few characters: 500000 -> "0.5 M", 20 -> "20"."""
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size / 10 and value >= 1e3:
            return f"{value / size:g}{unit}"
    return f"{value:g}"
