"""The figure of experiment E; `experiments.sources_summary` says in words what it shows."""

from collections.abc import Sequence

import plotly.graph_objects as go

from genre_core.experiments.sources_summary import SourcePoint, starts, training_set
from genre_core.plots.axes import with_legend_above
from genre_core.plots.experiments import COLOURS, DASHES, MARKERS
from genre_core.plots.palette import NEUTRAL
from genre_core.plots.style import GRID, Y_TITLE_STANDOFF, base_figure


def sources_figure(points: Sequence[SourcePoint], height: int = 420) -> go.Figure:
    """Return accuracy on songs from elsewhere against the training set, a line a network.

    Error bars are one standard deviation between draws of songs each way.
    """
    figure = base_figure(height, hovermode="closest", showlegend=True)
    colours = (*COLOURS, NEUTRAL)
    for index, name in enumerate(dict.fromkeys(point.name for point in points)):
        own = sorted((p for p in points if p.name == name), key=lambda point: point.n_train)
        figure.add_scatter(
            x=[point.n_train for point in own],
            y=[100 * point.elsewhere.mean for point in own],
            error_y={
                "type": "data",
                "array": [100 * point.elsewhere.deviation for point in own],
                "color": NEUTRAL,
                "thickness": 1.5,
                "width": 4,
            },
            mode="lines+markers",
            line={
                "color": colours[index % len(colours)],
                "width": 2,
                "dash": DASHES[index % len(DASHES)],
            },
            marker={"symbol": MARKERS[index % len(MARKERS)], "size": 9},
            customdata=[[training_set(p), 100 * p.valid.mean] for p in own],
            hovertemplate=(
                f"{name}<br>%{{customdata[0]}}, %{{x:.0f}} songs: elsewhere %{{y:.1f}} %, "
                "validation list %{customdata[1]:.1f} %<extra></extra>"
            ),
            name=name,
        )
    whole = starts(points)
    if whole:
        figure.add_vline(x=whole[0].n_train, line={"color": NEUTRAL, "width": 1.5, "dash": "dot"})
    figure.update_xaxes(
        title={"text": "Songs to learn from"}, showgrid=False, zeroline=False, fixedrange=True
    )
    figure.update_yaxes(
        title={"text": "Correct songs from elsewhere (%)", "standoff": Y_TITLE_STANDOFF},
        gridcolor=GRID,
        zeroline=False,
        fixedrange=True,
    )
    return with_legend_above(figure)
