"""The rules of the page "Class"."""

import streamlit as st

from genre_core.plots.palette import NEUTRAL, with_alpha

_CSS = f"""
<style>
.gr-code {{ font-size: clamp(2.6rem, 9vw, 4.2rem); font-weight: 800; letter-spacing: .12em;
  line-height: 1.1; margin: 0; font-family: monospace; }}
.gr-number {{ font-size: 4rem; font-weight: 800; line-height: 1; margin: 0; }}
.gr-revealed p {{ margin: .2rem 0; font-size: 1.15rem; }}
.gr-revealed p.gr-song {{ font-size: 1.5rem; }}
.gr-guesses {{ border-collapse: collapse; width: 100%; max-width: 40rem; font-size: 1.1rem; }}
.gr-guesses caption {{ text-align: left; font-weight: 650; padding: .5rem 0 .2rem; }}
.gr-guesses th {{ text-align: left; font-weight: 400; padding: .15rem .8rem .15rem 0;
  width: 6rem; }}
.gr-guesses .gr-n {{ text-align: right; width: 2rem; padding-right: .6rem; }}
.gr-bar i {{ display: block; height: 1.1rem; border-radius: .25rem; min-width: 2px;
  background: {NEUTRAL}; border: 1px solid {with_alpha(NEUTRAL, 0.6)}; box-sizing: border-box; }}
.st-key-class_choices button {{ min-height: 3rem; }}
.st-key-class_choices button p {{ font-size: 1.1rem; }}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
