"""The scoring of a test set of one's own in one browser session."""

import uuid
from dataclasses import dataclass

import streamlit as st

from genre_core.datasets.uploads import OwnTestSet
from genre_core.errors import DatasetError
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import ScoringRun
from genre_core.ui import services
from genre_core.ui.step_state import StepState

_KEY = "own_test_set"


@dataclass
class ScoringState(StepState[ScoringRun]):
    """What one browser session has done here; `run` holds the songs.

    Attributes
    ----------
    result : of the last run, wholly or as far as it went
    is_new : whether a run came to its end while the user looked at something else
    failures : songs that could not be read in the run that made `result`
    error : why the last thing did not work
    uploads : which uploads `test_set` was made of
    test_set : what stands in the drop zone
    songs_key : of the songs of the run among those that the server keeps for a while
    n_taken : part of the widgets' keys, so that they start empty again
    """

    result: ScoreSet | None = None
    is_new: bool = False
    failures: tuple[str, ...] = ()
    error: str = ""
    uploads: tuple[str, ...] = ()
    test_set: OwnTestSet | None = None
    songs_key: str = ""
    n_taken: int = 0

    @classmethod
    def current(cls) -> "ScoringState":
        """Return this browser session's state."""
        if _KEY not in st.session_state:
            st.session_state[_KEY] = cls()
        state: ScoringState = st.session_state[_KEY]
        return state

    def start(self, run: ScoringRun, test_set: OwnTestSet) -> None:
        """Begin to score `test_set`."""
        self.forget()
        self.songs_key = uuid.uuid4().hex
        services.keep_songs(self.songs_key, test_set)
        self.run, self.is_running = run, True

    def forget(self) -> None:
        """Let go of everything."""
        self.is_running = False
        with self._lock:
            self.result, self.run, self.is_new = None, None, False
            self.failures, self.error, self.songs_key = (), "", ""
            self._empty_drop_zone()

    def on_finished(self, run: ScoringRun) -> None:
        """Keep the result and let the songs go."""
        self.on_stopped(run)
        self.run, self.is_new = None, True
        self._empty_drop_zone()

    def on_stopped(self, run: ScoringRun) -> None:
        """Keep the result so far."""
        self.failures = run.failures
        try:
            self.result, self.error = run.result(), ""
        except DatasetError as error:
            # Before the first song is done there is nothing to show, and nothing is wrong.
            self.result, self.error = None, str(error) if run.is_finished else ""

    def _empty_drop_zone(self) -> None:
        self.test_set, self.uploads = None, ()
        self.n_taken += 1
