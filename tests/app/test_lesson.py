"""The page "How it works": every step, every control of it, and the links to them."""

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genre_core.ui.pages.lesson.link import STEP_KEYS
from genre_core.ui.pages.lesson.steps import STEPS

Session = Callable[..., AppTest]
SHOWS_FRAMES = ("frames", "conv", "recurrent", "scores", "change")


@pytest.fixture
def lesson(page_sessions: Callable[[str], Session]) -> Session:
    return page_sessions("genre_core.ui.pages.lesson.page")


def pictures(test: AppTest) -> list[str]:
    return [chart.proto.spec for chart in test.get("plotly_chart")]


def no_fault(test: AppTest) -> None:
    assert not test.exception
    assert not test.error
    assert not test.warning


def test_the_links_know_every_step_in_order():
    assert tuple(STEPS) == STEP_KEYS


@pytest.mark.parametrize("step", STEP_KEYS)
def test_every_step_opens_for_the_default_song(lesson: Session, step: str):
    test = lesson(step=step)
    no_fault(test)
    assert test.title[0].value == STEPS[step].title
    assert test.selectbox(key="lesson_song").value == "medley"
    drawn = test.get("plotly_chart")
    assert drawn
    assert all(len(chart.proto.alt) > 20 for chart in drawn)  # in words too
    labels = [expander.label for expander in test.expander]
    assert any("Question" in label for label in labels)
    assert any("formula" in label for label in labels)
    assert any("Glossary" in label for label in labels)
    assert f"step={step}" in test.code[0].value
    assert bool([b for b in test.selectbox if b.key == "lesson_frame"]) == (step in SHOWS_FRAMES)


def test_the_first_view_is_the_first_step_and_next_goes_through_all(lesson: Session):
    test = lesson()
    for step in STEP_KEYS:
        no_fault(test)
        assert test.query_params["step"] == step
        assert test.title[0].value == STEPS[step].title
        if step != STEP_KEYS[-1]:
            test.button(key="lesson_next_end").click().run()
    test.button(key="lesson_again").click().run()
    assert test.query_params["step"] == STEP_KEYS[0]
    for _ in STEP_KEYS[1:]:
        test.button(key="lesson_next_end").click().run()
    for _ in STEP_KEYS[1:]:
        test.button(key="lesson_back_end").click().run()
    assert test.query_params["step"] == STEP_KEYS[0]
    assert test.button(key="lesson_back_end").disabled


@pytest.mark.parametrize(
    ("step", "kind", "key", "value", "in_link"),
    [
        ("wave", "select_slider", "zoom", 0.01, {"zoom": "0.01"}),
        ("wave", "select_slider", "zoom", 3.0, {"zoom": "3"}),
        ("wave", "select_slider", "zoom", 0.0, {"zoom": "0"}),
        ("wave", "slider", "at", 12.5, {"at": "12.5"}),
        ("stft", "select_slider", "n_fft", 128, {"n_fft": "128"}),
        ("stft", "select_slider", "n_fft", 4096, {"n_fft": "4096"}),
        ("mel", "select_slider", "n_mels", 12, {"n_mels": "12"}),
        ("mel", "select_slider", "n_mels", 256, {"n_mels": "256"}),
        ("decibels", "select_slider", "range_db", 20, {"range": "20"}),
        ("frames", "select_slider", "frame_seconds", 5.0, {"t": "5"}),
        ("frames", "slider", "trim_seconds", 0, {"n": "0"}),
        ("conv", "segmented_control", "block", "conv3", {"block": "conv3"}),
        ("conv", "slider", "n_maps", 2, {"maps": "2"}),
        ("recurrent", "slider", "n_read", 3, {"read": "3"}),
        ("scores", "select_slider", "temperature", 4.0, {"temp": "4"}),
        ("change", "select_slider", "lab_level", -20.0, {"sound": "level-20"}),
        ("change", "toggle", "lab_telephone", True, {"sound": "telephone"}),
        ("average", "segmented_control", "aggregation", "majority_vote", {"agg": "vote"}),
        ("average", "multiselect", "left_out", [2], {"without": "2"}),
        ("lyrics", "select_slider", "n_words", 300, {"words": "300"}),
    ],
)
def test_every_control_changes_its_picture_and_the_link(
    lesson: Session, step: str, kind: str, key: str, value: object, in_link: dict[str, str]
):
    test = lesson(step=step, t="10")
    before = pictures(test)
    getattr(test, kind)(key=f"lesson_{key}").set_value(value).run()
    no_fault(test)
    assert pictures(test) != before
    assert in_link.items() <= dict(test.query_params).items()
    # The link alone opens the same pictures.
    again = lesson(**dict(test.query_params))
    no_fault(again)
    assert pictures(again) == pictures(test)


