"""The section "Why this genre?" on the page, without a browser."""

import re
from collections.abc import Callable

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from genre_core.inference import explain
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.ui.pages.analyse import explanation

Session = Callable[..., AppTest]


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The genre of every pass of the network that an explanation asks for."""
    asked: list[str] = []
    for name in ("log_odds", "log_odds_without", "log_odds_gradient"):
        plain = getattr(GenreRecognizer, name)

        def counted(self, *arguments, plain=plain):
            asked.append(arguments[-1])
            return plain(self, *arguments)

        monkeypatch.setattr(GenreRecognizer, name, counted)
    return asked


def keys(test: AppTest) -> set[str]:
    return {button.key for button in test.button}


@pytest.fixture(autouse=True)
def _step_by_button(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a button stand for the browser, which asks for the next step."""
    monkeypatch.setattr(
        explanation, "next_step", lambda key, on_step: st.button("step", key=key, on_click=on_step)
    )


def finish(test: AppTest) -> AppTest:
    """Ask for steps until the result is there."""
    while "why_step" in keys(test):
        test.button(key="why_step").click().run()
    assert not test.exception
    return test


def alternatives(test: AppTest) -> str:
    return "\n".join(chart.proto.alt for chart in test.get("plotly_chart"))


def test_nothing_runs_before_it_is_asked_for(app: Session, passes: list[str]):
    test = app(demo="island-morning").run()
    assert not test.exception
    assert "why_begin" in keys(test)
    assert passes == []


@pytest.mark.parametrize("method", ["occlusion", "integrated_gradients"])
def test_a_click_shows_the_map_its_check_and_its_sound(
    app: Session, passes: list[str], method: explain.Method
):
    test = app(demo="island-morning").run()
    test.segmented_control(key="why_method").set_value(method).run()
    finish(test.button(key="why_begin").click().run())
    assert len(passes) <= explain.n_passes(method)
    said = alternatives(test)
    assert re.search(
        r"(Most|Least) \w+: the (bass|lower middle|middle|upper middle|treble) at ", said
    )
    said = [e.value for e in (*test.success, *test.warning, *test.info)]
    assert any("Hiding the strongest" in text or "nothing to hide" in text for text in said)
    hear = next(box for box in test.selectbox if (box.key or "").startswith("why_hear"))
    for option in hear.options:
        hear.set_value(option).run()
        assert not test.exception
        assert any("Only the part" in caption.value for caption in test.caption)
    n_passes = len(passes)
    again = app(demo="island-morning").run()  # known to every session from now on
    again.segmented_control(key="why_method").set_value(method).run()
    assert "why_begin" not in keys(again)
    assert len(passes) == n_passes


def test_reasons_are_in_the_link_and_a_click_on_a_part_lets_it_be_heard(
    app: Session, passes: list[str]
):
    test = app(demo="medley", t="10", n="20").run()
    genres = next(box for box in test.selectbox if box.key.startswith("why_genre"))
    second = genres.options[1].split(" ")[0]
    genres.select_index(1).run()
    test.button(key="why_begin").click().run()
    assert (test.query_params["why"], test.query_params["for"]) == ("1", second)
    test.button(key="why_cancel").click().run()
    assert "why" not in test.query_params
    linked = finish(app(demo="medley", t="10", n="20", why="1", **{"for": second}).run())
    assert set(passes) == {second}  # by itself
    assert second in alternatives(linked)
    linked.session_state[f"why_clicked_0_{second}_occlusion"] = (0, 2)
    linked.run()
    assert not linked.exception
    hear = next(box for box in linked.selectbox if (box.key or "").startswith("why_hear"))
    assert hear.value.startswith("Clicked: the bass at 0:2")


def test_the_genre_asked_about_is_the_frames_best_unless_chosen(app: Session, passes: list[str]):
    test = app(demo="medley", t="10", n="20").run()
    genre = next(box for box in test.selectbox if (box.key or "").startswith("why_genre"))
    assert genre.index == 0
    percents = [float(option.split("·")[1].strip(" %")) for option in genre.options]
    assert percents == sorted(percents, reverse=True)
    last = genre.options[-1].split(" ")[0]
    genre.select_index(len(genre.options) - 1).run()
    finish(test.button(key="why_begin").click().run())
    assert set(passes) == {last}


def test_work_goes_in_steps_that_can_be_cancelled(
    app: Session, passes: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(explanation, "STEP_SECONDS", 0.0)
    test = app(demo="island-morning").run()
    test.button(key="why_begin").click().run()
    assert {"why_cancel", "why_step"} <= keys(test)
    assert passes == []
    test.button(key="why_step").click().run()
    test.button(key="why_step").click().run()
    assert len(passes) == 2
    test.run()  # the whole page: the work is where it was, and goes on
    assert {"why_cancel", "why_step"} <= keys(test)
    assert len(passes) == 2
    test.button(key="why_cancel").click().run()
    assert not test.exception
    assert "why_cancel" not in keys(test)
    assert not test.button(key="why_begin").disabled
    test.run()
    assert len(passes) == 2
    # Another question ends the work on the first one too.
    test.button(key="why_begin").click().run()
    assert test.button(key="why_begin").disabled
    test.segmented_control(key="why_method").set_value("integrated_gradients").run()
    assert "why_cancel" not in keys(test)


def song_of(wav_bytes: Callable[..., bytes], *loudness: float) -> tuple[str, bytes, str]:
    """Return a song of 3 s of noise for each loudness, 0 for silence."""
    noise = np.random.default_rng(0).uniform(-1.0, 1.0, (36_000, 1))
    samples = np.concatenate([loud * noise for loud in loudness])
    return "song.wav", wav_bytes(samples=samples, sample_rate=12_000), "audio/wav"


def test_a_silent_frame_cannot_be_chosen(app: Session, wav_bytes: Callable[..., bytes]):
    test = app(t="3", n="0").run()
    test.file_uploader[0].set_value(song_of(wav_bytes, 0.5, 0.0, 0.5)).run()
    assert not test.exception
    (frames,) = (box for box in test.selectbox if box.key.startswith("why_frame"))
    assert [label.split(" ·")[0] for label in frames.options] == ["Frame 1", "Frame 3"]


def test_a_silent_song_is_refused_before_anything_is_asked(
    app: Session, wav_bytes: Callable[..., bytes]
):
    test = app(t="3", n="0").run()
    test.file_uploader[0].set_value(song_of(wav_bytes, 0.0, 0.0)).run()
    assert not test.exception
    assert "silent" in test.error[0].value
    assert "why_begin" not in keys(test)
