"""The few rules of style that only this page needs."""

import html

import streamlit as st

from genre_core.library.songs import SongReadings
from genre_core.plots.frame_labels import SILENT
from genre_core.plots.palette import NEUTRAL, colour_of, with_alpha
from genre_core.ui.words import percent

_CSS = f"""
<style>
.gr-queue {{ list-style: none; margin: 0 !important; padding: 0 !important; }}
.gr-queue li {{ display: grid; grid-template-columns: minmax(0, 1fr) 9.5rem minmax(6rem, 15rem);
  gap: .2rem .9rem; align-items: center; margin: 0 !important; padding: .32rem 0;
  border-top: 1px solid {with_alpha(NEUTRAL, 0.3)}; }}
.gr-queue li:first-child {{ border-top: 0; }}
.gr-queue .name {{ overflow-wrap: anywhere; font-weight: 600; }}
.gr-queue .why {{ grid-column: 1 / -1; opacity: .85; font-size: .9rem; }}
.gr-queue .state {{ opacity: .8; font-size: .9rem; }}
.gr-spark {{ display: flex; align-items: flex-end; gap: 1px; height: 1.9rem; }}
.gr-spark i {{ flex: 1 1 0; min-width: 1px; max-width: 1.4rem; border-radius: 2px 2px 0 0; }}
.gr-spark i.silent {{ height: 100%; border: 1px dashed {NEUTRAL}; border-radius: 2px;
  box-sizing: border-box; }}
.gr-facts-line {{ margin: .1rem 0 .3rem; }}
@media (max-width: 640px) {{
  .gr-queue li {{ grid-template-columns: minmax(0, 1fr) 5.5rem; }}
  .gr-queue .name {{ grid-column: 1 / -1; }}
}}
@media (hover: none) {{
  [data-testid="stElementToolbar"] {{ display: none; }}
}}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)


def spark_html(readings: SongReadings, genres: tuple[str, ...]) -> str:
    """Return the frames as bars: as high as the score of the frame's first genre, in its colour."""
    bars, words = [], []
    for row, silent in zip(readings.frame_scores, readings.silent, strict=True):
        genre = genres[int(row.argmax())]
        if silent:
            bars.append('<i class="silent"></i>')
            words.append(SILENT)
        else:
            share = percent(float(row.max()), 0)
            height, colour = 100 * float(row.max()), colour_of(genre)
            bars.append(f'<i style="height:{height:.0f}%;background:{colour}"></i>')
            words.append(f"{genre} {share}")
    said = html.escape("Frames: " + ", ".join(words), quote=True)
    label = f'role="img" aria-label="{said}" title="{said}"'
    return f'<span class="gr-spark" {label}>{"".join(bars)}</span>'
