"""The player on the page "Analyse a song", and its finer timeline, without a browser."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from genre_core.config import GENRES
from genre_core.errors import ModelError
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.sliding import SlidingRun
from genre_core.ui import services
from genre_core.ui.pages.analyse import finer
from genre_core.ui.song_link import FINER

Session = Callable[..., AppTest]


def player_of(test: AppTest) -> dict[str, Any]:
    components = [element.proto for element in test.get("bidi_component")]
    (player,) = [c for c in components if c.component_name == "genre_core.synced_player"]
    return json.loads(player.json)


def upload(test: AppTest, name: str, data: bytes) -> AppTest:
    test.file_uploader[0].set_value((name, data, "application/octet-stream"))
    return test.run()


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch) -> Callable[[AppTest], AppTest]:
    """Let a button stand for the browser, which asks for the next window."""
    monkeypatch.setattr(finer, "STEP_SECONDS", 0.0)
    monkeypatch.setattr(
        finer, "next_step", lambda key, on_step: st.button("step", key=key, on_click=on_step)
    )
    return lambda test: test.button(key="finer_step").click().run()


def keys(test: AppTest) -> set[str]:
    return {button.key for button in test.button}


def run_of(test: AppTest, window_seconds: float = 6.0) -> SlidingRun:
    """Return the work on the finer timeline of the song shown."""
    song = test.session_state["analyse_state"].song
    waveform = services.decode(song, lambda *_: None)
    return services.sliding(song, waveform, FINER[window_seconds])


def test_the_player_shows_the_song_and_its_frames(app: Session):
    shown = player_of(app(demo="island-morning", t="10").run())
    assert shown["title"] == "Island Morning"
    assert shown["duration_seconds"] == 75.0
    assert shown["frames"]["starts"] == [20.0, 30.0, 40.0]
    assert [genre["name"] for genre in shown["genres"]] == list(GENRES)
    assert shown["sound_url"].endswith(".wav")


def test_another_frame_length_leaves_the_sound_alone(app: Session):
    test = app(demo="island-morning", t="10").run()
    before = player_of(test)
    test.select_slider(key="control_t").set_value(5.0).run()
    after = player_of(test)
    assert after["sound_url"] == before["sound_url"]
    assert len(after["frames"]["starts"]) == 7


def test_what_no_browser_plays_is_played_as_the_network_gets_it(
    app: Session, wav_bytes: Callable[..., bytes]
):
    # The content is what counts for decoding, the name for the browser.
    test = upload(app(t="5").run(), "song.wma", wav_bytes(8.0, 44_100))
    assert not test.exception
    assert player_of(test)["sound_url"].endswith(".wav")
    assert any("as the network gets it" in caption.value for caption in test.caption)


def test_a_hostile_name_is_data(app: Session, wav_bytes: Callable[..., bytes]):
    name = "<img src=x onerror=alert(1)>.wav"
    shown = player_of(upload(app().run(), name, wav_bytes(5.0, 12_000)))
    assert shown["title"] == name


def test_the_finer_timeline_comes_by_itself_and_changes_no_verdict(
    app: Session, counts: dict[str, int], step: Callable[[AppTest], AppTest]
):
    test = app(demo="island-morning").run()
    assert not test.exception
    before = player_of(test)
    assert before["windows_name"] == "6 s every 2 s"
    assert (len(before["windows"]["starts"]), before["windows"]["scores"]) == (35, [])
    assert counts["scored"] == 1  # the verdict does not wait for it
    while "finer_step" in keys(test):
        step(test)
    assert not test.exception
    test.run()
    windows = player_of(test)["windows"]
    assert (windows["starts"][0], windows["ends"][-1]) == (0.0, 74.0)  # 0 s to 69 s, every 2 s
    np.testing.assert_allclose(np.sum(windows["scores"], axis=1), 1.0, atol=1e-3)
    changed = {"windows", "marks"}
    assert {k: v for k, v in player_of(test).items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }
    assert counts["scored"] == 1 + 35
    app(demo="island-morning").run()  # another visitor gets them as well
    assert counts["scored"] == 1 + 35


def test_the_work_goes_on_where_another_run_of_the_page_met_it(
    app: Session, counts: dict[str, int], step: Callable[[AppTest], AppTest]
):
    test = app(demo="island-morning").run()
    for _ in range(3):
        step(test)
    test.button(key="open_frame_0").click().run()
    assert not test.exception
    assert len(run_of(test).scores.scores) == 3
    assert len(player_of(test)["windows"]["scores"]) == 3
    step(test)
    assert counts["scored"] == 1 + 4  # none of them twice


def test_the_link_says_which_windows_and_whether(app: Session):
    test = app(demo="island-morning", fine="12").run()
    assert player_of(test)["windows_name"] == "12 s every 4 s"
    assert len(player_of(test)["windows"]["starts"]) == 16
    test.selectbox(key="finer_window").select(3.0).run()
    assert not test.exception
    assert test.query_params["fine"] == "3"
    assert player_of(test)["windows_name"] == "3 s every 1 s"
    test.toggle(key="finer_shown").set_value(False).run()
    assert test.query_params["fine"] == "0"
    assert player_of(test)["windows"] is None
    test.toggle(key="finer_shown").set_value(True).run()
    assert "fine" not in test.query_params
    assert player_of(app(demo="island-morning", fine="0").run())["windows"] is None


def test_the_work_is_cancelled_and_taken_up_again(
    app: Session, counts: dict[str, int], step: Callable[[AppTest], AppTest]
):
    test = app(demo="island-morning").run()
    step(test)
    test.button(key="finer_cancel").click().run()
    test.run()
    assert not test.exception
    assert not test.toggle(key="finer_shown").value
    assert player_of(test)["windows"] is None
    assert "finer_step" not in keys(test)
    test.toggle(key="finer_shown").set_value(True).run()
    step(test)
    assert counts["scored"] == 1 + 2


def test_a_network_that_fails_is_said_once_and_not_tried_again(
    app: Session, step: Callable[[AppTest], AppTest], monkeypatch: pytest.MonkeyPatch
):
    test = app(demo="island-morning").run()

    def fail(*_):
        raise ModelError("The network <b>fails</b>.")

    monkeypatch.setattr(GenreRecognizer, "score", fail)
    step(test)
    assert not test.exception
    assert [error.value for error in test.error] == ["The network \\<b\\>fails\\<\\/b\\>\\."]
    assert "finer_step" not in keys(test)
