"""Links to the lesson: read, mended, and written again."""

from dataclasses import fields, replace

import pytest

from genre_core.audio.sound_changes import SoundChanges
from genre_core.ui.pages.lesson.link import PARAMETERS, STEP_KEYS, LessonView
from genre_core.ui.url import read_view, write_view

OTHER = LessonView(
    step="conv", demo="reggae", at=12.5, zoom=0.0, n_fft=2048, n_mels=24, range_db=40,
    frame_seconds=10.0, trim_seconds=0.0, frame=3, block="conv2", n_maps=2, n_read=5,
    temperature=0.25, aggregation="majority_vote", left_out=(2, 5), n_words=300,
    sound_changes=SoundChanges(is_telephone=True),
)  # fmt: skip


def read(query: dict[str, str]) -> tuple[LessonView, tuple[str, ...]]:
    return read_view(query, LessonView(), PARAMETERS)


def write(view: LessonView) -> dict[str, str]:
    return write_view(view, LessonView(), PARAMETERS)


def test_a_link_says_every_setting_and_nothing_else():
    query = write(OTHER)
    assert len(query) == len(fields(LessonView))
    assert read(query) == (OTHER, ())
    assert write(LessonView()) == {"step": "wave"}


@pytest.mark.parametrize("step", STEP_KEYS)
def test_every_step_has_its_link(step: str):
    view, notes = read({"step": step})
    assert view == replace(LessonView(), step=step)
    assert not notes


@pytest.mark.parametrize(
    "query",
    [
        {"step": "magic"},
        {"n_fft": "500"},
        {"n_fft": "many"},
        {"at": "nan"},
        {"at": "-1"},
        {"t": "500"},
        {"n": "inf"},
        {"frame": "0"},
        {"frame": "1.5"},
        {"maps": "99"},
        {"temp": "0"},
        {"agg": "median"},
        {"without": "1,,x"},
        {"without": "-3"},
        {"range": "<b>"},
    ],
)
def test_what_a_link_may_not_ask_for_is_left_out_with_a_note(query: dict[str, str]):
    view, notes = read(query)
    assert view == LessonView()
    (note,) = notes
    assert next(iter(query.values())) in note


def test_what_is_unknown_in_a_link_does_no_harm():
    assert read({"utm_source": "x", "step": "", "n_fft": "1024"}) == (
        replace(LessonView(), n_fft=1024),
        (),
    )
