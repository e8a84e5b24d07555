"""Names at the ends of lines, none over another."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from scipy.optimize import isotonic_regression

LABEL_PX = 13.0  # height of a name


def label_shifts(at: Mapping[str, float], px_per_unit: float) -> dict[str, float]:
    """Return by how many pixels to raise each name, as little as possible.

    Parameters
    ----------
    at : where each line ends on the axis
    px_per_unit : pixels of one unit of the axis
    """
    names = sorted(at, key=lambda name: at[name])
    ideal = np.array([at[name] * px_per_unit for name in names])
    steps = LABEL_PX * np.arange(len(names))
    # The nearest places that are in order and a step apart: isotonic regression.
    placed = isotonic_regression(ideal - steps).x + steps if names else ideal
    return dict(zip(names, (placed - ideal).tolist(), strict=True))


def add_label(
    figure: go.Figure, text: str, x: float, y: float, *, xshift: int, yshift: float
) -> None:
    """Write a name to the right of the end of its line, moved by so many pixels."""
    figure.add_annotation(
        x=x,
        y=y,
        text=text,
        xanchor="left",
        xshift=xshift,
        yshift=yshift,
        showarrow=False,
        font={"size": 11},
    )
