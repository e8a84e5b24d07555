"""The few rules of style that only the lesson needs: lines to read, and paper."""

import streamlit as st

_CSS = """
<style>
.lesson-text { line-height: 1.6; max-height: 22rem; overflow-y: auto; }
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
