import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.audio.sound_changes import NO_CHANGES, Band, Box, SoundChanges
from genre_core.ui.components.sound_lab.history import MOST_STEPS, History
from genre_core.ui.components.sound_lab.words import (
    box_in_words,
    changes_in_words,
    levels_in_words,
)
from genre_core.ui.song_link import PARAMETERS, SongView
from genre_core.ui.sound_link import parameter, read_changes, write_changes
from genre_core.ui.url import read_view
from tests import builders

LOUD, QUIET = SoundChanges(level_db=6.0), SoundChanges(level_db=-6.0)


def two_numbers(most: int) -> st.SearchStrategy[tuple[float, float]]:
    numbers = st.lists(st.integers(0, most * 100), min_size=2, max_size=2, unique=True)
    return numbers.map(lambda pair: tuple(each / 100 for each in sorted(pair)))


boxes = st.builds(lambda s, hz: Box(*s, *hz), two_numbers(30), two_numbers(6_000))
bands = st.builds(lambda hz, is_kept: Band(*hz, is_kept), two_numbers(6_000), st.booleans())
all_changes = st.builds(
    SoundChanges,
    st.lists(boxes, max_size=12).map(tuple),
    st.none() | bands,
    st.integers(50, 200).map(lambda n: n / 100),
    st.booleans(),
    st.none() | st.integers(-10, 60).map(float),
    st.integers(-60, 40).map(float),
)


@given(all_changes)
def test_a_link_and_its_changes_are_one(changes: SoundChanges):
    text = write_changes(changes)
    assert (read_changes(text) if text else NO_CHANGES) == changes


@given(st.text())
def test_any_link_gives_possible_changes_or_a_note(text: str):
    view, notes = read_view({"sound": text}, SongView(), PARAMETERS)
    assert isinstance(view.sound_changes, SoundChanges)
    assert len(notes) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "loud",
        "speed9",
        "speed-1",
        "speednan",
        "noise1e3",
        "mute800-300",
        "box1-2_3",
        "~",
        "a" * 3_000,
        "~".join(["box1-2_3-400"] * 13),
    ],
)
def test_what_does_not_fit_is_left_out_with_a_note(text: str):
    view, notes = read_view({"sound": text}, SongView(), {"sound": parameter("sound_changes")})
    assert view.sound_changes == NO_CHANGES
    assert "Allowed: keep or mute" in notes[0]


def test_the_frame_of_the_lab_is_in_the_link():
    view, notes = read_view({"lab": "3", "sound": "telephone"}, SongView(), PARAMETERS)
    assert (view.lab_frame, view.sound_changes.is_telephone, notes) == (3, True, ())
    assert view.with_default_settings() == view


def test_undo_and_redo_go_through_every_step():
    history = History().changed_to(LOUD).changed_to(QUIET)
    assert history.undone().current == LOUD
    assert history.undone().undone().current == NO_CHANGES
    assert history.undone().undone().undone().current == NO_CHANGES
    assert history.undone().undone().redone().redone() == history
    assert history.redone() == history


def test_a_new_change_forgets_what_was_undone():
    history = History().changed_to(LOUD).undone().changed_to(QUIET)
    assert history.future == ()
    assert history.undone().current == NO_CHANGES


def test_no_change_is_no_step_and_the_steps_are_bounded():
    assert History().changed_to(NO_CHANGES) == History()
    history = History()
    for number in range(3 * MOST_STEPS):
        history = history.changed_to(SoundChanges(level_db=float(number % 30)))
    assert len(history.past) == MOST_STEPS


def test_changes_are_told_in_the_order_in_which_they_are_applied():
    changes = SoundChanges((Box(1, 2, 200, 800),), Band(60, 250, False), 1.25, True, 10.0, -6.0)
    assert changes_in_words(changes) == (
        "In this order: one box rubbed out, 60–250 Hz muted, 1.25 × speed, through a telephone, "
        "pink noise 10 dB below the sound, 6 dB quieter."
    )
    assert changes_in_words(NO_CHANGES) == "Nothing is changed yet."
    assert box_in_words(changes.boxes[0], 20.0) == "0:21.0–0:22.0, 200–800 Hz"


def test_the_level_is_told_with_how_it_is_played():
    sound = builders.noise(1.0, 8_000)
    assert "6 dB quieter" in levels_in_words(sound, sound / 2)
    assert "20 dB louder" in levels_in_words(sound / 10, sound)
    assert "equally loud" in levels_in_words(sound, sound)
    assert levels_in_words(sound, 0 * sound).endswith("as the network gets them.")
