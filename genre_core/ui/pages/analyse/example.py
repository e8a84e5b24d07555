"""What one gets, shown before one brings a song: a demo song as the network hears it."""

import html
from itertools import groupby

import streamlit as st

from genre_core.audio.peaks import peaks
from genre_core.config import FrameSettings
from genre_core.errors import GenreError
from genre_core.inference.analysis import SongAnalysis
from genre_core.plots.frame_labels import SILENT, best_genres
from genre_core.plots.palette import NEUTRAL, colour_of
from genre_core.plots.time_axis import clock
from genre_core.ui import services
from genre_core.ui.components.genre_chip import chip_html
from genre_core.ui.components.next_step import next_step
from genre_core.ui.songs import DemoSong

_N_BARS = 110
_IS_ASKED = "example_asked"


@st.fragment
def example(demo: DemoSong) -> None:
    """Show the picture as soon as there is one; the page is there before it."""
    with st.container(key="example"):
        if not st.session_state.get(_IS_ASKED):
            st.html('<div class="gr-example"></div>')
            next_step("example_step", lambda: st.session_state.update({_IS_ASKED: True}))
            return
        try:
            picture = _picture(demo.key, services.recognizer().info.sha256, demo)
        except GenreError:
            picture = ""  # the demo itself says why
        st.html(f'<div class="gr-example">{picture}</div>')


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


@st.cache_data(max_entries=4, show_spinner=False)
def _picture(key: str, model: str, _demo: DemoSong) -> str:
    analysis = services.analyse(_demo.load(), FrameSettings(), lambda what, share: None)
    return example_html(analysis, _demo.title)
