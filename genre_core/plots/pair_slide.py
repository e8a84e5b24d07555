"""Two songs on one slide, their timelines on one time axis."""

from io import BytesIO

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.song_pair import SongPair
from genre_core.plots.paired_scores import difference_in_words
from genre_core.plots.palette import NEUTRAL, colour_of
from genre_core.plots.song_drawing import draw_timeline, draw_title, literal
from genre_core.plots.time_axis import time_ticks
from genre_core.types import FloatArray

_INCHES = (12.8, 7.2)  # 16:9
_DPI = 150  # 1920 x 1080 pixels


def pair_figure(
    analyses: tuple[SongAnalysis, SongAnalysis], pair: SongPair, titles: tuple[str, str]
) -> Figure:
    """Return both songs' titles, verdicts and frames, and their scores genre by genre.

    `titles` are anybody's text. Made without pyplot, so that several sessions can draw at once.
    """
    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(4, 2, height_ratios=(1, 2.8, 1, 2.8), width_ratios=(2.2, 1))
    longest = max(analysis.waveform.duration_seconds for analysis in analyses)
    for number, (analysis, title) in enumerate(zip(analyses, titles, strict=True)):
        name = figure.add_subplot(grid[2 * number, 0])
        draw_title(name, f"{number + 1}: {title}", analysis.verdict(), "")
        axes = figure.add_subplot(grid[2 * number + 1, 0])
        draw_timeline(axes, analysis)
        axes.set_xlim(0, longest)
        axes.set_xticks(*time_ticks(0.0, longest, most=10))
    first, second = (analysis.verdict().scores for analysis in analyses)
    _draw_scores(figure.add_subplot(grid[:, 1]), pair, first, second)
    return figure


def pair_png(
    analyses: tuple[SongAnalysis, SongAnalysis], pair: SongPair, titles: tuple[str, str]
) -> bytes:
    """Return `pair_figure` as a PNG of 1920 x 1080 pixels."""
    out = BytesIO()
    pair_figure(analyses, pair, titles).savefig(out, format="png", dpi=_DPI)
    return out.getvalue()


def _draw_scores(axes: Axes, pair: SongPair, first: FloatArray, second: FloatArray) -> None:
    """Draw a line for each genre from one score to the other, with a 1 and a 2 at its ends."""
    columns = list(reversed(pair.order))
    for row, column in enumerate(columns):
        colour = colour_of(pair.genres[column])
        ends = (100 * float(first[column]), 100 * float(second[column]))
        axes.plot(ends, (row, row), color=colour, linewidth=5, zorder=2)
        for number, x in ((2, ends[1]), (1, ends[0])):
            axes.text(
                x,
                row,
                str(number),
                ha="center",
                va="center",
                zorder=3 + (number == 1),
                bbox={"boxstyle": "circle", "facecolor": "white", "edgecolor": colour},
            )
        axes.text(110, row, difference_in_words(100 * float(pair.differences[column])), va="center")
    axes.set_yticks(range(len(columns)), [literal(pair.genres[i], 20) for i in columns])
    axes.set_xlim(-6, 106)
    axes.set_xticks([0, 50, 100])
    axes.set_xlabel("Score of the song (%)")
    axes.grid(axis="y", color=NEUTRAL, alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
