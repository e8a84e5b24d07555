"""How a part of a frame sounds: the part alone, beside the same seconds whole."""

from collections.abc import Collection

import numpy as np
import streamlit as st

from genre_core.audio.wav import wav_bytes
from genre_core.features.masking import keep_masked
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.explain import CHECKED_PARTS, Explanation, strongest
from genre_core.inference.grid import Cell
from genre_core.plots import explanation as plot
from genre_core.types import FloatArray, FrameSpan
from genre_core.ui import services

_MARGIN_SECONDS = 0.05  # played before and after a part: its edges fade in so long
_CLICKED = "Clicked"
_PLAYED_PEAK = 0.5  # quiet parts are raised to this peak (full scale 1),
_MOST_GAIN_DB = 30.0  # but by no more than this


def hear_part(analysis: SongAnalysis, span: FrameSpan, result: Explanation) -> None:
    """Play a part alone, and beside it the same seconds whole."""
    features = services.recognizer().features
    spoke_for, against = plot.named_parts(result, span, features)
    choices: dict[str, tuple[list[Cell], float, float]] = {}
    for parts, sign, side in ((spoke_for, "+", "for"), (against, "−", "against")):
        for number, part in enumerate(parts, start=1):
            name = f"{sign}{number} · {side} {result.genre}: {_described(part)}"
            choices[name] = ([part.cell], part.start_seconds, part.end_seconds)
    clicked = st.session_state.get(clicked_key(span, result))
    if clicked is not None:
        part = plot.part_of(clicked, 0.0, result.part_grid, span, features)
        name = f"{_CLICKED}: {_described(part)}"
        choices = {name: ([clicked], part.start_seconds, part.end_seconds), **choices}
    together = strongest(result.part_influence, CHECKED_PARTS)
    if len(together) > 1:
        name = f"The {len(together)} strongest for {result.genre} together"
        choices[name] = (together, span.start_seconds, span.end_seconds)
    if not choices:
        return
    # A click makes a new list, in which the part that was clicked stands first.
    chosen = st.selectbox(
        "Hear the part",
        list(choices),
        key=f"why_hear_{span.index}_{result.genre}_{clicked or ''}",
    )
    cells, start, end = choices[chosen]
    whole = analysis.waveform.samples[span.start_sample : span.end_sample]
    alone, gain_db = _audible(_cut(_part(whole, result, cells), span, start, end))
    with st.grid(2, min_column_width=300, gap="small"):
        with st.container(gap="xxsmall"):
            louder = f", played {gain_db:.0f} dB louder" if gain_db >= 1.0 else ""
            st.caption(f"Only the part{louder}")
            st.audio(
                wav_bytes(alone, span.sample_rate),
                format="audio/wav",
                autoplay=chosen.startswith(_CLICKED),
                alt="Only the part",
            )
        with st.container(gap="xxsmall"):
            st.caption("The same seconds, whole")
            st.audio(
                wav_bytes(_cut(whole, span, start, end), span.sample_rate),
                format="audio/wav",
                alt="The same seconds, whole",
            )


def clicked_key(span: FrameSpan, result: Explanation) -> str:
    """Return the key in the session of the part of a map that was clicked."""
    return f"why_clicked_{span.index}_{result.genre}_{result.method}"


def _described(part: plot.Part) -> str:
    return f"{plot.part_for_listeners(part)} ({plot.part_in_words(part)})"


def _part(samples: FloatArray, result: Explanation, cells: Collection[Cell]) -> FloatArray:
    return keep_masked(samples, result.part_grid.mask(cells), services.recognizer().features)


def _cut(samples: FloatArray, span: FrameSpan, start: float, end: float) -> FloatArray:
    """Return a frame's samples from `start` to `end`, seconds in the song, and a little around."""
    first = max(round((start - _MARGIN_SECONDS) * span.sample_rate) - span.start_sample, 0)
    last = round((end + _MARGIN_SECONDS) * span.sample_rate) - span.start_sample
    return samples[first:last]


def _audible(samples: FloatArray) -> tuple[FloatArray, float]:
    """Return samples with a quiet part made louder, and by how many dB."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak <= 0.0 or peak >= _PLAYED_PEAK:
        return samples, 0.0
    gain_db = min(20.0 * float(np.log10(_PLAYED_PEAK / peak)), _MOST_GAIN_DB)
    return samples * np.float32(10.0 ** (gain_db / 20.0)), gain_db
