"""A time axis for pieces of a song that may be far shorter than a second."""

import plotly.graph_objects as go

from genre_core.plots.axes import TIME_IN_SONG, set_time_axis

_FROM_CLOCK = 10.0  # s; from here on minutes and seconds are enough


def set_seconds_axis(figure: go.Figure, start_seconds: float, end_seconds: float) -> None:
    """Give the x axis "m:ss" ticks, or seconds with decimals where the piece is short."""
    if end_seconds - start_seconds >= _FROM_CLOCK:
        set_time_axis(figure, start_seconds, end_seconds, TIME_IN_SONG)
        return
    figure.update_xaxes(
        title_text="Time in the song (s)", range=[start_seconds, end_seconds], nticks=6
    )
