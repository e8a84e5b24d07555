"""Figures of the experiments; `experiments.words` says in words what they show.

References
----------
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP. Figures 2 and 3. (accuracy against size and time)
"""

from collections.abc import Sequence
from typing import Any, Literal

import plotly.graph_objects as go

from genre_core.evaluation.metrics import Estimate
from genre_core.experiments.names import OPTIMIZER_NAMES, pair_name, percent, result_name
from genre_core.experiments.summaries import (
    Curve,
    OptimizerCurve,
    ProtocolPair,
    SizePoint,
    Spread,
    TransferResult,
)
from genre_core.plots.axes import with_legend_above
from genre_core.plots.log_axis import set_log_axis
from genre_core.plots.palette import NEUTRAL
from genre_core.plots.style import GRID, Y_TITLE_STANDOFF, base_figure

# Distinct on light and dark pages and for the colour-blind; markers and dashes say it again.
COLOURS = ("#4f74f7", "#e99717", "#3fa67c", "#c36cb2")
MARKERS = ("circle", "square", "diamond", "triangle-up")
DASHES = ("solid", "dash", "dot")
CORRECT_TITLE = "Correct test songs (%)"

CostAxis = Literal["parameters", "train_ms", "infer_ms", "multiply_adds"]
Quantity = Literal["accuracy", "loss"]
COST_TITLES: dict[str, str] = {
    "parameters": "Parameters",
    "train_ms": "Training time a frame (ms, one thread)",
    "infer_ms": "Inference time a frame (ms, one thread)",
    "multiply_adds": "Multiply-adds a frame",
}


def size_figure(
    points: Sequence[SizePoint], x: CostAxis = "parameters", height: int = 380
) -> go.Figure:
    """Return accuracy on the test list against size or cost, a line a family.

    Parameters
    ----------
    points : sequence of SizePoint
        Error bars are one standard deviation between seeds each way.
    x : str
        A key of `COST_TITLES`; networks whose cost was not measured are left out.
    height : int
        Pixels.
    """
    figure = base_figure(height, hovermode="closest", showlegend=True)
    for index, family in enumerate(dict.fromkeys(point.family for point in points)):
        own = sorted(
            (p for p in points if p.family == family and getattr(p, x) is not None),
            key=lambda point: getattr(point, x),
        )
        figure.add_scatter(
            x=[getattr(point, x) for point in own],
            y=[100 * point.test.mean for point in own],
            error_y=_bars([point.test for point in own]),
            mode="lines+markers",
            line={"color": COLOURS[index % 4], "width": 2, "dash": DASHES[index % 3]},
            marker={"symbol": MARKERS[index % 4], "size": 9},
            customdata=[
                [p.parameters, 100 * p.test.deviation, p.test.n, 100 * p.valid.mean] for p in own
            ],
            hovertemplate=(
                f"{family}, %{{customdata[0]:,}} parameters<br>test %{{y:.1f}} % "
                "(± %{customdata[1]:.1f} between %{customdata[2]} seeds), "
                "validation %{customdata[3]:.1f} %<extra></extra>"
            ),
            name=family,
        )
    costs = [getattr(point, x) for point in points if getattr(point, x) is not None]
    set_log_axis(figure, costs, COST_TITLES[x])
    return _with_percent_axis(figure, CORRECT_TITLE)


def transfer_figure(results: Sequence[TransferResult], height: int = 400) -> go.Figure:
    """Return bars of the test accuracy for each way to use the published network.

    Parameters
    ----------
    results : sequence of TransferResult
        Error bars as in `size_figure`; a hollow mark is the accuracy in training.
    height : int
        Pixels.
    """
    figure = base_figure(height, hovermode="closest", showlegend=True, bargap=0.35)
    names = [result_name(each) for each in results]
    figure.add_bar(
        y=names,
        x=[100 * each.test.mean for each in results],
        error_x=_bars([each.test for each in results]),
        orientation="h",
        marker={"color": COLOURS[0], "opacity": 0.8},
        customdata=[[_what_learns(each), percent(each.valid)] for each in results],
        hovertemplate=(
            "%{y}: test %{x:.1f} %, validation %{customdata[1]}<br>%{customdata[0]}<extra></extra>"
        ),
        name="test",
    )
    figure.add_scatter(
        y=names,
        x=[100 * each.train.mean for each in results],
        mode="markers",
        marker={"symbol": "diamond-open", "size": 10, "color": COLOURS[1], "line": {"width": 2}},
        hovertemplate="%{y}: training %{x:.1f} %<extra></extra>",
        name="training",
    )
    figure.update_yaxes(autorange="reversed", fixedrange=True, automargin=True)
    figure.update_xaxes(
        title={"text": "Correct songs (%)"}, range=[0, 104], gridcolor=GRID, fixedrange=True
    )
    return with_legend_above(figure)


def learning_figure(
    results: Sequence[TransferResult], quantity: Quantity = "accuracy", height: int = 380
) -> go.Figure:
    """Return training (dotted) and test curves over the epochs, a colour a way of learning.

    A mark is the epoch that the validation list chose (mean over seeds, rounded).
    """
    figure = base_figure(height, hovermode="closest", showlegend=True)
    for index, each in enumerate(result for result in results if result.curve):
        name = result_name(each)
        assert each.best_epoch is not None
        _add_curves(figure, each.curve, quantity, name, index, round(each.best_epoch.mean))
    return _finish_curves(figure, quantity)


