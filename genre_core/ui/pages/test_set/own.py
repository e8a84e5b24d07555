"""A test set of one's own: score songs or open a score file, in the same views."""

import hashlib

import streamlit as st

from genre_core.errors import DatasetError, GenreError
from genre_core.evaluation.score_file import MAX_FILE_BYTES, parse_score_set
from genre_core.ui import uploads
from genre_core.ui.components.text import as_markdown, tidy
from genre_core.ui.pages.test_set import score_songs
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.pages.test_set.state import ScoresState

_FILE, _ERROR = "ts_score_file", "ts_score_error"
COMMAND = "python -m genre_core evaluate songs/ --output mine.json"


def own(state: ScoresState) -> None:
    """Show the place for a score file and how to make one."""
    section(
        "Your own test set",
        "See how the network does on songs whose genre you know, in the same views.",
    )
    score, opened = st.tabs(["Score your songs", "Open a score file"])
    with score:
        score_songs.section(state.take_own)
    with opened:
        open_score_file(state)


def open_score_file(state: ScoresState) -> None:
    """Show the file input; what is no score file is refused with its reason."""
    with st.container(gap="xsmall"):
        st.file_uploader(
            "A score file (.json)",
            type=["json"],
            key=_FILE,
            max_upload_size=MAX_FILE_BYTES // 2**20,
            on_change=lambda: _opened(state),
        )
        st.caption(
            "Download one from this page (“Scores”), or make one with the command below from a "
            "folder with a subfolder of songs for each genre. It holds names and scores, no "
            "sound."
        )
        st.code(COMMAND, language="bash")
    message = st.session_state.pop(_ERROR, "")
    if message:
        st.error(as_markdown(message), icon=":material/error:")


def _opened(state: ScoresState) -> None:
    for file in uploads.arrived(_FILE):
        name, data = tidy(file.name), uploads.take(file)
        try:
            score_set = parse_score_set(data, name)
            if any(clip.kind == "lyrics" for clip in score_set.clips):
                raise DatasetError(f"{name}: holds scores of lyrics. Open it on the page “Lyrics”.")
        except GenreError as error:
            st.session_state[_ERROR] = str(error)
        else:
            state.take_own(score_set, hashlib.sha256(data).hexdigest())