@pytest.mark.parametrize("step", SHOWS_FRAMES)
def test_another_frame_can_be_looked_at(lesson: Session, step: str):
    test = lesson(step=step, t="10")
    before = pictures(test)
    test.selectbox(key="lesson_frame").set_value(3).run()
    no_fault(test)
    assert test.query_params["frame"] == "3"
    assert pictures(test) != before


def test_leaving_every_frame_out_is_said_and_can_be_undone(lesson: Session):
    test = lesson(step="average", t="10", without="1,2,3")
    no_fault(test)
    assert "No frame is left" in test.info[0].value
    test.multiselect(key="lesson_left_out").set_value([]).run()
    no_fault(test)
    assert not test.info
    assert test.get("plotly_chart")


def test_another_song_forgets_what_belonged_to_the_old_one(lesson: Session):
    test = lesson(step="recurrent", t="10", frame="3", read="2", at="40")
    test.selectbox(key="lesson_song").set_value("island-morning").run()
    no_fault(test)
    assert dict(test.query_params) == {"step": "recurrent", "demo": "island-morning", "t": "10"}


def test_a_bad_link_is_mended_with_a_note(lesson: Session):
    test = lesson(step="<b>magic</b>", n_fft="7", demo="polka", frame="99", read="99", block="x")
    assert not test.exception
    assert not test.error
    assert len(test.warning) == 1  # the song; it is looked for last
    assert test.title[0].value == STEPS["wave"].title
    for step in STEP_KEYS:
        test = lesson(step=step, frame="99", read="99", block="x", without="99", at="3000")
        no_fault(test)


def test_without_any_song_the_page_says_where_to_get_one(
    lesson: Session, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    from genre_core.ui import songs

    monkeypatch.setattr(songs, "DEMO_FOLDER", tmp_path / "nothing")
    test = lesson(step="mel")
    no_fault(test)
    assert "Analyse a song" in test.info[0].value


def test_a_missing_network_is_said_plainly(lesson: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENRE_MODEL", "/nowhere/net.safetensors")
    test = lesson(step="wave")
    assert not test.exception
    assert "net" in test.error[0].value


@pytest.fixture
def lesson_on(app: Session) -> Callable[[bytes], AppTest]:
    """Return a maker of sessions, not run yet, that have a song of their own open."""
    app()

    def script() -> None:
        import streamlit as st

        from genre_core.ui import session
        from genre_core.ui.pages.lesson import page as lesson
        from genre_core.ui.songs import Song

        if session.current().song is None:
            session.current().take(Song.from_bytes("<b>mine</b>.wav", st.session_state["own"]))
        lesson.page()

    def session(data: bytes) -> AppTest:
        test = AppTest.from_function(script, default_timeout=120)
        test.session_state["own"] = data
        return test

    return session


def test_a_song_of_ones_own_is_the_lessons_song(
    lesson_on: Callable[[bytes], AppTest], wav_bytes: Callable[..., bytes]
):
    test = lesson_on(wav_bytes(5.0, 12_000))
    for step in STEP_KEYS:
        test.query_params["step"] = step
        test.run()
        no_fault(test)
        assert test.selectbox(key="lesson_song").value == ""
        assert "demo" not in test.query_params
    test.selectbox(key="lesson_song").set_value("island-morning").run()
    no_fault(test)
    assert test.query_params["demo"] == "island-morning"


def test_a_song_that_is_too_short_is_said_plainly(
    lesson_on: Callable[[bytes], AppTest], wav_bytes: Callable[..., bytes]
):
    test = lesson_on(wav_bytes(1.0, 12_000))
    for step in STEP_KEYS:
        test.query_params["step"] = step
        test.run()
        assert not test.exception
        needs_frames = step != "lyrics" and STEP_KEYS.index(step) >= STEP_KEYS.index("frames")
        if needs_frames:
            assert "too short" in test.error[0].value
            assert test.button(key="lesson_back_end")  # a way on
        else:
            no_fault(test)


def test_a_silent_frame_can_be_looked_at_but_never_counts(
    lesson_on: Callable[[bytes], AppTest], wav_bytes: Callable[..., bytes]
):
    samples = np.random.default_rng(0).uniform(-0.3, 0.3, 12_000 * 30)
    samples[12_000 * 10 : 12_000 * 20] = 0.0
    test = lesson_on(wav_bytes(12_000, 12_000, samples=samples))
    test.query_params.update({"t": "10", "n": "0", "frame": "2", "without": "2"})
    for step in (*STEP_KEYS, "average"):
        test.query_params["step"] = step
        test.run()
        no_fault(test)
    assert test.multiselect(key="lesson_left_out").options == ["Frame 1", "Frame 3"]
