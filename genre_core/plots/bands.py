"""Accuracy as a line with its 95 % band: against frames combined, and against coverage."""

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.evaluation.coverage import SelectiveCurve
from genre_core.evaluation.listening_curve import ListeningCurve
from genre_core.plots.axes import set_percent_axis
from genre_core.plots.line_labels import add_label, label_shifts
from genre_core.plots.palette import NEUTRAL, colour_of, with_alpha
from genre_core.plots.style import VERTICAL_MARGINS, base_figure

LINE = "rgb(78, 116, 204)"  # seen on light and on dark pages
BAND = "rgba(78, 116, 204, 0.22)"
_MOST_TICKS = 10
_MOST_MARKERS = 20  # with few points, a line alone may be nothing to see


def listening_figure(
    curve: ListeningCurve,
    frame_seconds: float,
    by_genre: dict[str, ListeningCurve] | None = None,
    height: int = 340,
) -> go.Figure:
    """Return accuracy against the number of frames combined.

    Parameters
    ----------
    curve : of all songs
    by_genre : drawn as thin lines
    height : pixels
    """
    n = np.arange(1, len(curve.accuracy) + 1)
    figure = base_figure(height, hovermode="closest")
    _band(figure, n, curve.low, curve.high)
    lowest, highest = _accuracy_range(*_ends(curve, by_genre))
    per_percent = (height - VERTICAL_MARGINS) / (highest - lowest)  # px
    at_end = {genre: 100 * line.accuracy[-1] for genre, line in (by_genre or {}).items()}
    shift = label_shifts(at_end, per_percent)
    for genre, line in (by_genre or {}).items():
        colour = colour_of(genre)
        figure.add_scatter(
            x=n,
            y=100 * line.accuracy,
            mode="lines",
            line={"width": 2, "color": colour},
            name=genre,
            hovertemplate=f"{genre}, {line.n_songs} songs: %{{y:.1f}} %<extra></extra>",
        )
        add_label(figure, genre, n[-1], at_end[genre], xshift=4, yshift=shift[genre])
    figure.add_scatter(
        x=n,
        y=100 * curve.accuracy,
        mode="lines+markers",
        line={"width": 3, "color": LINE},
        marker={"size": 7, "color": LINE},
        name="all songs",
        customdata=np.stack([100 * curve.low, 100 * curve.high, n * frame_seconds], axis=1),
        hovertemplate=(
            "%{x} frames (%{customdata[2]:.4g} s): %{y:.1f} %"
            "<br>95 %: %{customdata[0]:.1f} to %{customdata[1]:.1f} %<extra></extra>"
        ),
    )
    set_accuracy_axis(figure, *_ends(curve, by_genre))
    step = -(-len(n) // _MOST_TICKS)
    figure.update_xaxes(
        title_text=f"Frames of {frame_seconds:g} s combined",
        tickvals=n[::step].tolist(),
        range=[0.7, n[-1] + 0.3],
    )
    figure.update_layout(margin={"l": 64, "r": 74 if by_genre else 14})
    return figure


def coverage_figure(curve: SelectiveCurve, height: int = 340) -> go.Figure:
    """Return accuracy against coverage: the share of songs, from the surest to all."""
    coverage = 100 * curve.coverage
    figure = base_figure(height, hovermode="x")
    _band(figure, coverage, curve.low, curve.high)
    figure.add_scatter(
        x=coverage,
        y=100 * curve.accuracy,
        mode="lines+markers" if len(coverage) <= _MOST_MARKERS else "lines",
        line={"width": 3, "color": LINE},
        marker={"size": 7, "color": LINE},
        name="accuracy",
        customdata=np.stack([100 * curve.low, 100 * curve.high, 100 * curve.threshold], axis=1),
        hovertemplate=(
            "surest %{x:.0f} % (confidence %{customdata[2]:.0f} % or more): %{y:.1f} %"
            "<br>95 %: %{customdata[0]:.1f} to %{customdata[1]:.1f} %<extra></extra>"
        ),
    )
    # The band of a handful of songs reaches far down: it may leave the figure.
    set_accuracy_axis(figure, float(curve.accuracy.min()) - 0.15, float(curve.high.max()))
    set_percent_axis(figure, "x", "Share of the songs, the surest first (%)", end=102)
    figure.update_layout(margin={"l": 64})
    return figure


def _band(
    figure: go.Figure, x: npt.NDArray, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> None:
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]),
        y=100 * np.concatenate([high, low[::-1]]),
        mode="lines",
        fill="toself",
        fillcolor=BAND,
        line={"width": 0, "color": with_alpha(NEUTRAL, 0.0)},
        hoverinfo="skip",
        name="95 % band",
    )


def _ends(curve: ListeningCurve, by_genre: dict[str, ListeningCurve] | None) -> tuple[float, float]:
    lines = [line.accuracy for line in (by_genre or {}).values()]
    drawn = np.concatenate([curve.low, curve.high, *lines])
    return float(drawn.min()), float(drawn.max())


def _accuracy_range(lowest: float, highest: float) -> tuple[float, float]:
    """Return whole tens around two shares, in percent, with room for a line at the top."""
    end = max(10.0, min(100.0, 10.0 * np.ceil(10.0 * highest)))
    start = max(0.0, min(10.0 * np.floor(10.0 * lowest), end - 10.0))
    return float(start), float(end + 1.0)


def set_accuracy_axis(
    figure: go.Figure, lowest: float, highest: float, title: str = "Correct songs (%)"
) -> None:
    """Let the axis of accuracies reach over two shares, in whole tens of a percent."""
    start, end = _accuracy_range(lowest, highest)
    figure.update_yaxes(
        title_text=title,
        range=[start, end],
    )
