"""The few rules of style that only this page needs."""

import streamlit as st

from genre_core.plots.palette import NEUTRAL, with_alpha

_CSS = f"""
<style>
.gr-tiles {{ display: flex; flex-wrap: wrap; gap: .8rem; }}
.gr-tile {{ flex: 1 1 13rem; border: 1px solid {with_alpha(NEUTRAL, 0.6)}; border-radius: .9rem;
  padding: .8rem 1.1rem; box-sizing: border-box; }}
.gr-tile p {{ margin: 0; }}
.gr-number {{ font-size: 2.6rem; line-height: 1.15; font-weight: 800; letter-spacing: -.02em; }}
.st-key-ts_contents a {{ white-space: nowrap; }}
@media (hover: none) {{
  [data-testid="stElementToolbar"] {{ display: none; }}
}}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
