"""The song's scores after aggregation, as bars, with the single frames as dots over them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.plots.axes import set_percent_axis
from genre_core.plots.palette import DARK_INK, colour_of
from genre_core.plots.style import GRID, OUTLINE, base_figure
from genre_core.types import FloatArray, Verdict


def score_bars_figure(
    verdict: Verdict, frame_scores: FloatArray | None = None, height: int = 340
) -> go.Figure:
    """Return one horizontal bar a genre, the strongest on top, in percent.

    Parameters
    ----------
    frame_scores : float (n_frames, n_genres), of the frames that count: drawn as dots
    height : pixels
    """
    order = np.argsort(verdict.scores, kind="stable")  # plotly draws the first at the bottom
    names = [verdict.genres[i] for i in order]
    percent = 100 * verdict.scores[order]
    figure = base_figure(height, hovermode="closest")
    figure.add_bar(
        y=names,
        x=percent,
        orientation="h",
        marker={
            "color": [colour_of(name) for name in names],
            "line": {"width": 0.5, "color": OUTLINE},
        },
        hovertemplate="%{y}: %{x:.1f} %<extra></extra>",
        name="song",
    )
    if frame_scores is not None and len(frame_scores) > 1:
        ordered = 100 * frame_scores[:, order]
        figure.add_scatter(
            x=ordered.ravel().astype(np.float32),
            y=names * len(ordered),
            mode="markers",
            marker={
                "size": 6,
                "color": "rgba(255, 255, 255, 0.75)",
                "line": {"width": 1, "color": DARK_INK},
            },
            hovertemplate="%{y} in one frame: %{x:.1f} %<extra></extra>",
            name="frames",
        )
    label_score_axes(figure, names, percent)
    figure.update_layout(margin={"l": 124, "t": 8})
    return figure


def label_score_axes(figure: go.Figure, names: Sequence[str], percent: npt.ArrayLike) -> None:
    """Label horizontal bars, in place: percent below, each genre and its score at the left.

    Parameters
    ----------
    names : from bottom to top
    percent : float (n_genres,), in the same order
    """
    set_percent_axis(figure, "x", "Score (%)", end=102)
    figure.update_xaxes(title_standoff=6, showgrid=True, gridcolor=GRID)
    figure.update_yaxes(
        tickvals=names,
        ticktext=[f"{n}  {p:.1f} %" for n, p in zip(names, np.asarray(percent), strict=True)],
        tickfont={"size": 13},
        showgrid=False,
    )
