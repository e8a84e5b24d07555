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
    frame_scores : float (n_frames, n_genres), of the frames that count: drawn as dots, in a
        majority vote as votes
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
    votes = verdict.aggregation == "majority_vote"
    if frame_scores is not None and len(frame_scores) > 1:
        x, y = _votes(frame_scores, verdict) if votes else (100 * frame_scores[:, order], names)
        figure.add_scatter(
            x=np.ravel(x).astype(np.float32),
            y=y if votes else names * len(frame_scores),
            mode="markers",
            marker={
                "size": 6,
                "color": "rgba(255, 255, 255, 0.75)",
                "line": {"width": 1, "color": DARK_INK},
            },
            hovertemplate="One vote for %{y}<extra></extra>"
            if votes
            else "%{y} in one frame: %{x:.1f} %<extra></extra>",
            name="frames",
        )
    label_score_axes(figure, names, percent, "Share of the votes (%)" if votes else "Score (%)")
    figure.update_layout(margin={"l": 124, "t": 8})
    return figure


def _votes(frame_scores: FloatArray, verdict: Verdict) -> tuple[FloatArray, list[str]]:
    """Return a dot for each frame: side by side along the bar of the genre that it votes for."""
    best = frame_scores.argmax(axis=1)
    places = [np.sum(best[:i] == genre) + 0.5 for i, genre in enumerate(best)]
    x = (100 * np.array(places) / len(best)).astype(np.float32)
    return x, [verdict.genres[genre] for genre in best]


def label_score_axes(
    figure: go.Figure,
    names: Sequence[str],
    percent: npt.ArrayLike,
    title: str = "Score (%)",
) -> None:
    """Label horizontal bars, in place: percent below, each genre and its score at the left.

    Parameters
    ----------
    names : from bottom to top
    percent : float (n_genres,), in the same order
    """
    set_percent_axis(figure, "x", title, end=102)
    figure.update_xaxes(title_standoff=6, showgrid=True, gridcolor=GRID)
    figure.update_yaxes(
        tickvals=names,
        ticktext=[f"{n}  {p:.1f} %" for n, p in zip(names, np.asarray(percent), strict=True)],
        tickfont={"size": 13},
        showgrid=False,
    )
