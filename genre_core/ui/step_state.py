"""The progress of one session's work: started, stopped, continued, one step at a time."""

import threading
import time
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from genre_core.inference.step_run import StepRun

Run = TypeVar("Run", bound=StepRun)


@dataclass
class StepState(Generic[Run]):
    """A run that is under way or stopped, and whether it goes on.

    Streamlit lets a click start the page anew while the run before is still busy in a step, in
    another thread; so only one of them works at a time, and none undoes what the user chose.
    """

    run: Run | None = None
    is_running: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def go_on(self) -> None:
        """Do what is left."""
        self.is_running = self.run is not None

    def work(self, seconds: float) -> None:
        """Work for so long, or to the end, or until stopped."""
        with self._lock:
            run = self.run
            if run is None:
                return
            until = time.monotonic() + seconds
            try:
                while self.is_running and run.advance() and time.monotonic() < until:
                    pass
            except BaseException:
                self.is_running = False  # it is not tried again by itself
                raise
            if run.is_finished:
                self.is_running = False
                self.on_finished(run)

    def stop(self) -> None:
        """Stop; what is done is kept, and the work can go on."""
        self.is_running = False
        with self._lock:  # a step that is under way ends first
            if self.run is not None:
                self.on_stopped(self.run)

    def on_finished(self, run: Run) -> None:
        """Keep the result of a run that is at its end; for subclasses."""

    def on_stopped(self, run: Run) -> None:
        """Keep the result of a run that was stopped; for subclasses."""
