"""The waveform of a song: trimmed ends greyed, each frame in the colour of its genre."""

import numpy as np
import plotly.graph_objects as go

from genre_core.plots.frame_labels import SILENT, best_genres, hover_text
from genre_core.plots.palette import NEUTRAL, code_of, colour_of
from genre_core.plots.style import GRID, base_figure, set_time_axis, shade
from genre_core.plots.time_axis import clock
from genre_core.types import FloatArray, SongAnalysis

MOST_PEAKS = 1_000  # two points each
MOST_CODES = 12  # genre codes that fit side by side at 390 px


def peaks(samples: FloatArray, n_bins: int = MOST_PEAKS) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and highest sample in each of at most `n_bins` equal pieces.

    Parameters
    ----------
    samples : float32 (n_samples,), n_samples > 0
    n_bins : int

    Returns
    -------
    (float32 (n,), float32 (n,))
        Lows and highs, n = min(n_bins, n_samples). No sample lies outside its pair, so a click
        that lasts one sample is still seen.
    """
    n = min(n_bins, len(samples))
    starts = np.arange(n) * len(samples) // n
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)


def waveform_figure(analysis: SongAnalysis, height: int = 190) -> go.Figure:
    """Return the waveform over time.

    Parameters
    ----------
    analysis : SongAnalysis
    height : int
        Pixels.

    Returns
    -------
    plotly Figure
        At most 2 x `MOST_PEAKS` points and one trace a colour, however long the song.
    """
    waveform, frames = analysis.waveform, analysis.frames
    duration = waveform.duration_seconds
    lows, highs = peaks(waveform.samples)
    edges = np.linspace(0.0, duration, len(lows) + 1)
    centres = (edges[:-1] + edges[1:]) / 2
    best = best_genres(analysis.scores, analysis.model.genres, frames.spans)

    # Which frame each piece lies in; -1 outside the frames.
    starts = np.array([span.start_seconds for span in frames.spans])
    ends = np.array([span.end_seconds for span in frames.spans])
    frame_of = np.searchsorted(starts, centres, side="right") - 1
    frame_of[(frame_of >= 0) & (centres >= ends[np.maximum(frame_of, 0)])] = -1

    label_of = np.array([best[i] if i >= 0 else "" for i in frame_of])
    figure = base_figure(height)
    for label in dict.fromkeys(label_of):
        x, y = _outline(label_of == label, edges, lows, highs)
        colour = NEUTRAL if label in ("", SILENT) else colour_of(label)
        figure.add_scatter(
            x=x,
            y=y,
            fill="toself",
            mode="lines",
            line={"width": 0.6, "color": colour},
            fillcolor=colour,
            opacity=0.3 if label in ("", SILENT) else 1.0,
            hoverinfo="skip",
            name=label or "not heard",
        )

    figure.add_scatter(
        x=(starts + ends) / 2,
        y=np.zeros(len(starts)),
        mode="markers",
        marker={"opacity": 0.0},
        hovertext=[
            hover_text(span, row, analysis.model.genres)
            for span, row in zip(frames.spans, analysis.scores, strict=True)
        ],
        hoverinfo="text",
        name="frames",
    )
    shade(figure, 0.0, frames.trim_seconds)
    shade(figure, float(ends[-1]), duration)
    for edge in [*starts, ends[-1]]:
        figure.add_vline(x=float(edge), line={"width": 1, "color": NEUTRAL, "dash": "dot"})
    if len(best) <= MOST_CODES:
        for span, label in zip(frames.spans, best, strict=True):
            figure.add_annotation(
                x=(span.start_seconds + span.end_seconds) / 2,
                y=1.0,
                yref="paper",
                yanchor="bottom",
                text="–" if label == SILENT else code_of(label),
                showarrow=False,
                font={"size": 11},
            )
    top = max(float(np.abs(lows).max()), float(np.abs(highs).max()), 1e-3)
    figure.update_yaxes(
        title={"text": "Amplitude", "standoff": 4},
        range=[-1.05 * top, 1.05 * top],
        tickvals=[-top, 0, top],
        ticktext=[f"{-top:.1f}", "0", f"{top:.1f}"],
        gridcolor=GRID,
        zeroline=False,
        fixedrange=True,
    )
    set_time_axis(figure, 0.0, duration)
    return figure


def waveform_summary(analysis: SongAnalysis) -> str:
    """Return the waveform figure in one sentence, for those who cannot see it."""
    frames = analysis.frames
    best = best_genres(analysis.scores, analysis.model.genres, frames.spans)
    heard = ", ".join(f"{i + 1} {label}" for i, label in enumerate(best[:20]))
    more = "" if len(best) <= 20 else f" and {len(best) - 20} more"
    return (
        f"Waveform of {clock(analysis.waveform.duration_seconds)} minutes; frames from "
        f"{clock(frames.spans[0].start_seconds)} to {clock(frames.spans[-1].end_seconds)}: "
        f"{heard}{more}."
    )


def _outline(
    mask: np.ndarray, edges: np.ndarray, lows: FloatArray, highs: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return closed outlines around the runs of `mask`, NaN between them."""
    steps = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    xs: list[np.ndarray] = []
    ys: list[np.ndarray] = []
    gap = np.array([np.nan])
    for first, last in zip(steps[::2], steps[1::2], strict=True):
        x = (edges[first:last] + edges[first + 1 : last + 1]) / 2
        # The run reaches to its own edges, so that neighbours touch.
        x = np.concatenate([[edges[first]], x, [edges[last]]])
        high = np.concatenate([highs[first : first + 1], highs[first:last], highs[last - 1 : last]])
        low = np.concatenate([lows[first : first + 1], lows[first:last], lows[last - 1 : last]])
        xs += [x, x[::-1], gap]
        ys += [high, low[::-1], gap]
    return (
        np.concatenate(xs[:-1]).astype(np.float32),
        np.concatenate(ys[:-1]).astype(np.float32),
    )
