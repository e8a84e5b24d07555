"""What one gets, shown before one brings a song: a demo song as the network hears it."""

import html
from itertools import groupby

import streamlit as st

from genre_core.audio.peaks import peaks
from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.frame_labels import SILENT, best_genres
from genre_core.plots.palette import NEUTRAL, colour_of
from genre_core.plots.time_axis import clock
from genre_core.ui import models
from genre_core.ui.components.genre_chip import chip_html

_N_BARS = 110
_pictures: list[str] = []  # of the default network and demo song, once the server is warm


def remember(analysis: SongAnalysis, title: str) -> None:
    """Make the picture for every first view from now on."""
    _pictures[:] = [example_html(analysis, title)]


def example() -> None:
    """Show the picture if there is one of the network in use; nothing is computed here."""
    chosen = models.model_choice().chosen()
    if _pictures and chosen is not None and chosen.key == models.DEFAULT_KEY:
        st.html(f'<div class="gr-example">{_pictures[0]}</div>')


def example_html(analysis: SongAnalysis, title: str) -> str:
    """Return the sound as bars in the colours of the frames' genres, and where these begin."""
    spans, duration = analysis.frames.spans, analysis.waveform.duration_seconds
    best = best_genres(analysis.scores, analysis.model.genres, spans)
    lows, highs = peaks(analysis.waveform.samples, _N_BARS)
    loudest = max(float((highs - lows).max()), 1e-6)
    bars = []
    for index, height in enumerate((highs - lows) / loudest):
        seconds = (index + 0.5) * duration / len(lows)
        inside = (
            label
            for span, label in zip(spans, best, strict=True)
            if span.start_seconds <= seconds < span.end_seconds
        )
        label = next(inside, SILENT)
        look = f"{NEUTRAL};opacity:.4" if label == SILENT else colour_of(label)
        bars.append(f'<i style="height:{max(100 * height, 3):.0f}%;background:{look}"></i>')
    begins = [
        (next(group)[0], label)
        for label, group in groupby(zip(spans, best, strict=True), key=lambda pair: pair[1])
    ]
    named = [f"{clock(span.start_seconds)} {label}" for span, label in begins]
    chips = " ".join(chip_html(label, text) for (_, label), text in zip(begins, named, strict=True))
    told = html.escape(f"The sound of “{title}”, coloured by genre: {', '.join(named)}.")
    return (
        f'<div class="gr-bars" role="img" aria-label="{told}">{"".join(bars)}</div>'
        f'<p class="gr-soft">“{html.escape(title)}” {chips}</p>'
    )
