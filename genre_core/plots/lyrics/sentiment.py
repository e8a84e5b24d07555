"""Sentiment of lyrics, line by line."""

from collections.abc import Sequence

import plotly.graph_objects as go

from genre_core.lyrics.measures import Sentiment
from genre_core.lyrics.text import Line
from genre_core.plots.axes import set_time_axis
from genre_core.plots.palette import NEUTRAL, with_alpha
from genre_core.plots.style import (
    base_figure,
)

POSITIVE, NEGATIVE = "#3f7fd0", "#d0742a"  # told apart with every kind of colour vision
_LONGEST = 60  # characters of a line in a hover text


def sentiment_figure(
    lines: Sequence[Line], sentiments: Sequence[Sentiment], height: int = 220
) -> go.Figure:
    """Return positive words of each line above the axis, negative ones below.

    Over time where every line with words is timed, else over the lines.

    Parameters
    ----------
    lines : sequence of Line
    sentiments : sequence of Sentiment
        One for each line.
    height : int
        Pixels.
    """
    rows = [(line, each) for line, each in zip(lines, sentiments, strict=True) if line.tokens]
    starts = [line.start_seconds for line, _ in rows]
    timed = [start for start in starts if start is not None]
    is_timed = len(timed) == len(rows)
    places: Sequence[float] = timed if is_timed else range(1, len(rows) + 1)
    figure = base_figure(height, hovermode="closest", barmode="relative", bargap=0.15)
    texts = [_short(line.text) for line, _ in rows]
    for name, values, colour in (
        ("positive", [each.positive for _, each in rows], POSITIVE),
        ("negative", [-each.negative for _, each in rows], NEGATIVE),
    ):
        figure.add_bar(
            x=list(places),
            y=values,
            width=2.0 if is_timed else None,
            marker={"color": colour, "line": {"width": 0}},
            customdata=[[abs(v), t] for v, t in zip(values, texts, strict=True)],
            hovertemplate=f"%{{customdata[0]}} {name}: %{{customdata[1]}}<extra></extra>",
            name=name,
        )
    if is_timed:
        set_time_axis(figure, min(timed), max(timed) + 4, "Time of the line (min:s)")
    else:
        figure.update_xaxes(
            title_text="Line",
            range=[0.4, len(rows) + 0.6],
        )
    most = max(1, *(max(each.positive, each.negative) for _, each in rows))
    figure.update_yaxes(
        title_text="Words",
        range=[-most - 0.4, most + 0.4],
        tickvals=[-most, 0, most],
        ticktext=[str(most), "0", str(most)],
        zeroline=True,
        zerolinecolor=with_alpha(NEUTRAL, 0.9),
    )
    return figure


def _short(text: str) -> str:
    """Return a line for a hover text: cut, and with no markup that plotly would read."""
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
