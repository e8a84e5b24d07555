"""The real app on a free port, and Chromium to drive it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

playwright_api = pytest.importorskip("playwright.sync_api", reason="needs playwright")

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright  # noqa: E402

from benchmarks.browser import CHROMIUM, CHROMIUM_ARGUMENTS, serving  # noqa: E402
from tests.browser.waiting import PATIENCE_MS  # noqa: E402

PROJECT_ROOT = Path(__file__).resolve().parents[2]
BACKSTOP_SECONDS = 900
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# On a direct visit to a page, Streamlit looks for its server under that page first.
PROBES = re.compile(r"/[\w-]+/_stcore/(health|host-config)$")
# A script's own folder comes first on the path; the project's is named here.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}

expect.set_options(timeout=PATIENCE_MS)


def _need_chromium() -> None:
    if not Path(CHROMIUM).is_file():
        pytest.skip(f"needs Chromium, which is not at {CHROMIUM}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Every wait ends by itself and says why; this is for what hangs all the same.
            item.add_marker(pytest.mark.timeout(BACKSTOP_SECONDS))


@contextmanager
def _served(
    script: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    _need_chromium()
    log = tmp_path_factory.mktemp(script.stem) / "server.log"
    with serving(script, environment, log) as url:
        yield url


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app as it comes."""
    with _served(PROJECT_ROOT / "app.py", dict(os.environ), tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app as `make run` does, by the server that names scripts early."""
    with _served(PROJECT_ROOT / "server.py", dict(os.environ), tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def slow_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the app with a pause in each step of long work, for tests that cancel it."""
    with _served(Path(__file__).parent / "slow_app.py", ENVIRONMENT, tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def players_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a page with nothing but players."""
    with _served(Path(__file__).parent / "player_app.py", ENVIRONMENT, tmp_path_factory) as url:
        yield url


@dataclass
class Held:
    """An app whose long work waits where a test says so; see held_app."""

    url: str
    folder: Path

    def hold(self, what: str) -> None:
        (self.folder / what).touch()

    def let_go(self, what: str) -> None:
        (self.folder / what).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def held_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("hold")
    environment = {**ENVIRONMENT, "HOLD": str(folder)}
    with _served(Path(__file__).parent / "held_app.py", environment, tmp_path_factory) as url:
        yield Held(url, folder)


@pytest.fixture
def held(held_server: Held) -> Iterator[Held]:
    """Return an app whose long work a test can hold."""
    yield held_server
    for what in ("finer", "analysis"):
        held_server.let_go(what)


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Return a launcher of Chromium; a test may give it further arguments."""
    _need_chromium()
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_ARGUMENTS, *more]
        )


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    chromium = launch()
    yield chromium
    chromium.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Return an opener of pages, the app's or of another server; none of them may log an error."""
    contexts = []
    complaints: list[str] = []

    def log(message: ConsoleMessage) -> None:
        where = message.location.get("url", "")
        if message.type == "error" and not PROBES.search(where):
            complaints.append(f"{message.text} ({where})")

    def opener(
        path: str = "/", phone: bool = False, theme: str = "light", base: str | None = None
    ) -> Page:
        url = base or request.getfixturevalue("app_url")
        context = browser.new_context(
            viewport=PHONE if phone else WIDE,
            color_scheme=theme,
            has_touch=phone,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", log)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((url, "data:", "blob:", url.replace("http", "ws")))
                else complaints.append(f"asked a foreign address: {request.url}")
            ),
        )
        page.goto(url + path)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_players(open_page: Callable[..., Page], players_url: str) -> Callable[..., Page]:
    def opener(query: str = "", **options) -> Page:
        page = open_page(f"/?{query}", base=players_url, **options)
        # The canvas is there before the script that draws on it and makes the buttons.
        expect(page.locator(".frames button").first).to_be_visible()
        return page

    return opener
