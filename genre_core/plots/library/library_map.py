"""A map of a library: the more alike the songs' embeddings, the nearer they are. WebGL."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.plots.palette import NEUTRAL, code_of, colour_of, ink_on
from genre_core.plots.song_map import fit_axes, name_genres
from genre_core.plots.style import base_figure
from genre_core.types import FloatArray

_SIZES = ((100, 12.0), (2_000, 8.0), (10_000, 5.0), (40_000, 4.0))  # px of a dot, up to n songs
_SMALL = 3.0
_MANY = 10_000
_FEW = 100  # so few songs have their genre's code beside them; more: one code for all of a genre


@dataclass(frozen=True, eq=False)
class MapSongs:
    """The songs of a map.

    Attributes
    ----------
    ids : int64 (n_songs,)
    places : float32 (n_songs, 2)
    genres : of each song
    names : of each song, escaped for HTML
    """

    ids: npt.NDArray[np.int64]
    places: FloatArray
    genres: npt.NDArray[np.str_]
    names: npt.NDArray[np.str_]


def library_map_figure(
    songs: MapSongs, chosen: int = 0, ringed: Sequence[int] = (), height: int = 560
) -> go.Figure:
    """Return a scatter of songs in their genres' colours; `customdata` of a dot is its row.

    Parameters
    ----------
    songs : at least one
    chosen : id of a song to mark by a star, 0 for none
    ringed : ids of songs to ring
    height : pixels
    """
    figure = base_figure(height, hovermode="closest")
    size = next((px for most, px in _SIZES if len(songs.ids) <= most), _SMALL)
    is_few = len(songs.ids) <= _FEW
    opacity = 0.8 if len(songs.ids) <= _MANY else 0.4  # of dots that lie on one another
    for genre in np.unique(songs.genres):
        rows = np.flatnonzero(songs.genres == genre)
        figure.add_scattergl(
            x=songs.places[rows, 0],
            y=songs.places[rows, 1],
            mode="markers+text" if is_few else "markers",
            marker={"size": size, "color": colour_of(str(genre)), "opacity": opacity},
            texttemplate=escape(code_of(str(genre))) if is_few else None,
            textposition="top center",
            # A click shall not fade the others.
            selected={"marker": {"opacity": opacity}},
            unselected={"marker": {"opacity": opacity}},
            customdata=rows.astype(np.int32),
            hovertext=songs.names[rows],
            hovertemplate=f"%{{hovertext}}<br>{escape(str(genre))}<extra></extra>",
            name=str(genre),
        )
    _mark(figure, songs, np.isin(songs.ids, list(ringed)), size, "circle-open")
    _mark(figure, songs, songs.ids == chosen, size, "star")
    if not is_few:
        name_genres(figure, songs.places, songs.genres)
    fit_axes(figure, songs.places)
    bar = {"bgcolor": "rgba(0, 0, 0, 0)", "color": NEUTRAL, "activecolor": NEUTRAL}
    figure.update_layout(modebar=bar)
    figure.update_xaxes(fixedrange=False)
    figure.update_yaxes(fixedrange=False)
    return figure


def _mark(
    figure: go.Figure, songs: MapSongs, rows: npt.NDArray[np.bool_], size: float, symbol: str
) -> None:
    if not rows.any():
        return
    colour = colour_of(str(songs.genres[rows][0]))
    star = {"size": 22, "color": colour, "line": {"width": 2, "color": ink_on(colour)}}
    ring = {"size": size + 8, "color": NEUTRAL, "line": {"width": 2}}
    figure.add_scattergl(
        x=songs.places[rows, 0],
        y=songs.places[rows, 1],
        mode="markers",
        marker={"symbol": symbol, **(star if symbol == "star" else ring)},
        hoverinfo="skip",
        name=symbol,
    )
