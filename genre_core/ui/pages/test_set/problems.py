"""Songs that were left out or could not be read."""

from collections.abc import Sequence

import streamlit as st

from genre_core.ui.components.text import as_markdown

MAX_LISTED = 200  # sentences shown


def list_problems(title: str, problems: Sequence[str]) -> None:
    """Show the sentences, folded; nothing where there is none."""
    if not problems:
        return
    with st.expander(f"{title} ({len(problems):,})", icon=":material/info:"):
        shown = "\n".join(f"- {as_markdown(problem)}" for problem in problems[:MAX_LISTED])
        st.markdown(shown)
        if len(problems) > MAX_LISTED:
            st.caption(f"{len(problems) - MAX_LISTED:,} more stand in the result file.")
