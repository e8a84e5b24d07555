"""Several songs dropped on "Analyse a song": the first is shown, all of them are at hand."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.library.dropped import MAX_SONGS
from genre_core.ui.components import dropped_files
from genre_core.ui.components.dropped_files import within_limits
from tests.app.test_analyse import html_of

Session = Callable[..., AppTest]
OPEN = "several_open"


def drop(test: AppTest, *names: str, data: bytes) -> AppTest:
    test.file_uploader[0].set_value([(name, data, "audio/wav") for name in names])
    return test.run()


def test_they_go_to_the_library_and_the_first_stays(app: Session, wav_bytes: Callable[..., bytes]):
    song = wav_bytes(20.0, 12_000)
    test = drop(app().run(), "one.wav", "two.wav", data=song)
    assert not test.exception
    assert "one.wav" in html_of(test)
    test.button(key=OPEN).click().run()
    assert not test.exception
    dropped = test.session_state["library_state"].dropped
    assert [each.name for each in dropped.run.songs] == ["one.wav", "two.wav"]
    assert test.session_state["analyse_state"].song.name == "one.wav"
    assert test.session_state["analyse_state"].several == ()


def test_one_song_or_another_one_needs_no_library(app: Session, wav_bytes: Callable[..., bytes]):
    song = wav_bytes(20.0, 12_000)
    test = drop(app().run(), "one.wav", data=song)
    assert OPEN not in {each.key for each in test.button}
    test = drop(test, "one.wav", "two.wav", data=song)
    assert OPEN in {each.key for each in test.button}
    test.button(key="several_forget").click().run()
    assert OPEN not in {each.key for each in test.button}
    assert "one.wav" in html_of(test)


def test_the_others_are_at_hand_though_the_first_cannot_be_read(
    app: Session, wav_bytes: Callable[..., bytes]
):
    test = app().run()
    files = [("bad.wav", b"words", ""), ("good.wav", wav_bytes(20.0, 12_000), "")]
    test.file_uploader[0].set_value(files).run()
    assert "bad" in test.error[0].value
    assert test.button(key=OPEN).label == "Open all 2 in the Library"


def test_files_over_the_limits_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(dropped_files, "MAX_BYTES", 10 * 2**20)
    files = [("first.wav", 6 * 2**20), ("large.wav", 5 * 2**20), ("small.wav", 4 * 2**20)]
    places, said = within_limits(files)
    assert places == [0, 2]
    assert said == (
        "1 file left out (large.wav): 10 MB in one session are the limit: scan the folder with "
        "`library scan`.",
    )
    assert within_limits(files, n_bytes=6 * 2**20)[0] == [2]
    many = [(f"{n}.wav", 1) for n in range(MAX_SONGS + 1)]
    places, said = within_limits(many)
    assert places == list(range(MAX_SONGS))
    assert said[0].startswith(f"1 file left out ({MAX_SONGS}.wav)")
