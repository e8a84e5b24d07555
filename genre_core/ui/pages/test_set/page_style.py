"""The few rules of style that only this page needs."""

import streamlit as st

_CSS = """
<style>
.ts-matrix { font-size: 1.15rem !important; font-weight: 650; margin: 0 !important;
  padding: 0 !important; line-height: 1.3; }
.ts-lead { max-width: none; }
@media (hover: none) {
  [data-testid="stElementToolbar"] { display: none; }
}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
