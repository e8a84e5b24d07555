"""Work of one browser session that goes on step by step while its page can be used."""

import threading
from collections.abc import Callable
from typing import Protocol

import streamlit as st

# One step more is done after so much time, then what waits in this session has its turn.
STEP_SECONDS = 0.5
STEP_SECONDS_IN_PAGE = 0.1
_page_run = threading.local()  # whether a thread runs the whole page or the fragment alone


class StepWork(Protocol):
    """Work that can be done in pieces."""

    @property
    def is_running(self) -> bool:
        """Whether there is more to do, and nobody has stopped it."""

    def work(self, seconds: float) -> None:
        """Go on for about so long."""


def keep_working(work: StepWork, draw: Callable[[], None]) -> None:
    """Do the work, `draw` its progress again and again, and run the page anew at its end."""
    _page_run.is_going_on = True
    _steps(work, draw)


@st.fragment(run_every=1.0)
def _steps(work: StepWork, draw: Callable[[], None]) -> None:
    """Draw, and do a little of the work.

    The timer only sets the work going; from then on it asks for its own next turn, for browsers
    slow the timers of hidden tabs down.
    """
    is_page_run, _page_run.is_going_on = getattr(_page_run, "is_going_on", False), False
    if not work.is_running:
        return
    draw()
    work.work(STEP_SECONDS_IN_PAGE if is_page_run else STEP_SECONDS)
    if not work.is_running:
        st.rerun()
    elif not is_page_run:
        st.rerun(scope="fragment")
