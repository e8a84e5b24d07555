"""The sound lab on the page "Analyse a song": its controls, undo and redo, and the link."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.audio.sound_changes import Box, SoundChanges
from genre_core.config import FeatureSettings
from genre_core.types import FrameSpan
from genre_core.ui.components.sound_lab.panel import drawn_box

Session = Callable[..., AppTest]
SONG = {"demo": "island-morning", "t": "10", "n": "20"}


def pictures(test: AppTest) -> list[str]:
    return [chart.proto.spec for chart in test.get("plotly_chart")]


def no_fault(test: AppTest) -> None:
    assert not test.exception
    assert not test.error


def test_the_lab_is_closed_until_it_is_asked_for(app: Session):
    test = app(**SONG).run()
    no_fault(test)
    assert "lab" not in test.query_params
    test.button(key="lab_open").click().run()
    no_fault(test)
    assert test.query_params["lab"] == "1"
    assert test.button(key="lab_undo").disabled
    assert test.button(key="lab_reset").disabled
    assert any("This frame is called" in each.value for each in test.markdown)
    test.button(key="lab_close").click().run()
    no_fault(test)
    assert "lab" not in test.query_params


@pytest.mark.parametrize(
    ("kind", "key", "value", "in_link"),
    [
        ("segmented_control", "lab_band", "Mute", "mute0-250"),
        ("segmented_control", "lab_band", "Keep", "keep0-250"),
        ("select_slider", "lab_speed", 1.25, "speed1.25"),
        ("toggle", "lab_telephone", True, "telephone"),
        ("select_slider", "lab_noise", 10.0, "noise10"),
        ("select_slider", "lab_level", -20.0, "level-20"),
    ],
)
def test_every_change_is_scored_stands_in_the_link_and_is_undone(
    app: Session, kind: str, key: str, value: object, in_link: str
):
    test = app(**SONG, lab="2").run()
    before = pictures(test)
    getattr(test, kind)(key=key).set_value(value).run()
    no_fault(test)
    assert test.query_params["sound"] == in_link
    changed = pictures(test)
    assert changed != before
    # The link alone opens the same scores.
    again = app(**dict(test.query_params)).run()
    no_fault(again)
    assert pictures(again) == changed
    test.button(key="lab_undo").click().run()
    assert "sound" not in test.query_params
    assert pictures(test) == before
    test.button(key="lab_redo").click().run()
    assert test.query_params["sound"] == in_link
    assert pictures(test) == changed
    test.button(key="lab_reset").click().run()
    assert pictures(test) == before
    test.button(key="lab_undo").click().run()  # of the reset
    assert pictures(test) == changed


def test_the_ends_of_a_band_can_be_moved(app: Session):
    test = app(**SONG, lab="1", sound="mute60-250").run()
    test.selectbox(key="lab_band_high").set_value(800.0).run()
    no_fault(test)
    assert test.query_params["sound"] == "mute60-800"


def test_a_box_by_numbers_is_rubbed_out_and_put_back(app: Session):
    test = app(**SONG, lab="1").run()
    test.number_input(key="lab_from").set_value(22.0)
    test.number_input(key="lab_to").set_value(24.5)
    test.number_input(key="lab_low").set_value(200.0)
    test.number_input(key="lab_high").set_value(900.0).run()
    test.button(key="lab_rub_out").click().run()
    no_fault(test)
    assert test.query_params["sound"] == "box2-4.5_200-900"
    assert test.button(key="lab_box_0").label == "0:22.0–0:24.5, 200–900 Hz"
    test.button(key="lab_box_0").click().run()
    no_fault(test)
    assert "sound" not in test.query_params
    test.number_input(key="lab_to").set_value(21.0).run()
    assert test.button(key="lab_rub_out").disabled


def test_nothing_left_to_hear_is_said_and_not_scored(app: Session):
    test = app(**SONG, lab="1", sound="box0-10_0-6000").run()
    no_fault(test)
    assert any("Nothing is left to hear" in each.value for each in test.info)


def test_a_frame_that_gets_too_short_is_said_with_the_way_out(app: Session):
    test = app(demo="island-morning", t="4", n="20", lab="1", sound="speed2").run()
    assert not test.exception
    assert "needs 3 s" in test.error[0].value
    test.button(key="lab_reset").click().run()
    no_fault(test)


def test_a_link_to_a_frame_that_is_not_there_opens_the_first(app: Session):
    test = app(**SONG, lab="99").run()
    no_fault(test)
    assert test.selectbox(key="lab_frame").value == 1


def test_a_dragged_box_becomes_seconds_of_the_frame_and_hz():
    features = FeatureSettings()
    span = FrameSpan(0, 240_000, 360_000, 12_000, silent=False)  # 20 s to 30 s
    drawn = {"selection": {"box": [{"x": [24.0, 21.5], "y": [40.0, 10.0]}]}}
    box = drawn_box(drawn, span, features)
    assert isinstance(box, Box)
    assert (box.start_seconds, box.end_seconds) == (1.5, 4.0)
    assert 0 < box.low_hz < box.high_hz < 6_000
    beyond = {"selection": {"box": [{"x": [0.0, 99.0], "y": [-9.0, 99.0]}]}}
    assert drawn_box(beyond, span, features) == Box(0.0, 10.0, 0.0, 6_000.0)
    assert SoundChanges(boxes=(box,)).boxes == (box,)
    assert drawn_box({"selection": {"box": []}}, span, features) is None
    flat = {"selection": {"box": [{"x": [21.0, 21.0], "y": [10.0, 40.0]}]}}
    assert drawn_box(flat, span, features) is None
