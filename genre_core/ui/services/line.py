"""The line of visitors whose songs wait for the processor.

As many songs as there are cores are in work at once: more would end no sooner, and each takes
memory. The others wait in the order of arrival. A song that has been in work for some seconds gives
its place up at its next step and waits again, so a long one holds up no short one.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from genre_core.errors import BusyError
from genre_core.inference.malloc import return_freed_memory
from genre_core.inference.recognizer import OnStep

TURN_SECONDS = 10.0  # several times what a song of three minutes takes
MOST_WAITING = 150
_LOOK_SECONDS = 0.5  # one who waits sees the place, and can leave, at least as often


class Line:
    """A line before a few places.

    Parameters
    ----------
    n_places : how many songs are in work at once
    turn_seconds : how long one stays in work while others wait
    most_waiting : how many may wait
    """

    def __init__(
        self, n_places: int, turn_seconds: float = TURN_SECONDS, most_waiting: int = MOST_WAITING
    ) -> None:
        self.turn_seconds = turn_seconds
        self._most_waiting = most_waiting
        self._n_free = n_places
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def n_waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def enter(self, on_wait: Callable[[int], None], is_new: bool = True) -> None:
        """Wait for a place; `on_wait` gets the place in the line, from 1, and may raise to leave.

        Raises BusyError if one is new and nobody more may wait.
        """
        me, place = object(), 0
        with self._changed:
            if is_new and self.n_waiting >= self._most_waiting:
                raise BusyError(
                    f"The queue is full: {self.n_waiting} songs wait before yours. Try again in a "
                    "few minutes."
                )
            self._waiting.append(me)
        try:
            while (place := self._place(me, place)) > 0:
                on_wait(place)
        except BaseException:
            with self._changed:
                self._waiting.remove(me)
                self._changed.notify_all()
            raise

    def _place(self, me: object, last: int) -> int:
        """Return the place in the line once it is not `last`, or after a while; 0: in work now."""

        def place() -> int:
            index = self._waiting.index(me)
            return 0 if index < self._n_free else index + 1

        with self._changed:
            self._changed.wait_for(lambda: place() != last, _LOOK_SECONDS)
            if (now := place()) == 0:
                self._waiting.remove(me)
                self._n_free -= 1
                self._changed.notify_all()
            return now

    def try_enter(self) -> bool:
        """Take a place if one is free and nobody waits for it; return whether it is taken."""
        with self._changed:
            is_free = self._n_free > 0 and not self._waiting
            self._n_free -= is_free
            return is_free

    def leave(self) -> None:
        """Free a place."""
        with self._changed:
            self._n_free += 1
            self._changed.notify_all()


class Turn:
    """One song's way through a line: as its `on_step`, it waits first and gives way later.

    The first step waits for a place; so what is known already waits for nobody.
    """

    def __init__(self, line: Line, on_step: OnStep) -> None:
        self._line = line
        self._on_step = on_step
        self._since: float | None = None  # when it came into work, monotonic; None while it waits
        self._is_new = True
        self._share = 0.0

    def __call__(self, what: str, share: float) -> None:
        """Go on if it is still this song's turn, else wait for the next one; then report.

        Raises BusyError if nobody more may wait; a song that has been in work is not sent away.
        """
        if self._is_over():
            self.end()
        if self._since is None:
            self._line.enter(self._wait, self._is_new)
            self._is_new, self._since = False, time.monotonic()
        self._share = share
        self._on_step(what, share)

    def step_aside(self, what: str, share: float) -> None:
        """Free the place while the work waits for something else, and report what for."""
        self.end()
        self._on_step(what, share)

    def end(self) -> None:
        """Free the place, if it has one."""
        if self._since is not None:
            self._since = None
            return_freed_memory()  # milliseconds; else it adds up, thread by thread
            self._line.leave()

    def _is_over(self) -> bool:
        since, line = self._since, self._line
        return (
            since is not None
            and line.n_waiting > 0
            and time.monotonic() - since > line.turn_seconds
        )

    def _wait(self, place: int) -> None:
        self._on_step(f"Place {place} in the queue", self._share)


_line = Line(os.cpu_count() or 1)
_thread = threading.local()  # turn: that of its work, while it has one


@contextmanager
def turn(on_step: OnStep) -> Iterator[OnStep]:
    """Yield what to call for `on_step` by work that waits in the line of this process.

    Work inside other work of the same thread has its turn with it: who waited for a second place
    while keeping the first could wait for ever.
    """
    if getattr(_thread, "turn", None) is not None:
        yield on_step
        return
    mine = _thread.turn = Turn(_line, on_step)
    try:
        yield mine
    finally:
        _thread.turn = None
        mine.end()


def waiting(on_step: OnStep) -> OnStep:
    """Return what to call for `on_step` while this thread's work waits for that of another one."""
    mine: Turn | None = getattr(_thread, "turn", None)
    return on_step if mine is None else mine.step_aside


@contextmanager
def spare_turn() -> Iterator[bool]:
    """Take a place for work that lets every song that waits go first; yield whether there is one.

    Such work is short and comes again.
    """
    line = _line
    is_mine = line.try_enter()
    try:
        yield is_mine
    finally:
        if is_mine:
            line.leave()
