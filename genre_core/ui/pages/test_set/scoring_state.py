"""The scoring of a test set of one's own in one browser session."""

import threading
import time
from dataclasses import dataclass, field

import streamlit as st

from genre_core.datasets.uploads import (
    OwnTestSet,
)
from genre_core.errors import DatasetError
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import ScoringRun

_KEY = "own_test_set"


@dataclass
class ScoringState:
    """What one browser session has done here.

    Streamlit lets a click start the page anew while the run before is still busy in a step, in
    another thread; so only one of them works at a time, and none undoes what the user chose.

    Attributes
    ----------
    result : of the last run, wholly or as far as it went
    is_new : whether a run came to its end while the user looked at something else
    run : under way or stopped; it holds the songs
    failures : songs that could not be read in the run that made `result`
    error : why the last thing did not work
    uploads : which uploads `test_set` was made of
    test_set : what stands in the drop zone
    n_taken : part of the widgets' keys, so that they start empty again
    """

    result: ScoreSet | None = None
    is_new: bool = False
    run: ScoringRun | None = None
    is_running: bool = False
    failures: tuple[str, ...] = ()
    error: str = ""
    uploads: tuple[str, ...] = ()
    test_set: OwnTestSet | None = None
    n_taken: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def current(cls) -> "ScoringState":
        """Return this browser session's state."""
        if _KEY not in st.session_state:
            st.session_state[_KEY] = cls()
        state: ScoringState = st.session_state[_KEY]
        return state

    def start(self, run: ScoringRun) -> None:
        """Begin to score."""
        self.forget()
        self.run, self.is_running = run, True

    def go_on(self) -> None:
        """Score the songs that are left."""
        self.is_running = self.run is not None

    def work(self, seconds: float) -> None:
        """Score for so long, or to the end, or until stopped."""
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
                self._finish()

    def stop(self) -> None:
        """Stop scoring; what is done is kept, and the work can go on."""
        self.is_running = False
        with self._lock:  # a step that is under way ends first
            if self.run is not None:
                self._keep_result(self.run)

    def forget(self) -> None:
        """Let go of everything."""
        self.is_running = False
        with self._lock:
            self.result, self.run, self.is_new = None, None, False
            self.failures, self.error = (), ""
            self._empty_drop_zone()

    def _finish(self) -> None:
        """Keep the result and let the songs go."""
        assert self.run is not None
        self._keep_result(self.run)
        self.run, self.is_running, self.is_new = None, False, True
        self._empty_drop_zone()

    def _keep_result(self, run: ScoringRun) -> None:
        self.failures = run.failures
        try:
            self.result, self.error = run.result(), ""
        except DatasetError as error:
            # Before the first song is done there is nothing to show, and nothing is wrong.
            self.result, self.error = None, str(error) if run.is_finished else ""

    def _empty_drop_zone(self) -> None:
        self.test_set, self.uploads = None, ()
        self.n_taken += 1
