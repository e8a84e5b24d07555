"""Confusion matrices: true genres in the rows, named genres in the columns."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.evaluation.metrics import Shares, column_percent, confusion_difference, row_percent
from genre_core.plots.cell_colours import CellColours, difference_colours, percent_colours, rgb
from genre_core.plots.palette import ink_on
from genre_core.plots.style import base_figure

LEFT_MARGIN, RIGHT_MARGIN = 102, 12  # px: on a phone, a cell of ten is still 24 px wide
FloatRows = npt.NDArray[np.float64]
Cell = tuple[int, int]  # row and column: true genre, named genre


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

    A genre of which nothing is counted has no row. Cells can be selected: the trace "cells" has
    the places of both genres as `customdata`.
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
    shown = np.flatnonzero(true_totals).tolist()
    figure = _matrix(
        percent, texts, hover, rows, columns, shown, percent_colours(dark), chosen, height, " %"
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
    shown = np.flatnonzero(after.sum(axis=1)).tolist()
    figure = _matrix(gain, texts, hover, rows, list(genres), shown, colours, chosen, height, "")
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
    shown: list[int],
    colours: CellColours,
    chosen: Cell | None,
    height: int,
    unit: str,
) -> go.Figure:
    n = len(columns)
    height_of = {row: y for y, row in enumerate(shown)}
    figure = base_figure(height, hovermode="closest", hoverdistance=60, clickmode="event+select")
    figure.add_heatmap(
        z=np.nan_to_num(values[shown]).round(2),
        x=np.arange(n),
        y=np.arange(len(shown)),
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
    places = [(i, j) for i in shown for j in range(n)]
    # Heatmap cells cannot be selected; unseen markers on them can.
    figure.add_scatter(
        x=[j for _, j in places],
        y=[height_of[i] for i, _ in places],
        customdata=[[i, j] for i, j in places],
        mode="markers",
        marker={"size": 30, "symbol": "square", "opacity": 0.0},
        selected={"marker": {"opacity": 0.0}},
        unselected={"marker": {"opacity": 0.0}},
        hovertext=[hover[i * n + j] for i, j in places],
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
        font = {"textfont": {"color": rgb(ink)}}
        figure.add_scatter(
            x=[j for _, j in written],
            y=[height_of[i] for i, _ in written],
            text=[_at(texts, place) for place in written],
            mode="text",
            textfont={"size": 11, "color": rgb(ink)},
            selected=font,
            unselected=font,
            hoverinfo="skip",
            name=f"numbers in {ink}",
        )
    if chosen is not None and chosen[0] in height_of:
        i, j = height_of[chosen[0]], chosen[1]
        figure.add_shape(
            type="rect",
            x0=j - 0.5,
            x1=j + 0.5,
            y0=i - 0.5,
            y1=i + 0.5,
            line={"color": "#e0701c", "width": 3},
        )
    axis = {"ticks": "", "showgrid": False}
    figure.update_xaxes(
        **axis,
        range=[-0.5, n - 0.5],
        tickvals=list(range(n)),
        ticktext=columns,
        tickangle=-45,
        title={"text": "Named genre", "standoff": 4},
    )
    figure.update_yaxes(
        **axis,
        range=[len(shown) - 0.5, -0.5],
        tickvals=list(range(len(shown))),
        ticktext=[rows[i] for i in shown],
        title={"text": "True genre", "standoff": 2},
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
