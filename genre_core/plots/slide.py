"""One song on one slide: a matplotlib figure to save, print or show a class."""

from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from genre_core.audio.peaks import peaks
from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.frame_labels import SILENT, best_genres
from genre_core.plots.palette import DARK_INK, NEUTRAL, code_of, colour_of, ink_on
from genre_core.plots.time_axis import time_ticks
from genre_core.types import Verdict

_INCHES = (12.8, 7.2)  # 16:9
_DPI = 150  # 1920 x 1080 pixels
_MOST_CODES = 24


def slide_figure(analysis: SongAnalysis, verdict: Verdict, words: str) -> Figure:
    """Return verdict, waveform, frames over time and song scores on one 16:9 page.

    Parameters
    ----------
    verdict : made from `analysis.scores`
    words : the confidence in words, e.g. "fairly sure"; empty for none

    Made without pyplot, so that several sessions can draw at once.
    """
    figure = Figure(figsize=_INCHES, dpi=_DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(3, 2, height_ratios=(0.9, 2.2, 3.2), width_ratios=(2.4, 1))
    _draw_title(figure.add_subplot(grid[0, :]), analysis, verdict, words)
    wave = figure.add_subplot(grid[1, 0])
    _draw_waveform(wave, analysis)
    _draw_timeline(figure.add_subplot(grid[2, 0], sharex=wave), analysis)
    _draw_bars(figure.add_subplot(grid[1:, 1]), verdict)
    frames = analysis.frames
    n_frames = len(frames.spans)
    figure.supxlabel(
        f"{n_frames} frame{'s' * (n_frames != 1)} of {frames.frame_seconds:.4g} s, "
        f"{frames.trim_seconds:.4g} s trimmed at each end, "
        f"{verdict.aggregation.replace('_', ' ')}, network "
        f"{_literal(analysis.model.name)} ({analysis.model.sha256[:8]})",
        fontsize=10,
        color="#5b616b",
    )
    return figure


def slide_png(analysis: SongAnalysis, verdict: Verdict, words: str) -> bytes:
    """Return `slide_figure` as a PNG of 1920 x 1080 pixels."""
    out = BytesIO()
    slide_figure(analysis, verdict, words).savefig(out, format="png", dpi=_DPI)
    return out.getvalue()


def _literal(text: str, most: int = 70) -> str:
    """Return text that matplotlib draws as it stands: no mathematics, not too long."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    short = printable if len(printable) <= most else f"{printable[: most - 1]}…"
    return short.replace("$", r"\$")


def _draw_title(axes: Axes, analysis: SongAnalysis, verdict: Verdict, words: str) -> None:
    colour = colour_of(verdict.genre)
    axes.set_axis_off()
    axes.add_patch(Rectangle((0, 0), 1, 1, transform=axes.transAxes, color=colour))
    ink = ink_on(colour)
    axes.text(0.015, 0.5, verdict.genre, fontsize=34, fontweight="bold", color=ink, va="center")
    axes.text(
        0.985,
        0.68,
        f"{words}{': ' if words else ''}{verdict.confidence:.0%}   then {verdict.runner_up}",
        fontsize=16,
        color=ink,
        va="center",
        ha="right",
    )
    axes.text(
        0.985,
        0.28,
        _literal(analysis.waveform.receipt.name),
        fontsize=12,
        color=ink,
        va="center",
        ha="right",
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)


def _draw_waveform(axes: Axes, analysis: SongAnalysis) -> None:
    duration = analysis.waveform.duration_seconds
    lows, highs = peaks(analysis.waveform.samples)
    edges = np.linspace(0.0, duration, len(lows) + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    axes.fill_between(centres, lows, highs, color=NEUTRAL, alpha=0.6, linewidth=0.3)
    best = best_genres(analysis.scores, analysis.model.genres, analysis.frames.spans)
    for span, label in zip(analysis.frames.spans, best, strict=True):
        inside = (centres >= span.start_seconds) & (centres < span.end_seconds)
        colour = NEUTRAL if label == SILENT else colour_of(label)
        axes.fill_between(centres[inside], lows[inside], highs[inside], color=colour, linewidth=0.6)
        axes.axvline(span.start_seconds, color=NEUTRAL, linewidth=0.6, linestyle=":")
    _shade_ends(axes, analysis)
    top = max(float(np.abs(lows).max()), float(np.abs(highs).max()), 1e-3)
    axes.set_ylim(-1.05 * top, 1.05 * top)
    axes.set_ylabel("Amplitude")
    axes.tick_params(labelbottom=False)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_timeline(axes: Axes, analysis: SongAnalysis) -> None:
    genres, scores, spans = analysis.model.genres, analysis.scores, analysis.frames.spans
    silent = np.array([span.silent for span in spans])
    starts = np.array([span.start_seconds for span in spans])
    width = analysis.frames.frame_seconds
    best = best_genres(scores, genres, spans)
    shown = np.where(silent[:, None], 0.0, 100 * scores)
    bottom = np.zeros(len(spans))
    for column in np.argsort(-shown.sum(axis=0), kind="stable"):
        colour = colour_of(genres[column])
        axes.bar(
            starts,
            shown[:, column],
            width,
            bottom=bottom,
            align="edge",
            color=colour,
            edgecolor="white",
            linewidth=0.4,
        )
        if len(spans) <= _MOST_CODES:
            for i, label in enumerate(best):
                if label == genres[column]:
                    axes.text(
                        starts[i] + width / 2,
                        bottom[i] + shown[i, column] / 2,
                        code_of(label),
                        ha="center",
                        va="center",
                        fontsize=10,
                        color=ink_on(colour),
                    )
        bottom += shown[:, column]
    if silent.any():
        axes.bar(
            starts[silent],
            100,
            width,
            align="edge",
            color="none",
            edgecolor=NEUTRAL,
            hatch="//",
            linewidth=0.4,
        )
    _shade_ends(axes, analysis)
    duration = analysis.waveform.duration_seconds
    positions, labels = time_ticks(0.0, duration, most=10)
    axes.set_xticks(positions, labels)
    axes.set_xlim(0, duration)
    axes.set_ylim(0, 100)
    axes.set_ylabel("Score (%)")
    axes.set_xlabel("Time (min:s)")
    axes.spines[["top", "right"]].set_visible(False)


def _draw_bars(axes: Axes, verdict: Verdict) -> None:
    order = np.argsort(verdict.scores, kind="stable")
    names = [verdict.genres[i] for i in order]
    values = 100 * verdict.scores[order]
    axes.barh(
        range(len(names)),
        values,
        color=[colour_of(n) for n in names],
        edgecolor=NEUTRAL,
        linewidth=0.5,
    )
    for i, value in enumerate(values):
        axes.text(value + 2, i, f"{value:.1f}", va="center", fontsize=11, color=DARK_INK)
    axes.set_yticks(range(len(names)), names, fontsize=12)
    axes.set_xlim(0, 118)
    axes.set_xticks([0, 50, 100])
    axes.set_xlabel("Score of the song (%)")
    axes.spines[["top", "right"]].set_visible(False)


def _shade_ends(axes: Axes, analysis: SongAnalysis) -> None:
    spans = analysis.frames.spans
    for start, end in (
        (0.0, analysis.frames.trim_seconds),
        (spans[-1].end_seconds, analysis.waveform.duration_seconds),
    ):
        if end > start:
            axes.axvspan(start, end, color=NEUTRAL, alpha=0.18, linewidth=0)
