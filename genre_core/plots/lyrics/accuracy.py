"""Experiment F: accuracy against the number of words, a line a classifier."""

from collections.abc import Sequence

import plotly.graph_objects as go

from genre_core.experiments.lyrics_summary import Curve, spread
from genre_core.plots.axes import with_legend_above
from genre_core.plots.palette import NEUTRAL, with_alpha
from genre_core.plots.style import base_figure

NAMES = {
    "logistic_regression": "logistic regression",
    "naive_bayes": "naive Bayes",
    "linear_svm": "linear SVM",
    "knn": "kNN",
    "random_forest": "random forest",
}
_STYLES = {
    "logistic_regression": ("#3f7fd0", "circle"),
    "naive_bayes": ("#c9821b", "square"),
    "linear_svm": ("#7a4fb5", "diamond"),
    "knn": ("#4aa58a", "triangle-up"),
    "random_forest": ("#c44a4a", "x"),
}


def accuracy_figure(curves: Sequence[Curve], chance: float, height: int = 400) -> go.Figure:
    """Return accuracy over n words of each genre; the last point has all words.

    Parameters
    ----------
    curves : sequence of Curve
    chance : float
        Accuracy of guessing, 0 to 1.
    height : int
        Pixels.
    """
    figure = base_figure(height, hovermode="closest", showlegend=True)
    sizes = sorted({row.n for curve in curves for row in curve.rows if row.n is not None})
    places: dict[int | None, int] = {n: i for i, n in enumerate([*sizes, None])}
    for number, curve in enumerate(curves):
        colour, symbol = _STYLES.get(curve.classifier, (NEUTRAL, "circle"))
        shift = (number - (len(curves) - 1) / 2) * 0.05
        name = NAMES.get(curve.classifier, curve.classifier)
        figure.add_scatter(
            x=[places[row.n] + shift for row in curve.rows],
            y=[100 * row.accuracy for row in curve.rows],
            mode="lines+markers",
            line={"width": 2.5, "color": colour},
            marker={"size": 9, "symbol": symbol, "color": colour},
            error_y={
                "type": "data",
                "array": [100 * spread(row) for row in curve.rows],
                "color": colour,
                "thickness": 1,
                "width": 3,
            },
            customdata=[
                [_size(row.n), 100 * row.macro_f1, 100 * spread(row)] for row in curve.rows
            ],
            hovertemplate=(
                f"{name}, %{{customdata[0]}}: %{{y:.1f}} % ± %{{customdata[2]:.1f}}"
                "<br>macro F1 %{customdata[1]:.1f} %<extra></extra>"
            ),
            name=name,
        )
    figure.add_hline(
        y=100 * chance,
        line={"width": 1.5, "dash": "dot", "color": with_alpha(NEUTRAL, 0.9)},
        annotation_text="guessing",
        annotation_position="bottom right",
    )
    figure.update_xaxes(
        title_text="Most frequent words of each genre",
        tickvals=list(places.values()),
        ticktext=[f"{n:,}" if n else "all" for n in places],
    )
    figure.update_yaxes(
        title_text="Right (%)",
    )
    return with_legend_above(figure)


def _size(n: int | None) -> str:
    return "all words" if n is None else f"{n:,} words"
