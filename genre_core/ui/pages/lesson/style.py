"""The few rules of style that only the lesson needs: lines to read, and paper."""

import streamlit as st

_CSS = """
<style>
/* A step fits on one screen of 1280 x 900 px. */
[data-testid="stMainBlockContainer"] { padding-top: 4rem; }
.st-key-lesson_heading h1 { font-size: clamp(1.5rem, 5vw, 1.9rem); padding: 0; }
/* The way on is always in sight. */
[data-testid="stLayoutWrapper"]:has(> .st-key-lesson_turn_end) { position: sticky; bottom: 0;
  z-index: 20; }
.st-key-lesson_turn_end { padding: .5rem 0; backdrop-filter: blur(14px); }
.lesson-text { line-height: 1.5; max-height: 19rem; overflow-y: auto; }
.lesson-text p { margin: 0; min-height: .7em; }
.lesson-text i { opacity: .38; font-style: normal; }
[data-testid="stExpander"] .katex-display { overflow-x: auto; overflow-y: hidden; }
@media (max-width: 640px) { [data-testid="stExpander"] .katex { font-size: 1em; } }
@media print {
  header, [data-testid="stHeader"], [data-testid="stToolbar"], audio,
  [class*="st-key-lesson_turn_"], .st-key-lesson_top { display: none !important; }
  [data-testid="stPlotlyChart"], [data-testid="stExpander"] { break-inside: avoid; }
  [data-testid="stMainBlockContainer"] { padding-top: 0 !important; }
}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
