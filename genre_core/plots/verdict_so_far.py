"""How a song's verdict comes about: the combined scores after each of its frames."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from genre_core.plots.axes import set_time_axis
from genre_core.plots.line_labels import add_label, label_shifts
from genre_core.plots.palette import NEUTRAL, colour_of
from genre_core.plots.style import VERTICAL_MARGINS, base_figure
from genre_core.plots.time_axis import clock
from genre_core.types import FrameSpan

NAMES_MARGIN = 72  # px, at the right
_MOST_LINES = 4  # besides those that led once
_LEAST_PERCENT = 1.0  # at the end; what stays at nothing is no line to follow


def verdict_figure(
    spans: Sequence[FrameSpan],
    so_far: npt.ArrayLike,
    genres: Sequence[str],
    true: str,
    height: int = 250,
) -> go.Figure:
    """Return a line for each genre that matters: what all frames so far come to, in percent.

    Parameters
    ----------
    so_far : float (n_frames, n_genres), rows sum to 1, see `verdicts.verdict_so_far`
    true : the song's genre: its line is always there, dashed
    height : pixels
    """
    percent = 100 * np.asarray(so_far, dtype=np.float64)
    best = {
        int(i)
        for i in np.argsort(-percent[-1], kind="stable")[:_MOST_LINES]
        if percent[-1, i] >= _LEAST_PERCENT
    }
    shown = sorted(best | set(percent.argmax(axis=1).tolist()) | {genres.index(true)})
    ends = [span.end_seconds for span in spans]
    top = float(np.ceil(percent[:, shown].max() / 10.0) * 10.0)
    figure = base_figure(height, hovermode="closest")
    shift = label_shifts(
        {genres[i]: percent[-1, i] for i in shown}, (height - VERTICAL_MARGINS) / top
    )
    for i in sorted(shown, key=lambda i: -percent[-1, i]):
        genre = genres[i]
        figure.add_scatter(
            x=ends,
            y=percent[:, i],
            mode="lines+markers",
            line={
                "width": 3,
                "color": colour_of(genre),
                "dash": "dot" if genre == true else "solid",
            },
            marker={
                "size": 7,
                "color": colour_of(genre),
                "line": {"width": 1, "color": NEUTRAL},
            },
            name=genre,
            customdata=[
                f"{clock(span.start_seconds)} to {clock(span.end_seconds)}" for span in spans
            ],
            hovertemplate=f"{genre}: %{{y:.1f}} %<br>with frame %{{customdata}}<extra></extra>",
        )
        text = f"<b>{genre}</b>" if genre == true else genre
        add_label(figure, text, ends[-1], percent[-1, i], xshift=8, yshift=shift[genre])
    figure.update_yaxes(title_text="Combined so far (%)", range=[0, top])
    set_time_axis(figure, 0.0, ends[-1])
    figure.update_traces(cliponaxis=False)
    figure.update_layout(margin={"r": NAMES_MARGIN})
    return figure
