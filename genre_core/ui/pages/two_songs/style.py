"""The few rules of style that only this page needs."""

import streamlit as st

_CSS = """
<style>
[class*="st-key-two_songs_heading"] { min-height: 4.2rem; flex-wrap: nowrap; }
[class*="st-key-two_songs_heading"] .gr-song { font-size: 1.3rem; }
/* A short form of the verdict: half a page is narrow. */
[class*="st-key-two_songs_verdict"] { min-height: 12.4rem; }
[class*="st-key-two_songs_verdict"] .gr-verdict,
[class*="st-key-two_songs_verdict"] .gr-progress { min-height: 12.4rem; padding: .9rem 1.1rem;
  flex-flow: column; align-items: flex-start; justify-content: center; }
[class*="st-key-two_songs_verdict"] .gr-named { flex: none; }
[class*="st-key-two_songs_verdict"] .gr-genre { font-size: 2.2rem; }
[class*="st-key-two_songs_verdict"] .gr-genre.gr-several { font-size: 1.6rem; }
[class*="st-key-two_songs_verdict"] .gr-facts { font-size: .95rem; }
[class*="st-key-two_songs_player"] { min-height: 33rem; }
/* While it loads, a control is as wide as the page, and would move what follows. */
.st-key-two_songs_t { width: 12rem; }
</style>
"""


def apply() -> None:
    """Add the rules to the page."""
    st.html(_CSS)
