"""Measure the page "Library" with a large store: time, CPU time and bytes for each click.

Part of `python -m benchmarks.library page`. A store of simulated songs, the real server, Chromium
without a graphics card.
"""

import os
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
from playwright.sync_api import Page, WebSocket, sync_playwright

from benchmarks.browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving
from benchmarks.report import ROOT
from genre_core.markdown import markdown_table
from genre_core.ui.pages.library.sources import FOLDERS_VARIABLE
from tests.builders import library_store

SIZES = (1_000, 100_000)
N_RUNS = 3
QUIET_SECONDS = 1.5  # without a message: the server has answered
PATIENCE_MS = 120_000

CLICK = "a song on the map"
PROCESSES = ("streamlit", "chromium")
Step = tuple[float, ...]  # seconds; CPU seconds of each of PROCESSES; kB sent


class Wire:
    """What the server sends."""

    def __init__(self, page: Page) -> None:
        self.n_bytes, self.last = 0, 0.0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)

    def _received(self, payload: str | bytes) -> None:
        self.n_bytes += len(payload)
        self.last = time.perf_counter()


def cpu_seconds(name: str) -> float:
    """Return the CPU time of the processes below this one with `name` in their command line."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any(name in argument for argument in process.cmdline()):
                times = process.cpu_times()
                total += times.user + times.system
    return total


def measure(page: Page, wire: Wire, act: Callable[[], object]) -> Step:
    """Do one step and wait until the server has answered and says that it has nothing to do."""
    cpu = [cpu_seconds(name) for name in PROCESSES]
    before, started = wire.n_bytes, time.perf_counter()
    wire.last = started
    act()
    app = page.locator("[data-testid=stApp]")
    while True:
        is_quiet = started < wire.last < time.perf_counter() - QUIET_SECONDS
        if is_quiet and app.get_attribute("data-test-script-state") == "notRunning":
            break
        page.wait_for_timeout(50)
    used = [cpu_seconds(name) - n for name, n in zip(PROCESSES, cpu, strict=True)]
    return (wire.last - started, *used, (wire.n_bytes - before) / 1000)


def one_visit(page: Page, url: str) -> dict[str, Step]:
    """Open the page and use it; return what each step took."""
    wire = Wire(page)

    def part(name: str) -> Callable[[], None]:
        return lambda: page.locator(".st-key-library_part").get_by_text(name, exact=True).click()

    def choose(label: str, value: str) -> None:
        page.get_by_role("combobox", name=label).first.click()
        page.get_by_role("option", name=value, exact=True).click()

    def search() -> None:
        page.get_by_role("textbox", name="Search").fill("artist 42")
        page.get_by_role("textbox", name="Search").press("Enter")

    steps = {
        "open the page": lambda: page.goto(f"{url}/library?store=music.db"),
        "next page of the table": lambda: page.get_by_label("Next page").click(),
        "sort by title": lambda: choose("Sort by", "title"),
        "search": search,
        "show all again": lambda: page.get_by_text("Show all", exact=True).click(),
        "genres and years": part("Genres and years"),
        "map, the first time": part("Map"),
        CLICK: lambda: None,
        "table again, with that song": part("Songs"),
        "map again": part("Map"),
        "playlists": part("Playlists and files"),
        "from one song to another": lambda: page.get_by_text("From one song to another").click(),
    }
    measured = {}
    for name, act in steps.items():
        if name == CLICK:
            page.locator(".st-key-library_map").scroll_into_view_if_needed()
            act = partial(page.mouse.click, *song_on_map(page))
        measured[name] = measure(page, wire, act)
    return measured


def song_on_map(page: Page) -> tuple[float, float]:
    """Return where a song lies near the middle of the map, px of the page."""
    box = page.locator(".st-key-library_map .nsewdrag").bounding_box()
    assert box is not None
    for shift in range(0, 60, 3):
        x, y = box["x"] + box["width"] / 2 + shift, box["y"] + box["height"] / 2 + shift / 2
        page.mouse.move(x, y)
        page.wait_for_timeout(300)
        if page.locator(".st-key-library_map .hoverlayer .hovertext").count():
            return x, y
    raise AssertionError("no song in the middle of the map")


_COLUMNS = ("s", "server", "browser", "kB")


def page_speed(folder: Path) -> str:
    """Compare a small library with a large one, step by step; the median of three visits."""
    columns = {size: _visits(folder / str(size), size) for size in SIZES}
    rows = []
    for step in columns[SIZES[0]]:
        cells = [step]
        for size in SIZES:
            seconds, server, browser, kilobytes = columns[size][step]
            cells += [f"{seconds:.2f}", f"{server:.2f}", f"{browser:.2f}", f"{kilobytes:,.0f}"]
        rows.append(cells)
    header = [""] + [f"{size:,}: {what}" for size in SIZES for what in _COLUMNS]
    return (
        markdown_table(header, rows, set(range(1, len(header))))
        + f"""

Medians of {N_RUNS} visits to libraries of {SIZES[0]:,} and {SIZES[1]:,} simulated songs. s: from
the click to the server's last message, other work on both cores. server, browser: seconds of CPU
time; the browser draws without a graphics card. kB: what the server sent. What it keeps for all
visitors is kept after the first visit."""
    )


def _visits(folder: Path, size: int) -> dict[str, Step]:
    folder.mkdir()
    library_store(folder / "music.db", size)
    environment = {**os.environ, FOLDERS_VARIABLE: str(folder), "PYTHONPATH": str(ROOT)}
    visits = []
    with (
        serving(ROOT / "app.py", environment, folder / "server.log") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_ARGUMENTS, "--enable-unsafe-swiftshader"]
        )
        for _ in range(N_RUNS):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(PATIENCE_MS)
            visits.append(one_visit(page, url))
            page.close()
        browser.close()
    return {
        step: tuple(statistics.median(visit[step][i] for visit in visits) for i in range(4))
        for step in visits[0]
    }
