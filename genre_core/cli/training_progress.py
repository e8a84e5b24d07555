"""A training on the command line: a progress bar, a line an epoch, Ctrl-C."""

import math
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tqdm import tqdm

from genre_core.cli.data_options import report_problems

if TYPE_CHECKING:
    from genre_core.training.events import Started, TrainingEvent
    from genre_core.training.validation import EpochMetrics


class TrainingProgress:
    """Shows the events of `training.run.train` on stderr. Used as a context."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None
        self._work = ""

    def __enter__(self) -> "TrainingProgress":
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def __call__(self, event: "TrainingEvent") -> None:
        """Show one event."""
        from genre_core.training import events

        match event:
            case events.Loading(n_done, n_clips):
                self._show(n_done, n_clips, "spectrograms", "clip")
            case events.Started():
                self._close()
                _report_start(event)
                self._show(0, event.n_steps, "training", "step")
            case events.StepEnd() if self._bar is not None:
                self._bar.set_description_str(f"epoch {event.epoch}/{event.n_epochs}")
                self._bar.set_postfix_str(_learnt(event.loss, event.accuracy, ", "))
                self._bar.update(event.n_done - self._bar.n)
            case events.EpochEnd():
                tqdm.write(_epoch_line(event.metrics), file=sys.stderr)

    def _show(self, n_done: int, total: int, description: str, unit: str) -> None:
        if self._bar is None or self._work != description:  # another stage begins
            self._close()
            self._bar = tqdm(total=total, desc=description, unit=unit, leave=False, disable=None)
            self._work = description
        self._bar.update(n_done - self._bar.n)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


@contextmanager
def stop_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether Ctrl-C was pressed; twice ends the program."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop.is_set  # signals reach the main thread only
        return
    before = signal.getsignal(signal.SIGINT)

    def request(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        tqdm.write("stopping after this step; Ctrl-C again ends at once", file=sys.stderr)
        stop.set()

    signal.signal(signal.SIGINT, request)
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _report_start(event: "Started") -> None:
    report_problems(event.problems, event.warnings)
    line = f"training {event.output}"
    if event.initialised_blocks:
        line += f"; first weights from files: {', '.join(event.initialised_blocks)}"
    print(line, file=sys.stderr)


def _epoch_line(metrics: "EpochMetrics") -> str:
    """Return the figures of an epoch."""
    parts = [
        f"epoch {metrics.epoch:3d}",
        _learnt(metrics.train_loss, metrics.train_accuracy, "  "),
    ]
    if not math.isnan(metrics.valid_accuracy):
        parts.append(f"valid: loss {metrics.valid_loss:.3f}  songs {metrics.valid_accuracy:.1%}")
    return "  ".join([*parts, f"{metrics.seconds:.0f} s"])


def _learnt(loss: float, accuracy: float, separator: str) -> str:
    """Return the loss and, where the task has one, the accuracy."""
    return f"loss {loss:.3f}" + (
        "" if math.isnan(accuracy) else f"{separator}accuracy {accuracy:.1%}"
    )
