"""The page before there is any score file."""

import streamlit as st

from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.ui.pages.test_set.own import own
from genre_core.ui.pages.test_set.results import FOLDER_VARIABLE
from genre_core.ui.pages.test_set.state import ScoresState


def empty(state: ScoresState) -> None:
    """Say that nothing was measured yet, how to measure, and let a file be opened."""
    st.info(
        "No scores of a test set come with this copy of the app, so there is nothing to show yet.",
        icon=":material/hourglass_empty:",
    )
    st.markdown(
        "This page shows the network’s scores for every frame of songs whose genre is known. The "
        "network does not run here. Its scores are made once, on the command line, and stored "
        "in a small file without any sound."
    )
    st.markdown("**Make one** of a data set, in the folder of the app:")
    st.code(
        "python -m genre_core evaluate gtzan/ --list test "
        f"--output assets/evaluations/{DEFAULT_MODEL}.gtzan-test.json",
        language="bash",
        wrap_lines=True,
    )
    st.caption(
        f"All score files in assets/evaluations are shown; the environment variable "
        f"{FOLDER_VARIABLE} names another folder."
    )
    own(state)
