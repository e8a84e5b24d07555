"""The page "Test set" over score files made here; no network is there at all."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.evaluation.score_file import save_score_set
from genre_core.ui.pages.test_set import results
from tests.app.test_set.scores import Session, score_set


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "evaluations"
    folder.mkdir()
    monkeypatch.setenv("GENRE_EVALUATIONS", str(folder))
    monkeypatch.setenv("GENRE_MODEL", "/nowhere/net.safetensors")
    monkeypatch.setattr(results, "DEFAULT_MODEL", "crnn")
    return folder


@pytest.fixture
def files(folder: Path) -> Path:
    save_score_set(folder / "crnn.gtzan-test.json", score_set())
    save_score_set(folder / "crnn.gtzan-valid.json", score_set(list_name="valid", seed=1))
    save_score_set(folder / "old.gtzan-test.json", score_set("old", seed=2))
    return folder


@pytest.fixture
def page() -> Session:
    """Return a maker of sessions that have not run yet; keywords go into the URL."""

    def script() -> None:
        from genre_core.ui.pages.test_set import page as test_set

        test_set.page()

    def session(**query: str) -> AppTest:
        test = AppTest.from_function(script, default_timeout=120)
        for key, value in query.items():
            test.query_params[key] = value
        return test

    return session
