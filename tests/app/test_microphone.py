"""What becomes of a recording once the browser has handed it over."""

import base64
from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from genre_core.ui.components.recorder.component import wav_of
from genre_core.ui.pages.analyse import song_input


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Let a button stand for the recorder; a press hands these bytes over."""

    def replace(data: bytes) -> None:
        def recorder(key: str, on_recording: Callable[[bytes], None]) -> None:
            st.button("recorded", key=key, on_click=on_recording, args=(data,))

        monkeypatch.setattr(song_input, "recorder", recorder)

    return replace


def press(test: AppTest) -> AppTest:
    return next(b for b in test.button if b.label == "recorded").click().run()


def html_of(test: AppTest) -> str:
    return "\n".join(element.proto.body for element in test.get("html"))


def test_the_first_view_has_the_recorder(app: Callable[..., AppTest]):
    test = app().run()
    assert not test.exception
    (component,) = [
        c for c in test.get("bidi_component") if c.proto.component_name == "music_recorder"
    ]
    assert '"min_seconds": 3.0' in component.proto.json
    assert any("picks up the room" in caption.value for caption in test.caption)


def test_a_recording_gives_a_verdict(
    app: Callable[..., AppTest],
    handed_over: Callable[[bytes], None],
    wav_bytes: Callable[..., bytes],
):
    handed_over(wav_bytes(10.0, 48_000))
    test = press(app().run())
    assert not test.exception
    assert "The network says" in html_of(test)
    assert "your recording.wav" in html_of(test)


def test_a_recording_that_is_none_is_said_plainly(
    app: Callable[..., AppTest], handed_over: Callable[[bytes], None]
):
    handed_over(b"RIFF nothing of use")
    test = press(app().run())
    assert not test.exception
    assert "your recording" in test.error[0].value


@pytest.mark.parametrize("sent", [None, 7, "", "no base64 at all!", {"recording": "x"}, "é"])
def test_what_is_no_file_is_left_alone(sent: object):
    assert wav_of(sent) is None


def test_a_file_comes_through_whole(wav_bytes: Callable[..., bytes]):
    wav = wav_bytes(3.0, 48_000)
    assert wav_of(base64.b64encode(wav).decode()) == wav
