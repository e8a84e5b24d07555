"""Both confusion matrices on one page, as a paper prints them: readable in grey.

PNG for slides, SVG and PDF for print, with letters as letters.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Literal

import matplotlib
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from genre_core.evaluation.metrics import row_percent
from genre_core.plots.palette import contrast

PrintFormat = Literal["png", "svg", "pdf"]
_INCHES = (12.0, 5.6)
_DPI = 200
_COLORMAP = "Greys"


def confusion_pair_figure(
    by_frame: npt.ArrayLike, by_song: npt.ArrayLike, genres: Sequence[str], caption: str
) -> Figure:
    """Return the matrix by frame beside the matrix by song, in percent of the row.

    Parameters
    ----------
    by_frame, by_song : int (n_genres, n_genres), counts; rows are true genres
    caption : what was measured; written under both

    Made without pyplot, so that several sessions can draw at once.
    """
    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    _draw(left, by_frame, genres, "By frame")
    image = _draw(right, by_song, genres, "By song")
    bar = figure.colorbar(image, ax=[left, right], fraction=0.03, pad=0.01)
    bar.set_label("% of the true genre")
    bar.outline.set_linewidth(0.5)
    figure.supxlabel(caption, fontsize=9, parse_math=False, wrap=True)
    return figure


def confusion_pair_file(
    by_frame: npt.ArrayLike,
    by_song: npt.ArrayLike,
    genres: Sequence[str],
    caption: str,
    file_format: PrintFormat,
) -> bytes:
    """Return `confusion_pair_figure` as a PNG, SVG or PDF file; the same input, the same bytes."""
    figure = confusion_pair_figure(by_frame, by_song, genres, caption)
    metadata = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[file_format]
    out = BytesIO()
    with matplotlib.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "genre_core", "pdf.fonttype": 42}
    ):
        figure.savefig(out, format=file_format, dpi=_DPI, metadata=metadata)
    return out.getvalue()


def _draw(axes: Axes, counts: npt.ArrayLike, genres: Sequence[str], title: str) -> AxesImage:
    counts = np.asarray(counts, dtype=np.int64)
    percent = row_percent(counts)
    totals = counts.sum(axis=1)
    image = axes.imshow(np.nan_to_num(percent), cmap=_COLORMAP, vmin=0, vmax=100)
    greys = image.to_rgba(np.nan_to_num(percent))  # (n_genres, n_genres, 4)
    for (i, j), value in np.ndenumerate(percent):
        if counts[i, j]:
            axes.text(
                j,
                i,
                f"{value:.1f}" if value < 99.95 else "100",
                ha="center",
                va="center",
                fontsize=7.5,
                color=_ink(greys[i, j]),
            )
    places = np.arange(len(genres))
    axes.set_xticks(places, genres, rotation=45, ha="right", rotation_mode="anchor", fontsize=9)
    rows = [f"{genre} (n = {n})" for genre, n in zip(genres, totals, strict=True)]
    axes.set_yticks(places, rows, fontsize=9)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_parse_math(False)
    axes.set_xticks(places[1:] - 0.5, minor=True)
    axes.set_yticks(places[1:] - 0.5, minor=True)
    axes.grid(which="minor", color="0.8", linewidth=0.4)
    axes.tick_params(which="both", length=0)
    axes.set_xlabel("Named genre")
    axes.set_ylabel("True genre")
    diagonal = float(np.nanmean(np.diag(percent)))
    axes.set_title(f"{title}\nmean of the diagonal {diagonal:.2f} %", fontsize=11)
    return image


def _ink(rgba: npt.NDArray[np.float64]) -> str:
    """Return black or white, whichever reads better on a grey; coloured ink is not for print."""
    red, green, blue = (float(channel) for channel in rgba[:3])
    grey = to_hex((red, green, blue))
    return max(("black", "white"), key=lambda ink: contrast(to_hex(ink), grey))
