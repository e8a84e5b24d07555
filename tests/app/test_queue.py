"""The page while all places before the processor are taken."""

import gc
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.inference.analysis import SongAnalysis
from genre_core.ui.services import line
from genre_core.ui.services.line import Line


def test_a_full_queue_is_said_and_the_song_can_be_tried_again(
    app: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "_line", Line(n_places=0, most_waiting=0))
    page = app(demo="medley").run()
    assert not page.exception
    assert "queue is full" in page.error[0].value
    assert "Try again" in page.error[0].value
    assert not [each for each in page.main if "gr-verdict" in str(each)]
    monkeypatch.setattr(line, "_line", Line(n_places=1))
    page.run()
    assert not page.error
    assert page.session_state["analyse_state"].last_good is not None


def test_a_song_that_is_known_waits_for_nobody(
    app: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, counts: dict[str, int]
) -> None:
    page = app(demo="medley").run()
    assert counts["scored"] == 1
    monkeypatch.setattr(line, "_line", Line(n_places=0, most_waiting=0))
    page.run()
    assert not page.error


def test_streamlit_keeps_no_analysis_for_a_visitor(app: Callable[..., AppTest]) -> None:
    """An analysis takes tens of megabytes; buttons and fragments live as long as the session."""
    page = app(demo="medley").run()
    assert not page.exception
    gc.collect()
    assert [each for each in gc.get_objects() if type(each) is SongAnalysis] == []
