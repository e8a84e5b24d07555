"""How a library's songs spread over the years, genre by genre."""

from collections.abc import Mapping

import plotly.graph_objects as go

from genre_core.plots.palette import colour_of
from genre_core.plots.style import base_figure

_MOST_BARS = 40  # more years are put together


def over_years_figure(
    by_year: Mapping[int, Mapping[str, int]], as_share: bool = False, height: int = 380
) -> go.Figure:
    """Return a stacked bar a year, or one for several years where there are many.

    Parameters
    ----------
    by_year : number of songs by year and genre; at least one year
    as_share : each bar is 100 % of its songs, instead of their number
    height : pixels
    """
    step = years_in_bar(by_year)
    bars = _together(by_year, step)
    genres = sorted({genre for songs in bars.values() for genre in songs})
    totals = {year: sum(songs.values()) for year, songs in bars.items()}
    figure = base_figure(height, barmode="stack", bargap=0.08, hovermode="closest")
    for genre in genres:
        counts = [songs.get(genre, 0) for songs in bars.values()]
        shares = [100 * n / total for n, total in zip(counts, totals.values(), strict=True)]
        figure.add_bar(
            x=[year + (step - 1) / 2 for year in bars],
            y=shares if as_share else counts,
            width=0.92 * step,
            name=genre,
            marker={"color": colour_of(genre), "line": {"width": 0}},
            customdata=[
                [_years(year, step), n, share]
                for year, n, share in zip(bars, counts, shares, strict=True)
            ],
            hovertemplate="%{customdata[0]}: %{customdata[1]:,} songs of "
            f"{genre}, %{{customdata[2]:.0f}} %<extra></extra>",
        )
    figure.update_xaxes(title_text="Year of the song", tickformat="d")
    figure.update_yaxes(title_text="Share of the songs (%)" if as_share else "Songs")
    return figure


def years_in_bar(by_year: Mapping[int, object]) -> int:
    """Return how many years one bar stands for."""
    span = max(by_year) - min(by_year) + 1
    return next((step for step in (1, 2, 5, 10, 25, 100) if span <= step * _MOST_BARS), 1_000)


def _together(by_year: Mapping[int, Mapping[str, int]], step: int) -> dict[int, dict[str, int]]:
    bars: dict[int, dict[str, int]] = {}
    for year, songs in sorted(by_year.items()):
        bar = bars.setdefault(year - year % step, {})
        for genre, n in songs.items():
            bar[genre] = bar.get(genre, 0) + n
    return bars


def _years(year: int, step: int) -> str:
    return str(year) if step == 1 else f"{year}–{year + step - 1}"
