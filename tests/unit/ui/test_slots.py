"""A value that is made once for all sessions."""

import threading

import pytest

from genre_core.ui.services import line
from genre_core.ui.services.line import Line, turn
from genre_core.ui.services.slots import Slot, Slots

PATIENCE_SECONDS = 30


def test_who_waits_for_anothers_value_leaves_the_place_in_the_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = Line(n_places=1)
    monkeypatch.setattr(line, "_line", places)
    slot: Slot[str] = Slot()
    waits = threading.Event()
    values: list[str] = []

    def second_visitor() -> None:
        with turn(lambda what, share: waits.set() if "another window" in what else None) as step:
            step("first step", 0.0)  # in work: the only place is taken
            values.append(slot.fill(lambda: "made twice", step))

    second = threading.Thread(target=second_visitor, daemon=True)

    def make() -> str:
        second.start()
        assert waits.wait(PATIENCE_SECONDS)
        assert places.try_enter()  # the place that the second one does not need
        places.leave()
        return "made once"

    assert slot.fill(make, lambda what, share: None) == "made once"
    second.join(PATIENCE_SECONDS)
    assert values == ["made once"]


def test_slots_keep_what_is_filled_and_no_empty_slot() -> None:
    kept: dict[object, Slot[str]] = {}
    slots: Slots[str] = Slots(kept.setdefault)
    slots.at("song", 1).fill(lambda: "made", lambda what, share: None)
    assert slots.at("song", 1).value == "made"
    assert slots.at("song", 2).value is None
    assert list(kept) == [("song", 1)]


def test_two_who_want_the_same_have_one_slot() -> None:
    slots: Slots[str] = Slots({}.setdefault)
    assert slots.at("song") is not slots.at("another song")
    first, second = slots.at("song"), slots.at("song")
    assert first is second
