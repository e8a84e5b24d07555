"""The page in the test's own process, and a trusted folder with a store."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.ui.models import MODEL_VARIABLE
from genre_core.ui.pages.library.sources import FOLDERS_VARIABLE
from tests.app.library.pages import OpenApp, run
from tests.builders import library_store

PATIENCE_SECONDS = 120


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trusted folder with a store of 120 songs."""
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    library_store(trusted / "home.db", 120)
    monkeypatch.setenv(FOLDERS_VARIABLE, str(trusted))
    return trusted


def page() -> None:
    import streamlit as st

    from genre_core.ui.pages.library import page as library

    library.page(open_song=lambda: st.session_state.update(turned=True))


@pytest.fixture
def open_library(tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch) -> OpenApp:
    """Return an opener of the page; keywords go into the URL."""
    monkeypatch.setenv(MODEL_VARIABLE, str(tiny_checkpoint))

    def opener(**query: str) -> AppTest:
        test = AppTest.from_function(page, default_timeout=PATIENCE_SECONDS)
        for key, value in query.items():
            test.query_params[key] = value
        return run(test)

    return opener
