"""Why this genre: a spectrogram in grey, and over it what spoke for the genre and what against."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.config import FeatureSettings
from genre_core.features import mel_scale
from genre_core.inference.explain import Explanation, score_of, strongest
from genre_core.inference.grid import Cell, Grid
from genre_core.plots.axes import TIME_IN_SONG, set_mel_axis, set_time_axis
from genre_core.plots.mel import LARGE_COLUMNS, pool_columns
from genre_core.plots.registers import register
from genre_core.plots.style import base_figure
from genre_core.plots.time_axis import clock
from genre_core.types import FloatArray, FrameSpan

MOST_NAMED = 3  # parts named, numbered and offered to hear, on either side

# Orange against, blue for, as in the differences of the page "Test set": told apart in every kind
# of colour vision. What is near 0 is clear, so that the spectrogram shows.
_AGAINST, _FOR = (240, 140, 40), (70, 130, 255)
_STRONGEST_ALPHA = 0.85
_SHORT_PART_SECONDS = 2.0  # shorter parts are told to a tenth of a second


@dataclass(frozen=True)
class Part:
    """One part of a frame in a listener's terms; seconds count from the start of the song."""

    cell: Cell
    influence: float
    low_hz: float
    high_hz: float
    start_seconds: float
    end_seconds: float


def part_of(
    cell: Cell, influence: float, grid: Grid, span: FrameSpan, features: FeatureSettings
) -> Part:
    """Return where a cell of a frame's grid lies."""
    row, column = cell
    edges_hz = mel_scale.edges_hz(features)
    start, end = _seconds(grid, span, features)[[column, column + 1]]
    return Part(
        cell,
        influence,
        low_hz=float(edges_hz[grid.band_edges[row]]),
        high_hz=float(edges_hz[grid.band_edges[row + 1]]),
        start_seconds=float(start),
        end_seconds=float(end),
    )


def named_parts(
    explanation: Explanation, span: FrameSpan, features: FeatureSettings
) -> tuple[list[Part], list[Part]]:
    """Return the strongest parts for the genre and those against, up to three each, in order."""

    def parts(sign: int) -> list[Part]:
        influence = explanation.part_influence
        return [
            part_of(cell, float(influence[cell]), explanation.part_grid, span, features)
            for cell in strongest(sign * influence, MOST_NAMED)
        ]

    return parts(1), parts(-1)


def part_in_words(part: Part) -> str:
    """Return e.g. "0.8–1.6 kHz, 0:32–0:36"."""
    decimals = 0 if part.end_seconds - part.start_seconds >= _SHORT_PART_SECONDS else 1
    time = f"{clock(part.start_seconds, decimals)}–{clock(part.end_seconds, decimals)}"
    if part.high_hz < 1_000.0:
        return f"{_round_hz(part.low_hz)}–{_round_hz(part.high_hz)} Hz, {time}"
    return f"{part.low_hz / 1_000:.1f}–{part.high_hz / 1_000:.1f} kHz, {time}"


def part_for_listeners(part: Part) -> str:
    """Return e.g. "the bass at 0:27"."""
    decimals = 0 if part.end_seconds - part.start_seconds >= _SHORT_PART_SECONDS else 1
    where = register(part.low_hz, part.high_hz)
    return f"{where} at {clock(part.start_seconds, decimals)}"


def summary(explanation: Explanation, span: FrameSpan, features: FeatureSettings) -> str:
    """Return one or two sentences that say where the strongest parts lie."""
    spoke_for, against = named_parts(explanation, span, features)
    genre = explanation.genre
    if not spoke_for and not against:
        return f"No part of this frame speaks for or against {genre}: nothing changes in it."
    sentences = []
    if spoke_for:
        places = ", ".join(part_for_listeners(part) for part in spoke_for)
        sentences.append(f"Most {genre}: {places}.")
    else:
        sentences.append(f"No part speaks for {genre}.")
    if against:
        places = ", ".join(part_for_listeners(part) for part in against)
        sentences.append(f"Least {genre}: {places}.")
    else:
        sentences.append("No part speaks against it.")
    return " ".join(sentences)


def check_in_words(explanation: Explanation) -> str:
    """Return what hiding the strongest parts did beside parts drawn at random, with numbers."""
    check, genre = explanation.check, explanation.genre
    if check is None:
        return f"No part spoke for {genre}, so there is nothing to hide and to check."
    parts = "part" if check.n_parts == 1 else f"{check.n_parts} parts"
    many = "Hiding the strongest part" if check.n_parts == 1 else f"Hiding the strongest {parts}"
    means = float(np.mean([score_of(value) for value in check.random]))
    done = (
        f"{many} for {genre} ({_percent(check.share)} of the picture) takes its score from "
        f"{_percent(score_of(check.log_odds))} to {_percent(score_of(check.strongest))}; as much "
        f"hidden at random leaves {_percent(means)} on average of {len(check.random)} draws "
        f"(log-odds {check.log_odds:+.2f}, {check.strongest:+.2f} and "
        f"{float(np.mean(check.random)):+.2f})."
    )
    if check.holds:
        return f"{done} So the map points at what mattered."
    return f"{done} So this map is no better than chance: do not believe it."


