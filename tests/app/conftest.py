"""A whole app in the test's own process: tiny network, demo songs made here, empty caches."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from genre_core.inference.recognizer import GenreRecognizer
from genre_core.ui import songs
from genre_core.ui.models import MODEL_VARIABLE

APP = Path(__file__).resolve().parents[2] / "app.py"
PATIENCE_SECONDS = 120


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """AppTest leaves its script as the main module, and processes started later would run that."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(autouse=True)
def _clean_caches() -> None:
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def demo_folder(tmp_path: Path, wav_bytes: Callable[..., bytes]) -> Path:
    """Two demo songs of 75 s: one frame of 29.12 s each after the trim of 20 s."""
    entries = []
    for key, genre in (("island-morning", "reggae"), ("medley", "rock")):
        (tmp_path / f"{key}.wav").write_bytes(wav_bytes(75.0, 12_000))
        entries.append(
            {
                "name": key,
                "file": f"{key}.wav",
                "title": key.replace("-", " ").title(),
                "genres": [genre],
                "seconds": 75.0,
                "listen_for": "Made by a test.",
            }
        )
    (tmp_path / "index.json").write_text(json.dumps({"songs": entries}), encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(
    tiny_checkpoint: Path, demo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Return a maker of browser sessions that have not run yet; keywords go into the URL."""
    monkeypatch.setenv(MODEL_VARIABLE, str(tiny_checkpoint))
    monkeypatch.setattr(songs, "DEMO_FOLDER", demo_folder)

    def session(**query: str) -> AppTest:
        test = AppTest.from_file(str(APP), default_timeout=PATIENCE_SECONDS)
        for key, value in query.items():
            test.query_params[key] = value
        return test

    return session


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count how often a song is decoded and how often the network runs over one."""
    counted = {"decoded": 0, "scored": 0, "loaded": 0}

    def count(what: str, function: Callable) -> Callable:
        def counting(*arguments, **keywords):
            counted[what] += 1
            return function(*arguments, **keywords)

        return counting

    monkeypatch.setattr(GenreRecognizer, "decode", count("decoded", GenreRecognizer.decode))
    monkeypatch.setattr(GenreRecognizer, "read", count("scored", GenreRecognizer.read))
    from_checkpoint = GenreRecognizer.from_checkpoint
    monkeypatch.setattr(
        GenreRecognizer, "from_checkpoint", staticmethod(count("loaded", from_checkpoint))
    )
    return counted


@pytest.fixture
def page_sessions(app: Callable[..., AppTest]) -> Callable[[str], Callable[..., AppTest]]:
    """Return what makes, of a module's name, a maker of sessions on its page that have run once.

    Keywords go into the URL.
    """
    app()  # sets the network and the demo songs up

    def script(module: str) -> None:
        import importlib

        importlib.import_module(module).page()

    def sessions(module: str) -> Callable[..., AppTest]:
        def session(**query: str) -> AppTest:
            test = AppTest.from_function(script, default_timeout=120, args=(module,))
            for key, value in query.items():
                test.query_params[key] = value
            return test.run()

        return session

    return sessions
