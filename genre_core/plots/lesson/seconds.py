"""A time axis for pieces of a song that may be far shorter than a second."""

import plotly.graph_objects as go

from genre_core.plots.style import set_time_axis

_FROM_CLOCK = 10.0  # s; from here on minutes and seconds are enough


def set_seconds_axis(figure: go.Figure, start_seconds: float, end_seconds: float) -> None:
    """Give the x axis "m:ss" ticks, or seconds with decimals where the piece is short."""
    if end_seconds - start_seconds >= _FROM_CLOCK:
        set_time_axis(figure, start_seconds, end_seconds, "Time in the song (min:s)")
        figure.update_xaxes(title={"standoff": None})
        return
    figure.update_xaxes(
        title={"text": "Time in the song (s)"},
        range=[start_seconds, end_seconds],
        nticks=6,
        showgrid=False,
        zeroline=False,
        fixedrange=True,
    )
