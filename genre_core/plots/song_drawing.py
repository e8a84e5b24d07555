"""Parts of a matplotlib figure of one song: title, waveform, timeline, scores, legend."""

import math
from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from PIL import Image

from genre_core.audio.peaks import peaks
from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.frame_labels import SILENT, best_genres
from genre_core.plots.palette import DARK_INK, NEUTRAL, code_of, colour_of, ink_on
from genre_core.plots.time_axis import time_ticks
from genre_core.types import Verdict

_MOST_CODES = 24
_LEGEND_COLUMNS = 8  # as many names fit the width of a card
_SEEN = 0.02  # a genre with a smaller score in every frame is not in the legend


def literal(text: str, most: int = 70) -> str:
    """Return text that matplotlib draws as it stands: no mathematics, not too long."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    short = printable if len(printable) <= most else f"{printable[: most - 1]}…"
    return short.replace("$", r"\$")


def read_picture(jpeg: bytes) -> Image.Image | None:
    """Return the picture; None if it is damaged."""
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as image:
            return image.convert("RGB")
    except Exception:
        # Damaged pictures raise errors of many kinds in Pillow.
        return None


def draw_title(axes: Axes, title: str, verdict: Verdict, words: str, most: int = 70) -> None:
    """Draw the verdict on its colour, with `most` letters of the song's title, anybody's text."""
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
        literal(title, most),
        fontsize=16,
        color=ink,
        va="center",
        ha="right",
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)


def draw_waveform(axes: Axes, analysis: SongAnalysis) -> None:
    """Draw the waveform, each frame in the colour of its best genre."""
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


def draw_timeline(axes: Axes, analysis: SongAnalysis) -> None:
    """Draw the scores of the frames, stacked, over the song's time."""
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


def draw_bars(axes: Axes, verdict: Verdict) -> None:
    """Draw the song's scores; a score of almost nothing has no number."""
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
        axes.text(value + 2, i, _score_text(value), va="center", fontsize=11, color=DARK_INK)
    axes.set_yticks(range(len(names)), names, fontsize=12)
    axes.set_xlim(0, 118)
    axes.set_xticks([0, 50, 100])
    axes.set_xlabel("Score of the song (%)")
    axes.spines[["top", "right"]].set_visible(False)


def draw_legend(figure: Figure, analysis: SongAnalysis, facts: str = "") -> None:
    """Draw the names of the genres that can be seen in the timeline under `facts`, below all."""
    most = analysis.scores.max(axis=0)
    order = [i for i in np.argsort(-most, kind="stable") if most[i] >= _SEEN]
    names = [analysis.model.genres[i] for i in order]
    n_rows = math.ceil(len(names) / _LEGEND_COLUMNS)
    handles = [Patch(facecolor=colour_of(name), edgecolor=NEUTRAL) for name in names]
    figure.legend(
        handles,
        [f"{code_of(name)} {literal(name, 20)}" for name in names],
        loc="outside lower center",
        ncols=math.ceil(len(names) / n_rows),
        frameon=False,
        fontsize=10,
        title=facts or None,
        title_fontproperties={"size": 10},
    )


def _score_text(percent: float) -> str:
    """Return e.g. "12.3"; nothing for what would be "0.0"."""
    return f"{percent:.1f}" if percent >= 0.05 else ""


def _shade_ends(axes: Axes, analysis: SongAnalysis) -> None:
    spans = analysis.frames.spans
    for start, end in (
        (0.0, analysis.frames.trim_seconds),
        (spans[-1].end_seconds, analysis.waveform.duration_seconds),
    ):
        if end > start:
            axes.axvspan(start, end, color=NEUTRAL, alpha=0.18, linewidth=0)