def optimizers_figure(
    curves: Sequence[OptimizerCurve],
    quantity: Quantity = "loss",
    height: int = 380,
    every_rate: bool = False,
) -> go.Figure:
    """Return training (dotted) and test curves of each optimiser.

    Parameters
    ----------
    curves : sequence of OptimizerCurve
    quantity : "accuracy" or "loss"
    height : int
        Pixels.
    every_rate : bool
        Show all learning rates instead of the one with the lowest validation loss.
    """
    figure = base_figure(height, hovermode="closest", showlegend=True)
    names = list(OPTIMIZER_NAMES)
    for curve in curves:
        if every_rate or curve.best:
            name = f"{OPTIMIZER_NAMES[curve.optimizer]}, {curve.learning_rate:g}"
            _add_curves(figure, curve.curve, quantity, name, names.index(curve.optimizer))
    return _finish_curves(figure, quantity)


def protocol_figure(
    pairs: Sequence[ProtocolPair], scheme: str = "folds", height: int = 360
) -> go.Figure:
    """Return the accuracy by a random split beside that by an artist-grouped one.

    Parameters
    ----------
    pairs : sequence of ProtocolPair
        Error bars are 95 % intervals.
    scheme : str
        "folds" or "hold-out".
    height : int
        Pixels.
    """
    own = [pair for pair in pairs if pair.scheme == scheme]
    names = [pair_name(pair).replace(", without", ",<br>without") for pair in own]
    figure = base_figure(height, hovermode="closest", showlegend=True, barmode="group", bargap=0.3)
    for index, (split, label) in enumerate(
        (("random", "songs drawn at random"), ("artist", "artists kept on one side"))
    ):
        estimates: list[Estimate] = [getattr(pair, split) for pair in own]
        figure.add_bar(
            x=names,
            y=[100 * each.value for each in estimates],
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [100 * (each.high - each.value) for each in estimates],
                "arrayminus": [100 * (each.value - each.low) for each in estimates],
                "color": NEUTRAL,
                "thickness": 1.5,
            },
            marker={
                "color": COLOURS[1 - index],
                "opacity": 0.85,
                "pattern": {"shape": "/" if split == "random" else ""},
            },
            customdata=[[100 * each.low, 100 * each.high] for each in estimates],
            hovertemplate=(
                f"%{{x}}<br>{label}: %{{y:.1f}} % "
                "(95 %: %{customdata[0]:.1f} to %{customdata[1]:.1f} %)<extra></extra>"
            ),
            name=label,
        )
    figure.update_xaxes(fixedrange=True)
    return _with_percent_axis(figure, CORRECT_TITLE, from_zero=True)


def _what_learns(each: TransferResult) -> str:
    if each.parameters is None:
        return "a plain classifier on features"
    epoch = f", best after epoch {each.best_epoch.mean:.0f}" if each.best_epoch else ""
    return f"{each.parameters:,} parameters learn{epoch}"


def _bars(values: Sequence[Spread]) -> dict[str, Any]:
    return {
        "type": "data",
        "array": [100 * value.deviation for value in values],
        "color": NEUTRAL,
        "thickness": 1.5,
        "width": 4,
    }


def _add_curves(
    figure: go.Figure,
    curve: Curve,
    quantity: Quantity,
    name: str,
    index: int,
    best_epoch: int | None = None,
) -> None:
    factor = 100.0 if quantity == "accuracy" else 1.0
    colour = COLOURS[index % len(COLOURS)]
    for part, dash in (("train", "dot"), ("test", "dash" if index >= len(COLOURS) else "solid")):
        values = [factor * value for value in curve[f"{part}_{quantity}"]]
        size = [9 if part == "test" and i + 1 == best_epoch else 0 for i in range(len(values))]
        figure.add_scatter(
            x=list(range(1, len(values) + 1)),
            y=values,
            mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash},
            marker={"size": size, "symbol": MARKERS[index % 4], "line": {"width": 0}},
            legendgroup=name,
            showlegend=part == "test",
            name=name,
            hovertemplate=(
                f"{name}<br>epoch %{{x}}, {'training' if part == 'train' else 'test'}: "
                f"%{{y:.{1 if quantity == 'accuracy' else 2}f}}"
                f"{' %' if quantity == 'accuracy' else ''}<extra></extra>"
            ),
        )


def _finish_curves(figure: go.Figure, quantity: Quantity) -> go.Figure:
    figure.update_xaxes(
        title={"text": "Epoch"}, showgrid=False, zeroline=False, fixedrange=True, rangemode="tozero"
    )
    if quantity == "accuracy":
        return _with_percent_axis(figure, "Correct (%)")
    figure.update_yaxes(
        title={"text": "Loss (cross-entropy, nats)", "standoff": Y_TITLE_STANDOFF},
        gridcolor=GRID,
        zeroline=False,
        fixedrange=True,
        rangemode="tozero",
    )
    return with_legend_above(figure)


def _with_percent_axis(figure: go.Figure, title: str, from_zero: bool = False) -> go.Figure:
    figure.update_yaxes(
        title={"text": title, "standoff": Y_TITLE_STANDOFF},
        gridcolor=GRID,
        zeroline=False,
        fixedrange=True,
        rangemode="tozero" if from_zero else "normal",
    )
    return with_legend_above(figure)
