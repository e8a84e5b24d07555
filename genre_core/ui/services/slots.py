"""A value that is made once for all sessions, with progress, and can be cancelled meanwhile.

Progress cannot be drawn inside a function that Streamlit caches (it would replay it), so what is
cached is a `Slot`, and its value is made outside. Where making it is cancelled or fails, the slot
stays empty: nothing is ever half done. Only filled slots are cached: those of 30 songs that wait
for the processor would push out what the others have made.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from genre_core.inference.recognizer import OnStep
from genre_core.ui.services.line import waiting

TTL = "30m"  # how long the caches keep what nobody asks for
_WAITING = "Waiting for the same song in another window"

Value = TypeVar("Value")


@dataclass(eq=False)
class Slot(Generic[Value]):
    """A place in a bounded cache, filled by the first session that needs it."""

    on_fill: Callable[["Slot[Value]"], object] = lambda slot: None
    lock: threading.Lock = field(default_factory=threading.Lock)
    value: Value | None = None

    def fill(self, make: Callable[[], Value], on_step: OnStep) -> Value:
        """Return the value, made once; a second session waits, and `on_step` may cancel it."""
        if self.value is not None:
            return self.value
        on_wait = waiting(on_step)  # who makes the value may need the place in the line
        while not self.lock.acquire(timeout=0.2):
            on_wait(_WAITING, 0.0)
        try:
            if self.value is None:
                self.value = make()
                self.on_fill(self)
            return self.value
        finally:
            self.lock.release()


class Slots(Generic[Value]):
    """The slots of one kind of value.

    Parameters
    ----------
    keep : a bounded cache: returns the slot of a key that it has, else the one that it is given
    """

    def __init__(self, keep: Callable[[Hashable, Slot[Value]], object]) -> None:
        self._keep = keep
        self._slots: WeakValueDictionary[Hashable, Slot[Value]] = WeakValueDictionary()
        self._lock = threading.Lock()

    def at(self, *key: Hashable) -> Slot[Value]:
        """Return the slot of a key; while it is empty it lives as long as somebody has it."""
        with self._lock:
            slot = self._slots.get(key)
            if slot is None:
                slot = Slot(on_fill=lambda filled: self._keep(key, filled))
                self._slots[key] = slot
        if slot.value is not None:
            self._keep(key, slot)  # it is of use: others go first
        return slot
