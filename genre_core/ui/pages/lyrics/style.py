"""Rules of this page alone."""

import streamlit as st

from genre_core.plots.palette import NEUTRAL, with_alpha

_CSS = f"""
<style>
.gl-text {{ border: 1px solid {with_alpha(NEUTRAL, 0.45)}; border-radius: .7rem;
  padding: .8rem 1rem; line-height: 1.75; overflow-wrap: anywhere; max-height: 34rem;
  overflow-y: auto; font-size: 1.02rem; }}
.gl-text p {{ margin: 0; min-height: .8em; }}
.gl-text .w {{ border-radius: .2rem; padding: .05rem .12rem; }}
.gl-text .w.against {{ text-decoration: underline dotted 2px; text-underline-offset: 3px; }}
.gl-key {{ display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; font-size: .9rem; }}
.gl-key span.w {{ border-radius: .2rem; padding: .05rem .35rem; margin-right: .3rem; }}
.gl-key span.against {{ text-decoration: underline dotted 2px; text-underline-offset: 3px; }}
.gl-bars {{ width: 100%; border-collapse: collapse; font-size: .95rem; }}
.gl-bars th {{ text-align: left; font-weight: 500; padding: .16rem .6rem .16rem 0;
  white-space: nowrap; width: 1%; }}
.gl-bars td.bar {{ width: 99%; }}
.gl-bars td.bar i {{ display: block; height: .95rem; border-radius: .2rem; min-width: 2px; }}
.gl-bars td.n {{ text-align: right; white-space: nowrap;
  padding-left: .6rem; font-variant-numeric: tabular-nums; }}
.gl-facts {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(9.2rem, 1fr));
  gap: .7rem 1rem; margin: .4rem 0; }}
.gl-facts div {{ border-left: 3px solid {with_alpha(NEUTRAL, 0.6)}; padding-left: .7rem; }}
.gl-facts b {{ display: block; font-size: 1.35rem; line-height: 1.2; }}
.gl-facts span {{ font-size: .86rem; opacity: .85; }}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
