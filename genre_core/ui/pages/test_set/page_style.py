"""The few rules of style that only this page needs."""

import streamlit as st

_CSS = """
<style>
.st-key-ts_matrices h2 { font-size: 1.15rem; font-weight: 650; padding: 0 0 .8rem; }
.st-key-ts_lead p { font-size: 1.1rem; }
@media (hover: none) {
  [data-testid="stElementToolbar"] { display: none; }
}
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
