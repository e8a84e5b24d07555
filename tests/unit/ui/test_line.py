"""The line before the processor: places, turns, and who leaves."""

import threading

import pytest

from genre_core.errors import BusyError
from genre_core.ui.services.line import Line, Turn

PATIENCE_SECONDS = 30


class Left(BaseException):
    """Like Streamlit's own at the end of a session."""


class Visitor(threading.Thread):
    """A song with some steps; `at` is set when a step has come, `go` lets the next one come."""

    def __init__(self, line: Line, n_steps: int = 1) -> None:
        super().__init__(daemon=True)
        self.seen: list[str] = []
        self.leaves = threading.Event()
        self.error: BaseException | None = None
        self._changed = threading.Condition()
        self._n_allowed = 0
        self._line, self._n_steps = line, n_steps
        self.start()

    def run(self) -> None:
        turn = Turn(self._line, self._report)
        try:
            for step in range(self._n_steps):
                turn(f"step {step}", step / self._n_steps)
                with self._changed:
                    assert self._changed.wait_for(lambda: self._n_allowed > step, PATIENCE_SECONDS)  # noqa: B023
        except BaseException as error:
            self.error = error
        finally:
            turn.end()

    def _report(self, what: str, share: float) -> None:
        if self.leaves.is_set():
            raise Left
        with self._changed:
            self.seen.append(what)
            self._changed.notify_all()

    def go(self, n_steps: int = 1) -> None:
        with self._changed:
            self._n_allowed += n_steps
            self._changed.notify_all()

    def sees(self, what: str) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: what in self.seen, PATIENCE_SECONDS)


def three_in(line: Line) -> tuple[Visitor, Visitor, Visitor]:
    """Let three come to a line before one place; each sees where it stands."""
    seen = ("step 0", "Place 1 in the queue", "Place 2 in the queue")
    visitors = []
    for what in seen:
        visitors.append(Visitor(line))
        assert visitors[-1].sees(what)
    first, second, third = visitors
    return first, second, third


def test_those_who_wait_see_their_place_and_move_up() -> None:
    line = Line(n_places=1)
    first, second, third = three_in(line)
    first.go()
    assert second.sees("step 0")
    assert third.sees("Place 1 in the queue")
    assert "step 0" not in third.seen
    second.go()
    assert third.sees("step 0")
    third.go()
    third.join(PATIENCE_SECONDS)
    assert line.n_waiting == 0


def test_who_leaves_the_line_frees_the_place() -> None:
    line = Line(n_places=1)
    first, second, third = three_in(line)
    second.leaves.set()
    assert third.sees("Place 1 in the queue")
    second.join(PATIENCE_SECONDS)
    assert isinstance(second.error, Left)
    first.go()
    assert third.sees("step 0")
    third.go()


def test_who_leaves_while_in_work_frees_the_place() -> None:
    line = Line(n_places=1)
    first = Visitor(line, n_steps=2)
    assert first.sees("step 0")
    second = Visitor(line)
    assert second.sees("Place 1 in the queue")
    first.leaves.set()
    first.go()
    assert second.sees("step 0")
    assert isinstance(first.error, Left)
    second.go()


def test_a_long_song_gives_way_and_comes_back() -> None:
    line = Line(n_places=1, turn_seconds=0.0)
    long = Visitor(line, n_steps=2)
    assert long.sees("step 0")
    short = Visitor(line)
    assert short.sees("Place 1 in the queue")
    long.go()
    assert short.sees("step 0")
    assert long.sees("Place 1 in the queue")
    assert "step 1" not in long.seen
    short.go()
    assert long.sees("step 1")
    long.go()


def test_a_long_song_goes_on_where_nobody_waits() -> None:
    line = Line(n_places=1, turn_seconds=0.0)
    alone = Visitor(line, n_steps=3)
    alone.go(3)
    alone.join(PATIENCE_SECONDS)
    assert alone.seen == ["step 0", "step 1", "step 2"]


def test_nobody_waits_while_there_is_a_place() -> None:
    line = Line(n_places=2)
    visitors = [Visitor(line) for _ in range(2)]
    for visitor in visitors:
        assert visitor.sees("step 0")
        assert visitor.seen == ["step 0"]
        visitor.go()


def test_a_full_line_sends_the_next_one_away_but_no_one_in_work() -> None:
    line = Line(n_places=1, turn_seconds=0.0, most_waiting=1)
    long = Visitor(line, n_steps=2)
    assert long.sees("step 0")
    waiting = Visitor(line, n_steps=2)
    assert waiting.sees("Place 1 in the queue")
    too_many = Visitor(line)
    too_many.join(PATIENCE_SECONDS)
    assert isinstance(too_many.error, BusyError)
    assert "1 songs wait" in str(too_many.error)
    assert "Try again" in str(too_many.error)
    long.go(2)  # gives way to the one who waits, though the line is full again then
    assert waiting.sees("step 0")
    late = Visitor(line)
    late.join(PATIENCE_SECONDS)
    assert isinstance(late.error, BusyError)
    waiting.go(2)
    assert long.sees("step 1")
    assert waiting.sees("step 1")


def test_work_that_is_not_needed_waits_for_nobody() -> None:
    line = Line(n_places=0)
    Turn(line, lambda what, share: None).end()
    assert line.n_waiting == 0


def test_what_fails_before_its_turn_does_not_free_a_place() -> None:
    line = Line(n_places=0)
    turn = Turn(line, _leave)
    with pytest.raises(Left):
        turn("step 0", 0.0)
    turn.end()
    assert line.n_waiting == 0
    with pytest.raises(Left):  # there is still no place
        Turn(line, _leave)("step 0", 0.0)


def _leave(what: str, share: float) -> None:
    raise Left


def test_work_that_can_wait_takes_only_a_place_that_nobody_wants() -> None:
    line = Line(n_places=1)
    assert line.try_enter()
    assert not line.try_enter()
    song = Visitor(line)
    assert song.sees("Place 1 in the queue")
    line.leave()
    assert song.sees("step 0")
    assert not line.try_enter()
    song.go()
    song.join(PATIENCE_SECONDS)
    assert line.try_enter()
