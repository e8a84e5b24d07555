"""The few rules of style that only this page needs: drawn networks and tables."""

import streamlit as st

from genre_core.plots.palette import NEUTRAL, with_alpha

_CSS = f"""
<style>
.gr-net {{ list-style: none !important; margin: 0 !important; padding: 0 !important; }}
.gr-net li {{ display: grid; grid-template-columns: 7.6rem minmax(0, 1fr); gap: .2rem 1rem;
  align-items: center; margin: 0 !important; padding: .55rem .7rem; border: 1px solid
  {with_alpha(NEUTRAL, 0.5)}; border-radius: .7rem; }}
.gr-net li + li {{ margin-top: 1.05rem !important; position: relative; }}
.gr-net li + li::before {{ content: "↓"; position: absolute; top: -1.3rem; left: 3.5rem;
  line-height: 1.4rem; opacity: .7; }}
.gr-net p {{ margin: 0; line-height: 1.4; }}
.gr-net .gr-shape {{ display: flex; justify-content: center; align-items: center;
  min-height: 3rem; }}
.gr-net .gr-shape div {{ background: {with_alpha(NEUTRAL, 0.3)}; border: 1px solid
  {with_alpha(NEUTRAL, 0.95)}; border-radius: 2px; box-sizing: border-box; }}
.gr-scroll {{ overflow-x: auto; max-width: 100%; }}
.gr-table {{ border-collapse: collapse; font-size: .92rem; min-width: 100%; }}
.gr-table caption {{ text-align: left; opacity: .8; padding-bottom: .4rem; }}
.gr-table th, .gr-table td {{ text-align: right; padding: .3rem .6rem; white-space: nowrap;
  border-bottom: 1px solid {with_alpha(NEUTRAL, 0.35)}; font-variant-numeric: tabular-nums; }}
.gr-table th {{ font-weight: 600; vertical-align: bottom; }}
.gr-table thead th {{ white-space: normal; }}
.gr-table th:first-child, .gr-table .gr-words {{ text-align: left; }}
@media (max-width: 640px) {{
  .gr-net li {{ grid-template-columns: 4.6rem minmax(0, 1fr); }}
  .gr-net li + li::before {{ left: 2.4rem; }}
}}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
