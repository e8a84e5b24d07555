"""Measure what a visit takes; write docs/visit.md. Needs Chromium and requirements-dev.txt.

    python -m benchmarks.visit [--rounds 3] [--output FILE]

A fresh server each time: the seconds until its page can be used and until its first visitor has a
verdict, beside those of the next visitors. Then what each page sends at a first visit, and how
often the script runs, and what it sends, for a change of each control.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket, expect, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving
from benchmarks.report import ROOT, commit
from benchmarks.synthetic_song import write_song
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

OUTPUT = ROOT / "docs" / "visit.md"
SERVER = ROOT / "server.py"  # as `make run`
SONG_MINUTES = 3.0
MOST_FIRST = 1.5  # aim: a first visitor's verdict, over that of the next ones
QUIET_SECONDS = 3.0  # without a message: all has come, what a page asks for when idle, too
MOST_SECONDS = 30.0
PATIENCE_MS = 60_000
ANALYSE = "/?demo=medley"
PAGES = (
    "/",
    ANALYSE,
    "/two-songs",
    "/library",
    "/test-set",
    "/lyrics",
    "/networks",
    "/how-it-works",
    "/about",
)

Act = Callable[[Page], object]


def _radio(name: str) -> Act:
    return lambda page: page.get_by_role("radio", name=name).first.click()


def _click(selector: str) -> Act:
    return lambda page: page.locator(selector).first.click()


def _slide(key: str) -> Act:
    return lambda page: page.locator(f".st-key-{key} input[type=range]").press("ArrowLeft")


CONTROLS: tuple[tuple[str, str, Act], ...] = (
    (ANALYSE, "how the frames are combined", _radio("Majority vote")),
    (ANALYSE, "trim", _slide("control_n")),
    (ANALYSE, "frame length", _slide("control_t")),
    (
        "/test-set",
        "frame length",
        lambda page: page.locator(".st-key-ts_t").get_by_text("3 s", exact=True).click(),
    ),
    (
        "/test-set",
        "aggregation",
        lambda page: page.locator(".st-key-ts_agg").get_by_text("Vote").click(),
    ),
    ("/networks", "part", _radio("What was measured")),
    (
        "/how-it-works",
        "next step",
        lambda page: page.locator(".st-key-lesson_next_end button").click(),
    ),
    ("/lyrics", "part", lambda page: page.get_by_role("radio").nth(1).click()),
)


class Wire:
    """What a page gets from its server."""

    def __init__(self, page: Page) -> None:
        self.socket_bytes = self.http_bytes = self.n_requests = self.n_runs = 0
        self.last = time.perf_counter()
        self._page = page
        page.on("websocket", self._listen)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._loaded)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)

    def _received(self, payload: str | bytes) -> None:
        self.last = time.perf_counter()
        self.socket_bytes += len(payload)
        if isinstance(payload, bytes):
            message = ForwardMsg()
            message.ParseFromString(payload)
            self.n_runs += message.WhichOneof("type") == "new_session"

    def _loaded(self, event: dict) -> None:
        self.n_requests += 1
        self.http_bytes += int(event["encodedDataLength"])

    def during(self, act: Callable[[], object]) -> "Sent":
        """Do something, wait until the server has nothing more to say, and return what came."""
        before = self.socket_bytes, self.http_bytes, self.n_requests, self.n_runs
        started = self.last = time.perf_counter()
        act()
        app = self._page.locator("[data-testid=stApp]")
        while time.perf_counter() < started + MOST_SECONDS:
            is_quiet = started < self.last < time.perf_counter() - QUIET_SECONDS
            if is_quiet and app.get_attribute("data-test-script-state") == "notRunning":
                break
            self._page.wait_for_timeout(50)
        after = self.socket_bytes, self.http_bytes, self.n_requests, self.n_runs
        counts = (now - then for now, then in zip(after, before, strict=True))
        return Sent(*counts, self.last - started)


@dataclass(frozen=True)
class Sent:
    """What the server sent for one act; bytes of the socket as they are before compression."""

    socket_bytes: int
    http_bytes: int
    n_requests: int
    n_runs: int
    seconds: float


@dataclass(frozen=True)
class Start:
    """Seconds of a server's first visitors."""

    page: float  # from the server's start until its page can be used
    first: float  # from the upload to the verdict
    next: float  # the same of a visitor who comes later: the median of some


