"""What holds for every page: headings in order, a name in the tab; most do not jump either."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.waiting import settled

OpenPage = Callable[..., Page]
PAGES = {
    "/": "Analyse a song",
    "/?demo=reggae": "Harbour Wall",
    "/two-songs": "Two songs",
    "/library": "Library",
    "/test-set": "Test set",
    "/lyrics": "Lyrics",
    "/networks": "Networks",
    "/how-it-works": "How it works",
    "/class": "Class",
    "/about": "About",
}
STILL = (
    *("/", "/two-songs", "/library", "/test-set", "/lyrics"),
    *("/networks", "/how-it-works", "/class", "/about"),
)
MOST_SHIFT = 0.1  # cumulative layout shift, up to which web.dev calls a page good

LEVELS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
    .filter(e => e.checkVisibility()).map(e => Number(e.tagName[1]))"""

# The largest sum of shifts in 5 s without a pause of 1 s, as web.dev defines it.
SHIFT = """() => new Promise(resolve => {
    const observer = new PerformanceObserver(list => {
        let [largest, sum, first, last] = [0, 0, 0, 0];
        for (const {value, startTime, hadRecentInput} of list.getEntries()) {
            if (hadRecentInput) continue;
            if (startTime - last > 1000 || startTime - first > 5000) [sum, first] = [0, startTime];
            last = startTime;
            sum += value;
            largest = Math.max(largest, sum);
        }
        resolve(largest);
    });
    observer.observe({type: 'layout-shift', buffered: true});
    setTimeout(() => resolve(0), 1000); // none at all
})"""


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_named_ordered_and_still(
    open_page: OpenPage, server_url: str, path: str, phone: bool
):
    page = open_page(path, phone=phone, base=server_url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_title(f"{PAGES[path]} · Music genre recognizer")
    settled(page)
    levels = page.evaluate(LEVELS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    if path in STILL:
        assert page.evaluate(SHIFT) < MOST_SHIFT
