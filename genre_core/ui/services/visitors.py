"""What becomes of memory when visitors leave.

Streamlit keeps what a session held for `server.disconnectedSessionTTL` seconds, for a browser that
comes back, and from then on until another session ends. The caches keep the last songs. The C
library keeps what is freed. All three go soon after a visitor.
"""

import gc
import threading
import time
from typing import Any

import streamlit as st
from streamlit import runtime

from genre_core.inference.malloc import return_freed_memory
from genre_core.ui import media
from genre_core.ui.services import changed_frames, own_songs, songs

_MARGIN_SECONDS = 1.0


class _Visitors:
    """Counts those who are here, and tidies up after those who have left."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_here = 0
        self._due = 0.0  # when the last of those who left cannot come back; monotonic seconds
        self._is_timed = False

    def arrive(self) -> None:
        with self._lock:
            self._n_here += 1

    def leave(self) -> None:
        with self._lock:
            self._n_here -= 1
            self._due = time.monotonic() + st.get_option("server.disconnectedSessionTTL")
            if runtime.exists() and not self._is_timed:  # in AppTest there is no server
                self._start_timer()

    def _start_timer(self) -> None:
        self._is_timed = True
        seconds = max(self._due - time.monotonic(), 0.0) + _MARGIN_SECONDS
        timer = threading.Timer(seconds, self._tidy)
        timer.daemon = True  # the server ends without it
        timer.start()

    def _tidy(self) -> None:
        with self._lock:
            self._is_timed = False
            if self._due > time.monotonic():  # somebody left later
                self._start_timer()
            is_empty = self._n_here == 0
        _end_expired_sessions()
        media.forget(0.0 if is_empty else media.KEPT_SECONDS)
        if is_empty:
            songs.forget()
            own_songs.forget()
            changed_frames.forget()
        gc.collect()
        return_freed_memory()


_visitors = _Visitors()


def note_visit() -> None:
    """Note that this browser session is here; for every run of the app."""
    _visit()


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda _: _visitors.leave())
def _visit() -> bool:
    _visitors.arrive()
    return True


def _end_expired_sessions() -> None:
    """Make Streamlit let go of sessions that nobody can come back to, in the thread they live in.

    It has no function for this; tests/app/test_visitors.py notices when it changes.
    """
    server: Any = runtime.get_instance()
    ended = threading.Event()

    def end() -> None:
        for _, kept in server._session_mgr._session_storage._cache.expire():
            kept.session.shutdown()
        ended.set()

    server._async_objs.eventloop.call_soon_threadsafe(end)
    ended.wait(10.0)
