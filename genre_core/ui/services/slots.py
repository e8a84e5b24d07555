"""A value that is made once for all sessions, with progress, and can be cancelled meanwhile.

Progress cannot be drawn inside a function that Streamlit caches (it would replay it), so what is
cached is a `Slot`, and its value is made outside. Where making it is cancelled or fails, the slot
stays empty: nothing is ever half done.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from genre_core.inference.recognizer import OnStep
from genre_core.ui.services.line import waiting

TTL = "30m"  # how long the caches keep what nobody asks for
_WAITING = "Waiting for the same song in another window"

Value = TypeVar("Value")


@dataclass(eq=False)
class Slot(Generic[Value]):
    """A place in a bounded cache, filled by the first session that needs it."""

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
            return self.value
        finally:
            self.lock.release()
