"""How a dropped song is taken from Streamlit's widget."""

import pytest
from streamlit.runtime.uploaded_file_manager import DeletedFile

from genre_core.ui.pages.analyse import song_input
from genre_core.ui.session import Session
from genre_core.ui.song_link import SongView


@pytest.mark.parametrize("value", [None, [], [DeletedFile("1")]])
def test_a_file_that_is_gone_is_no_song(value: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(song_input.st, "session_state", {"upload_0": value})
    session = Session(SongView())
    song_input._take_files(session, "upload_0")
    assert session.song is None
