"""The app in a process that may neither reach another machine nor write a file.

What it tries all the same is refused, and written to the file that GUARD_LOG names.
"""

import os
import runpy
import sys
import tempfile
from pathlib import Path
from typing import Any

APP = Path(__file__).resolve().parents[2] / "app.py"
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND
NO_SONGS = ("/dev/", "__pycache__", "numba")  # compiled code
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what leaves the machine or lands on its disk (Python's table of audit events)."""
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            refuse(f"connect {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        host = arguments[1][0] if event == "socket.sendto" else arguments[0]
        if host not in (None, "", *LOOPBACK):
            refuse(f"{event} {host}")
    elif event == "open":
        path, _, flags = arguments
        is_write = isinstance(flags, int) and flags & WRITES
        if is_write and not any(allowed in str(path) for allowed in NO_SONGS):
            refuse(f"write {path}")
    elif event == "sqlite3.connect":
        if str(arguments[0]) != ":memory:" and "mode=ro" not in str(arguments[0]):
            refuse(f"sqlite {arguments[0]}")
    elif event in ("tempfile.mkstemp", "tempfile.mkdtemp"):
        refuse(f"{event} {arguments[0]}")


def refuse(what: str) -> None:
    os.write(log, f"{what}\n".encode())
    raise PermissionError(what)


if not hasattr(sys, "guarded"):  # a hook stays for good, and the script runs for each visitor
    tempfile.gettempdir()  # tries where it may write, once
    sys.guarded = True
    log = os.open(os.environ["GUARD_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    sys.addaudithook(guard)
runpy.run_path(str(APP))