def new_page(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def open_page(page: Page, url: str) -> None:
    """Open a page and wait until it can be used."""
    page.goto(url)
    expect(page.locator("h1").first).to_be_visible(timeout=PATIENCE_MS)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def seconds_to_verdict(browser: Browser, url: str, song: Path) -> float:
    """Return the seconds from the upload of a song to its verdict, of a visitor who is new."""
    page = new_page(browser)
    open_page(page, url)
    started = time.perf_counter()
    page.locator("input[type=file]").first.set_input_files(song)
    page.locator(".gr-verdict").wait_for()
    seconds = time.perf_counter() - started
    page.context.close()
    return seconds


def time_start(browser: Browser, folder: Path, n_later: int) -> Start:
    """Start a server; its first visitor is there as soon as it answers."""
    songs = [folder / f"song-{index}.mp3" for index in range(1 + n_later)]
    for index, song in enumerate(songs):
        if not song.exists():
            write_song(song, SONG_MINUTES + index / 60)
    started = time.perf_counter()
    with serving(SERVER, os.environ, folder / "server.log") as url:
        page = new_page(browser)
        open_page(page, url)
        usable = time.perf_counter() - started
        page.context.close()
        first, *later = [seconds_to_verdict(browser, url, song) for song in songs]
    start = Start(usable, first, statistics.median(later))
    print(start, file=sys.stderr)
    return start


def visits(browser: Browser, url: str) -> tuple[dict[str, Sent], dict[str, Sent]]:
    """Return what each page sends a visitor who has nothing yet, and for each control."""
    pages, controls = {}, {}
    for path in PAGES:
        page = new_page(browser)
        wire = Wire(page)
        pages[path] = wire.during(lambda: page.goto(url + path))  # noqa: B023
        for where, name, act in CONTROLS:
            if where == path:
                controls[f"{path}: {name}"] = wire.during(lambda: act(page))  # noqa: B023
        print(path, pages[path], file=sys.stderr)
        page.context.close()
    return pages, controls


def sent_table(sent: dict[str, Sent], what: str) -> str:
    rows = [
        [
            f"`{name}`" if what == "page" else name,
            str(each.n_runs),
            f"{each.socket_bytes / 1e3:.0f}",
            str(each.n_requests),
            f"{each.http_bytes / 1e3:,.0f}",
            f"{each.seconds:.1f}",
        ]
        for name, each in sent.items()
    ]
    header = [what, "runs of the script", "socket, kB", "requests", "HTTP, kB", "s"]
    return markdown_table(header, rows, numbers={1, 2, 3, 4, 5})


def report(starts: Sequence[Start], pages: dict[str, Sent], controls: dict[str, Sent]) -> str:
    """Return the text of docs/visit.md."""
    usable = min(start.page for start in starts)
    first, later = min(start.first for start in starts), min(start.next for start in starts)
    met = "met" if first <= MOST_FIRST * later else "missed"
    times = markdown_table(
        ["", "s"],
        [
            ["from `streamlit run server.py` until its page can be used", f"{usable:.1f}"],
            ["verdict of the first visitor, at once", f"{first:.1f}"],
            ["verdict of a visitor who comes later", f"{later:.1f}"],
        ],
        numbers={1},
    )
    return f"""# What a visit takes

Written by `python -m benchmarks.visit`; do not edit by hand. {machine()}; commit {commit()}.

## The start

{times}

The shortest of {len(starts)} starts, in Chromium on the same machine: a stereo MP3 of
{SONG_MINUTES:g} minutes, from the upload to the verdict on the page. The first visitor waits
{first / later:.2f} times as long; the aim of {MOST_FIRST:g} is {met}.

## A first visit of each page

{sent_table(pages, "page")}

Socket: what the script sends, before compression. HTTP: what Chromium got over the network for an
empty cache: Streamlit's own JavaScript, compressed by `genre_core/ui/compressed_scripts.py`, which
browsers keep, and the song. A run is one of the whole script or of a fragment.

## A change of each control

{sent_table(controls, "control")}
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visit", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rounds", type=int, default=3, help="starts of the server")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    args = parser.parse_args(argv)
    if not Path(CHROMIUM).is_file():
        print(f"error: Chromium is not at {CHROMIUM}: install it", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        starts = [time_start(browser, folder, 3) for _ in range(args.rounds)]
        with serving(SERVER, os.environ, folder / "server.log") as url:
            seconds_to_verdict(browser, url, folder / "song-0.mp3")  # it is warm
            pages, controls = visits(browser, url)
        browser.close()
    text = report(starts, pages, controls)
    args.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
