"""A Streamlit script served on a free port, and the Chromium that opens it."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.report import ROOT

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--autoplay-policy=no-user-gesture-required",
]
START_SECONDS = 90


@contextmanager
def serving(script: Path, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve a Streamlit script as a user does, and yield its address; errors: `serving_process`."""
    with serving_process(script, environment, log) as (url, _):
        yield url


@contextmanager
def serving_process(
    script: Path, environment: Mapping[str, str], log: Path, port: int = 0
) -> Iterator[tuple[str, int]]:
    """Serve a Streamlit script as a user does, and yield its address and the process id.

    `port` is one that is free, 0 for any.
    Raises RuntimeError if it does not answer within 90 s; the message ends with its log.
    """
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={"MALLOC_ARENA_MAX": "1", **environment},  # as `make run`
            stdout=output,
            stderr=output,
        )
        try:
            _wait_until_healthy(server, url, log)
            yield url, server.pid
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_until_healthy(server: subprocess.Popen, url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"the app did not start:\n{log.read_text(errors='replace')[-3000:]}")
