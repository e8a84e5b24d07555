"""The player on the page "Analyse a song", and its finer timeline, without a browser."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genre_core.config import GENRES, FrameSettings, SlidingSettings
from genre_core.ui import services
from genre_core.ui.songs import Song

Session = Callable[..., AppTest]


class Cancelled(BaseException):
    """Like Streamlit's own: not an Exception, so that nothing swallows it."""


def player_of(test: AppTest) -> dict[str, Any]:
    components = [element.proto for element in test.get("bidi_component")]
    (player,) = [c for c in components if c.component_name == "genre_core.synced_player"]
    return json.loads(player.json)


def upload(test: AppTest, name: str, data: bytes) -> AppTest:
    test.file_uploader[0].set_value((name, data, "application/octet-stream"))
    return test.run()


def finer(test: AppTest):
    (toggle,) = [t for t in test.toggle if t.key.startswith("finer_")]
    return toggle


def test_the_player_shows_the_song_and_its_frames(app: Session):
    shown = player_of(app(demo="island-morning", t="10").run())
    assert shown["title"] == "Island Morning"
    assert shown["duration_seconds"] == 75.0
    assert shown["frames"]["starts"] == [20.0, 30.0, 40.0]
    assert [genre["name"] for genre in shown["genres"]] == list(GENRES)
    assert shown["sound_url"].endswith(".wav")
    assert shown["windows"] is None


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


def test_the_finer_timeline_comes_on_demand_and_changes_no_verdict(
    app: Session, counts: dict[str, int]
):
    test = app(demo="island-morning").run()
    before = player_of(test)
    assert counts["scored"] == 1
    finer(test).set_value(True).run()
    assert not test.exception
    shown = player_of(test)
    windows = shown.pop("windows")
    assert shown.pop("windows_name") == "6 s every 2 s"
    assert len(windows["starts"]) == 35  # 0 s to 69 s, every 2 s
    assert (windows["starts"][0], windows["ends"][-1]) == (0.0, 74.0)
    np.testing.assert_allclose(np.sum(windows["scores"], axis=1), 1.0, atol=1e-3)
    assert {k: before[k] for k in shown} == shown
    assert counts["scored"] == 1 + 35
    finer(test).set_value(False).run()
    assert player_of(test)["windows"] is None
    finer(test).set_value(True).run()
    assert counts["scored"] == 1 + 35  # kept


def test_another_window_is_chosen(app: Session):
    test = app(demo="island-morning").run()
    finer(test).set_value(True).run()
    test.selectbox(key="finer_settings").select_index(2).run()
    assert not test.exception
    shown = player_of(test)
    assert shown["windows_name"] == "12 s every 4 s"
    assert len(shown["windows"]["starts"]) == 16


@pytest.mark.usefixtures("app")  # a tiny network
def test_a_cancelled_finer_timeline_leaves_nothing_half_done(wav_bytes: Callable[..., bytes]):
    song = Song.from_bytes("song.wav", wav_bytes(30.0, 12_000))
    waveform = services.analyse(song, FrameSettings(5.0), lambda *_: None).waveform
    settings = SlidingSettings()
    told: list[str] = []

    def cancel(what: str, share: float) -> None:
        told.append(what)
        if len(told) == 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        services.slide(song, waveform, settings, cancel)
    assert told == [f"Window {i} of 13" for i in range(1, 5)]
    assert services.known_sliding(song, settings) is None
    services.slide(song, waveform, settings, lambda *_: None)
    known = services.known_sliding(song, settings)
    assert known is not None
    np.testing.assert_allclose(known.scores.sum(axis=1), 1.0, atol=1e-5)
    with pytest.raises(ValueError, match="read-only"):
        known.scores[0] = 0