def explanation_figure(
    log_mel: FloatArray,
    explanation: Explanation,
    span: FrameSpan,
    features: FeatureSettings,
    low_db: float,
    high_db: float,
    height: int = 370,
) -> go.Figure:
    """Return the frame's mel-spectrogram in grey with the map over it, Hz and min:s on its axes.

    The map's colours run from minus to plus `largest_influence`. Parts can be selected: the trace
    "parts" has the row and the column of each as `customdata`.

    Parameters
    ----------
    log_mel : float32 (n_mels, n_columns), dB
    explanation : Explanation
        Of this frame.
    span : FrameSpan
        Where the frame lies in its song.
    features : FeatureSettings
        What `log_mel` was made with.
    low_db, high_db : float
        Ends of the grey scale, the song's own.
    height : int
        Pixels.
    """
    pooled = pool_columns(log_mel, LARGE_COLUMNS)
    n_mels, n_columns = pooled.shape
    figure = base_figure(height, hovermode="closest", hoverdistance=80, clickmode="event+select")
    figure.add_heatmap(
        z=np.clip(np.round(pooled), -128, 127).astype(np.int8),
        x=np.linspace(span.start_seconds, span.end_seconds, n_columns).round(2),
        y=np.arange(n_mels) + 0.5,
        zmin=low_db,
        zmax=high_db,
        colorscale=[[0.0, "rgb(16, 16, 16)"], [1.0, "rgb(235, 235, 235)"]],
        showscale=False,
        hoverinfo="skip",
    )
    _add_map(figure, explanation, span, features)
    spoke_for, against = named_parts(explanation, span, features)
    for parts, dash, sign in ((spoke_for, "solid", "+"), (against, "dot", "−")):
        for number, part in enumerate(parts, start=1):
            _outline(figure, explanation.part_grid, part, dash, f"{sign}{number}")
    _add_parts(figure, explanation, span, features)
    set_mel_axis(figure, features, lowest=0.5)
    figure.update_yaxes(range=[0, n_mels])
    set_time_axis(figure, span.start_seconds, span.end_seconds, TIME_IN_SONG)
    figure.update_layout(margin={"l": 60, "t": 8, "r": 12})
    return figure


def largest_influence(explanation: Explanation) -> float:
    """Return the end of the map's colour scale, log-odds: the scale is as long on either side."""
    return float(np.abs(explanation.influence).max())


def scale_gradient() -> str:
    """Return the map's colours as a CSS gradient, what speaks against on the left."""
    return f"linear-gradient(to right, {', '.join(str(colour) for _, colour in _colour_scale())})"


def _seconds(grid: Grid, span: FrameSpan, features: FeatureSettings) -> npt.NDArray[np.float64]:
    """Return where a grid's columns begin and the last one ends, seconds in the song."""
    seconds = span.start_seconds + np.array(grid.column_edges) * features.column_seconds
    seconds[-1] = span.end_seconds
    return seconds


def _add_map(
    figure: go.Figure, explanation: Explanation, span: FrameSpan, features: FeatureSettings
) -> None:
    grid, influence = explanation.grid, explanation.influence
    most = largest_influence(explanation) or 1.0
    figure.add_heatmap(
        z=influence,
        x=_seconds(grid, span, features),
        y=np.array(grid.band_edges),
        zmin=-most,
        zmax=most,
        colorscale=_colour_scale(),
        showscale=False,  # see `scale_gradient`: a bar in the figure would push its axes about
        hoverinfo="skip",
    )


def _add_parts(
    figure: go.Figure, explanation: Explanation, span: FrameSpan, features: FeatureSettings
) -> None:
    """Add an unseen marker a part: a heat map's own cells cannot be selected."""
    grid, influence = explanation.part_grid, explanation.part_influence
    parts = [part_of(cell, float(influence[cell]), grid, span, features) for cell in grid.cells()]
    figure.add_scatter(
        x=[(part.start_seconds + part.end_seconds) / 2 for part in parts],
        y=[sum(grid.band_edges[part.cell[0] : part.cell[0] + 2]) / 2 for part in parts],
        customdata=[list(part.cell) for part in parts],
        mode="markers",
        marker={"size": 24, "symbol": "square", "opacity": 0.0},
        selected={"marker": {"opacity": 0.0}},
        unselected={"marker": {"opacity": 0.0}},
        hovertext=[
            f"{part_for_listeners(part)}: {part.influence:+.2g}<br>{part_in_words(part)}<br>"
            "click to hear it"
            for part in parts
        ],
        hoverinfo="text",
        name="parts",
        showlegend=False,
    )


def _outline(figure: go.Figure, grid: Grid, part: Part, dash: str, label: str) -> None:
    row = part.cell[0]
    figure.add_shape(
        type="rect",
        x0=part.start_seconds,
        x1=part.end_seconds,
        y0=grid.band_edges[row],
        y1=grid.band_edges[row + 1],
        line={"color": "rgb(255, 255, 255)", "width": 2, "dash": dash},
    )
    figure.add_annotation(
        x=part.start_seconds,
        y=grid.band_edges[row + 1],
        text=f"<b>{label}</b>",
        showarrow=False,
        xanchor="left",
        yanchor="top",
        font={"color": "rgb(255, 255, 255)", "size": 13},
        bgcolor="rgba(0, 0, 0, 0.6)",
        borderpad=1,
    )


def _colour_scale() -> list[list[float | str]]:
    """Return orange, clear, blue, in the rgba() that a theme leaves alone."""
    stops: list[list[float | str]] = []
    for place in np.linspace(0.0, 1.0, 17):
        strength = abs(2.0 * place - 1.0)
        red, green, blue = _FOR if place > 0.5 else _AGAINST
        alpha = _STRONGEST_ALPHA * strength
        stops.append([float(place), f"rgba({red}, {green}, {blue}, {alpha:.3f})"])
    return stops


def _round_hz(hz: float) -> int:
    return 10 * round(hz / 10)


def _percent(share: float) -> str:
    """Return a share in percent, exact enough near both ends."""
    percent = 100.0 * share
    return f"{percent:.1f} %" if percent < 1.0 or percent > 99.0 else f"{percent:.0f} %"
