"""The server goes away under an open page, and comes back."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from benchmarks.browser import serving_process
from tests.browser.conftest import PROJECT_ROOT
from tests.browser.waiting import settled

STATUS = "[data-testid=stConnectionStatus]"
WORDS = f"""() => {{
    const said = getComputedStyle(document.querySelector('{STATUS}'), '::before');
    return said.visibility === 'visible' ? said.content : '';
}}"""


def test_a_lost_connection_is_said_and_the_page_comes_back(browser: Browser, tmp_path: Path):
    script, environment = PROJECT_ROOT / "app.py", dict(os.environ)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        with serving_process(script, environment, tmp_path / "first.log") as (url, pid):
            page.goto(f"{url}/about")
            heading = page.get_by_role("heading", level=1)
            expect(heading).to_be_visible()
            settled(page)
            expect(page.locator(STATUS)).to_have_count(0)
            os.kill(pid, signal.SIGKILL)
            expect(page.locator(STATUS)).to_be_attached()
        said = page.evaluate(WORDS)
        assert "The connection is lost" in said
        assert "connects again by itself" in said
        expect(heading).to_be_visible()  # what there is stays
        port = urlsplit(url).port or 0
        with serving_process(script, environment, tmp_path / "second.log", port):
            expect(page.locator(STATUS)).to_have_count(0)
            page.get_by_role("link", name="Library").click()
            expect(heading).to_have_text("What is in your whole library?")
    finally:
        context.close()
