"""A map of songs: the more alike their embeddings, the nearer they are. This song is a star."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.plots.palette import NEUTRAL, code_of, colour_of, ink_on
from genre_core.plots.style import OUTLINE, base_figure
from genre_core.types import FloatArray

_MOST_NUMBERS = 20  # frames with their number; more would hide one another
# Shares of the map's larger side.
_PAD = 0.06  # around the outermost songs
_CODE_WIDTH, _CODE_HEIGHT = 0.11, 0.06  # room of a genre's code on a phone


@dataclass(frozen=True)
class FramePlace:
    """A frame of this song on the map: its number, its place (2,) and its best genre."""

    label: str
    place: FloatArray
    genre: str


def song_map_figure(
    places: FloatArray,
    genres: Sequence[str],
    names: Sequence[str],
    place: FloatArray,
    name: str,
    genre: str,
    nearest: Sequence[int] = (),
    path: Sequence[FramePlace] = (),
    height: int = 460,
) -> go.Figure:
    """Return a scatter of songs in their genres' colours, with one more song as a star.

    Parameters
    ----------
    places : float32 (n_songs, 2)
    genres, names : of the songs; anybody's text
    place : float32 (2,), of this song
    name, genre : its name, and the genre that the network gives it
    nearest : songs to ring: its neighbours
    path : the frames of this song in their order, joined by a line; one alone is not drawn
    height : pixels
    """
    figure = base_figure(height, hovermode="closest")
    labels = np.array(genres)
    for label in sorted(set(genres)):
        chosen = np.flatnonzero(labels == label)
        figure.add_scatter(
            x=places[chosen, 0],
            y=places[chosen, 1],
            mode="markers",
            marker={"size": 9, "color": colour_of(label), "line": {"width": 0.5, "color": OUTLINE}},
            text=[escape(names[int(index)]) for index in chosen],
            hovertemplate=f"%{{text}}<br>{escape(label)}<extra></extra>",
            name=label,
        )
    if len(nearest):
        figure.add_scatter(
            x=places[list(nearest), 0],
            y=places[list(nearest), 1],
            mode="markers",
            marker={"size": 16, "symbol": "circle-open", "color": NEUTRAL, "line": {"width": 2}},
            hoverinfo="skip",
            name="nearest",
        )
    if len(path) > 1:
        _add_path(figure, path)
    figure.add_scatter(
        x=[place[0]],
        y=[place[1]],
        mode="markers",
        marker={
            "size": 24,
            "symbol": "star",
            "color": colour_of(genre),
            "line": {"width": 2, "color": ink_on(colour_of(genre))},
        },
        text=[escape(name)],
        hovertemplate=f"%{{text}}: this song<br>named {escape(genre)}<extra></extra>",
        name="this song",
    )
    name_genres(figure, places, labels)
    fit_axes(figure, np.vstack([places, place, *(frame.place for frame in path)]))
    return figure


def _add_path(figure: go.Figure, path: Sequence[FramePlace]) -> None:
    figure.add_scatter(
        x=[float(frame.place[0]) for frame in path],
        y=[float(frame.place[1]) for frame in path],
        mode="lines+markers+text",
        line={"width": 1.5, "color": NEUTRAL},
        marker={
            "size": 17,
            "symbol": "diamond",
            "color": [colour_of(frame.genre) for frame in path],
            "line": {"width": 1.5, "color": NEUTRAL},
        },
        text=[frame.label for frame in path] if len(path) <= _MOST_NUMBERS else None,
        textfont={"size": 10, "color": [ink_on(colour_of(frame.genre)) for frame in path]},
        hovertext=[f"Frame {frame.label}: {escape(frame.genre)}" for frame in path],
        hoverinfo="text",
        name="frames",
    )


def fit_axes(figure: go.Figure, places: FloatArray) -> None:
    """Let the axes, which have no names, hold all places; one unit is as long across as up."""
    low, high = places.min(axis=0), places.max(axis=0)
    pad = _PAD * (high - low)
    for update, axis in ((figure.update_xaxes, 0), (figure.update_yaxes, 1)):
        update(
            range=[float(low[axis] - pad[axis]), float(high[axis] + pad[axis])],
            showticklabels=False,
            showgrid=False,
        )
    figure.update_yaxes(scaleanchor="x", scaleratio=1)
    figure.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8})


def name_genres(figure: go.Figure, places: FloatArray, labels: npt.NDArray[np.str_]) -> None:
    """Write each genre's code in the middle of its songs, one over the other where they meet."""
    middles = {
        str(genre): np.median(places[labels == genre], axis=0) for genre in np.unique(labels)
    }
    size = float(np.ptp(places, axis=0).max())
    room = size * np.array([_CODE_WIDTH, _CODE_HEIGHT])
    taken: list[npt.NDArray[np.float64]] = []
    for genre, middle in sorted(middles.items(), key=lambda item: float(item[1][1])):
        spot = middle.astype(np.float64)
        while any((np.abs(spot - other) < room).all() for other in taken):
            spot[1] += room[1] / 4
        taken.append(spot)
        figure.add_annotation(
            x=float(spot[0]),
            y=float(spot[1]),
            text=f"<b>{escape(code_of(genre))}</b>",
            showarrow=False,
            font={"size": 12, "color": ink_on(colour_of(genre))},
            bgcolor=colour_of(genre),
            opacity=0.9,
            borderpad=2,
        )
