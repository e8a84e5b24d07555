"""The share of songs of each genre, by verdict."""

from collections.abc import Mapping

import plotly.graph_objects as go

from genre_core.plots.palette import colour_of
from genre_core.plots.style import OUTLINE, base_figure


def genre_shares_figure(counts: Mapping[str, int], height: int = 360) -> go.Figure:
    """Return a bar a genre, the most frequent first; `counts` are numbers of songs, at least one.

    `height` is in pixels.
    """
    genres = sorted(counts, key=lambda genre: -counts[genre])
    n_songs = sum(counts.values())
    shares = [100 * counts[genre] / n_songs for genre in genres]
    figure = base_figure(height, hovermode="closest", bargap=0.2)
    figure.add_bar(
        x=genres,
        y=shares,
        marker={
            "color": [colour_of(genre) for genre in genres],
            "line": {"width": 0.5, "color": OUTLINE},
        },
        text=[f"{share:.0f} %" if share >= 1 else "&lt;1 %" for share in shares],
        textposition="outside",
        cliponaxis=False,
        customdata=[counts[genre] for genre in genres],
        hovertemplate="%{x}: %{customdata:,} songs, %{y:.1f} %<extra></extra>",
    )
    figure.update_xaxes(title_text="Genre by verdict", tickangle=-45)
    figure.update_yaxes(title_text="Share of the songs (%)", rangemode="tozero")
    figure.update_layout(margin={"b": 96})
    return figure
