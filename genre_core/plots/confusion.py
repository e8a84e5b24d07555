"""Confusion matrices: true genres in the rows, named genres in the columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.colors
import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.evaluation.metrics import Shares, column_percent, confusion_difference, row_percent
from genre_core.plots.palette import ink_on
from genre_core.plots.style import base_figure

LEFT_MARGIN, RIGHT_MARGIN = 102, 12  # px: on a phone, a cell of ten is still 24 px wide
FloatRows = npt.NDArray[np.float64]
Cell = tuple[int, int]  # row and column: true genre, named genre

# Lightness changes in one direction, so that the scale is also read in grey.
_LIGHT = ("#f3f5fa", "#ccd7ef", "#95abdc", "#5876bb", "#2f4a86", "#182648")
_DARK = ("#1b202b", "#27375a", "#36528e", "#5478c6", "#8dadea", "#d3e2ff")
# Worse on the left, better on the right.
_LIGHT_SIGNED = ("#9a4a12", "#e0a06a", "#f5f5f5", "#8fa9dd", "#2f4a86")
_DARK_SIGNED = ("#f0a868", "#8a5226", "#1b202b", "#38568f", "#93b3f2")


@dataclass(frozen=True)
class CellColours:
    """A colour for every value from `low` to `high`, and ink that can be read on it."""

    stops: tuple[str, ...]
    low: float
    high: float

    def of(self, value: float) -> str:
        """Return the colour of `value` as "#rrggbb"."""
        place = (value - self.low) / (self.high - self.low)
        stops = [matplotlib.colors.to_rgb(stop) for stop in self.stops]
        at = np.linspace(0.0, 1.0, len(stops))
        red, green, blue = (float(np.interp(place, at, [s[k] for s in stops])) for k in range(3))
        return matplotlib.colors.to_hex((red, green, blue))

    def plotly(self) -> list[list[float | str]]:
        """Return the scale as plotly takes it."""
        places = np.linspace(0.0, 1.0, len(self.stops))
        return [[float(p), _rgb(c)] for p, c in zip(places, self.stops, strict=True)]


def percent_colours(dark: bool) -> CellColours:
    """Return the one scale of all matrices: 0 to 100 % of a row."""
    return CellColours(_DARK if dark else _LIGHT, 0.0, 100.0)


def difference_colours(dark: bool, most: float) -> CellColours:
    """Return the scale of differences: `most` percentage points worse to as many better."""
    return CellColours(_DARK_SIGNED if dark else _LIGHT_SIGNED, -most, most)


def confusion_figure(
    counts: npt.ArrayLike,
    genres: Sequence[str],
    *,
    what: str,
    cells: Shares = "row",
    chosen: Cell | None = None,
    dark: bool = False,
    height: int = 470,
) -> go.Figure:
    """Return a confusion matrix.

    Parameters
    ----------
    counts : int (n_genres, n_genres)
    what : what is counted, in the plural: "songs" or "frames"
    cells : their texts: percent of the row, percent of the column, or counts (coloured by row)
    chosen : a cell to frame
    dark : colours for a dark page
    height : pixels

    Cells can be selected: the trace "cells" has row and column as `customdata`.
    """
    counts = np.asarray(counts, dtype=np.int64)
    of_row, of_column = row_percent(counts), column_percent(counts)
    percent = of_column if cells == "column" else of_row
    texts = [
        [_cell_text(counts[i, j], percent[i, j], cells == "count") for j in range(len(genres))]
        for i in range(len(genres))
    ]
    true_totals, named_totals = counts.sum(axis=1), counts.sum(axis=0)
    hover = [
        _title(true, named)
        + _share_line(counts[i, j], true_totals[i], f"{what} of {true}")
        + _share_line(counts[i, j], named_totals[j], f"{what} named {named}")
        for i, true in enumerate(genres)
        for j, named in enumerate(genres)
    ]
    rows = [f"{genre} ({n})" for genre, n in zip(genres, true_totals, strict=True)]
    columns = list(genres)
    if cells == "column":
        columns = [f"{genre} ({n})" for genre, n in zip(genres, named_totals, strict=True)]
    figure = _matrix(
        percent, texts, hover, rows, columns, percent_colours(dark), chosen, height, " %"
    )
    if cells == "column":
        figure.update_layout(margin={"b": 100})  # room for the numbers
    return figure


def difference_figure(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    genres: Sequence[str],
    *,
    chosen: Cell | None = None,
    dark: bool = False,
    height: int = 470,
) -> go.Figure:
    """Return how each cell changed from frames to songs, in percentage points of its row.

    The texts have the sign of the change. The colours say better or worse: more is better on the
    diagonal and worse elsewhere.

    Parameters
    ----------
    before, after : int (n_genres, n_genres), counts of frames, and of songs
    genres, chosen, dark, height : as in `confusion_figure`
    """
    difference = confusion_difference(before, after)
    largest = float(np.nanmax(np.abs(difference), initial=0.0))
    colours = difference_colours(dark, max(10.0, 10.0 * np.ceil(largest / 10.0)))
    texts = [[_signed(value) for value in row] for row in difference]
    gain = np.where(np.eye(len(genres), dtype=bool), difference, -difference)
    before, after = np.asarray(before, dtype=np.int64), np.asarray(after, dtype=np.int64)
    hover = [
        _title(true, named)
        + _share_line(before[i, j], before[i].sum(), "frames")
        + _share_line(after[i, j], after[i].sum(), "songs")
        + (
            ""
            if np.isnan(difference[i, j])
            else f"<br>{_exact(difference[i, j])} percentage points{_good_or_bad(gain[i, j])}"
        )
        for i, true in enumerate(genres)
        for j, named in enumerate(genres)
    ]
    rows = [f"{genre} ({n})" for genre, n in zip(genres, after.sum(axis=1), strict=True)]
    figure = _matrix(gain, texts, hover, rows, list(genres), colours, chosen, height, "")
    ends = {"tickvals": [colours.low, 0, colours.high], "ticktext": ["worse", "", "better"]}
    figure.update_traces(colorbar=ends, selector={"type": "heatmap"})
    return figure


def largest_confusions(
    counts: npt.ArrayLike, genres: Sequence[str], most: int = 3
) -> list[tuple[str, str, int, int]]:
    """Return (true genre, named genre, count, count of the row), the largest errors first."""
    counts = np.array(counts, dtype=np.int64)
    totals = counts.sum(axis=1)
    np.fill_diagonal(counts, 0)
    order = np.argsort(-counts, axis=None, kind="stable")[:most]
    cells = [np.unravel_index(index, counts.shape) for index in order]
    return [
        (genres[i], genres[j], int(counts[i, j]), int(totals[i])) for i, j in cells if counts[i, j]
    ]


def _matrix(
    values: FloatRows,
    texts: list[list[str]],
    hover: list[str],
    rows: list[str],
    columns: list[str],
    colours: CellColours,
    chosen: Cell | None,
    height: int,
    unit: str,
) -> go.Figure:
    n = len(columns)
    figure = base_figure(height, hovermode="closest", hoverdistance=60, clickmode="event+select")
    figure.add_heatmap(
        z=np.nan_to_num(values).round(2),
        x=np.arange(n),
        y=np.arange(n),
        zmin=colours.low,
        zmax=colours.high,
        colorscale=colours.plotly(),
        xgap=1,
        ygap=1,
        hoverinfo="skip",
        colorbar={
            "orientation": "h",
            "thickness": 8,
            "len": 0.95,  # its last number reaches into the margin
            "xpad": 0,
            "x": 0.0,
            "xanchor": "left",
            "y": 1.0,
            "yanchor": "bottom",
            "ypad": 6,
            "ticksuffix": unit,
            "ticklabeloverflow": "allow",  # else the last number is left out
            "outlinewidth": 0,
        },
    )
    places = [(i, j) for i in range(n) for j in range(n)]
    # Heatmap cells cannot be selected; unseen markers on them can.
    figure.add_scatter(
        x=[j for _, j in places],
        y=[i for i, _ in places],
        customdata=[[i, j] for i, j in places],
        mode="markers",
        marker={"size": 30, "symbol": "square", "opacity": 0.0},
        selected={"marker": {"opacity": 0.0}},
        unselected={"marker": {"opacity": 0.0}},
        hovertext=hover,
        hoverinfo="text",
        name="cells",
    )
    inks = {
        place: ink_on(colours.of(np.nan_to_num(values)[place]))
        for place in places
        if _at(texts, place)
    }
    for ink in sorted(set(inks.values())):
        written = [place for place in places if inks.get(place) == ink]
        font = {"textfont": {"color": _rgb(ink)}}
        figure.add_scatter(
            x=[j for _, j in written],
            y=[i for i, _ in written],
            text=[_at(texts, place) for place in written],
            mode="text",
            textfont={"size": 11, "color": _rgb(ink)},
            selected=font,
            unselected=font,
            hoverinfo="skip",
            name=f"numbers in {ink}",
        )
    if chosen is not None:
        i, j = chosen
        figure.add_shape(
            type="rect",
            x0=j - 0.5,
            x1=j + 0.5,
            y0=i - 0.5,
            y1=i + 0.5,
            line={"color": "#e0701c", "width": 3},
        )
    axis = {"tickvals": list(range(n)), "ticks": "", "showgrid": False}
    ends = [-0.5, n - 0.5]
    figure.update_xaxes(
        **axis,
        range=ends,
        ticktext=columns,
        tickangle=-45,
        title={"text": "Named genre", "standoff": 4},
    )
    figure.update_yaxes(
        **axis, range=ends[::-1], ticktext=rows, title={"text": "True genre", "standoff": 2}
    )
    figure.update_layout(margin={"l": LEFT_MARGIN, "r": RIGHT_MARGIN, "t": 36, "b": 78})
    return figure


def _title(true: str, named: str) -> str:
    return f"<b>truly {true}, named {named}</b>"


def _share_line(count: int, total: int, of_what: str) -> str:
    share = f": {100 * count / total:.1f} %" if total else ""
    return f"<br>{count:,} of {total:,} {of_what}{share}"


def _at(texts: list[list[str]], place: Cell) -> str:
    return texts[place[0]][place[1]]


def _cell_text(count: int, percent: float, show_counts: bool) -> str:
    if count == 0:
        return ""
    return str(count) if show_counts else f"{percent:.0f}"


def _signed(value: float) -> str:
    # U+2212, as long as the plus sign.
    return "" if np.isnan(value) or round(value) == 0 else f"{value:+.0f}".replace("-", "−")


def _exact(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def _good_or_bad(gain: float) -> str:
    return "" if round(gain, 1) == 0 else f": {'better' if gain > 0 else 'worse'}"


def _rgb(colour: str) -> str:
    # In rgb(), for Streamlit's theme takes some dark hex colours for its own placeholders.
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"
