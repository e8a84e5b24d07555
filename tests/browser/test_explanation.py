"""The sections "Why this genre?" and "Songs like this one" in Chromium."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.layout import scrolls_sideways

LINK = "/?demo=reggae&t=5&n=45"  # one short frame: an explanation is soon there


def test_an_explanation_ends_in_a_map_a_check_and_two_sounds_on_a_phone_too(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(LINK, phone=True, theme="dark")
    page.locator(".st-key-why_begin button").click()
    expect(page.locator(".st-key-why_map")).to_be_visible()
    expect(page.get_by_text("Hiding the strongest")).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('audio')].filter(a => a.duration > 0.3).length >= 2"
    )
    expect(page.get_by_role("heading", name="Songs like this one")).to_be_visible()
    assert not scrolls_sideways(page)


def test_an_explanation_can_be_cancelled_and_begun_again(open_page: Callable[..., Page]) -> None:
    page = open_page("/?demo=reggae")  # long frames: time to cancel
    begin = page.locator(".st-key-why_begin button")
    cancel = page.locator(".st-key-why_cancel button")
    at_work = page.get_by_text(re.compile("heard it [1-9]"))
    for _ in range(2):
        begin.click()
        expect(at_work).to_be_visible()
        expect(begin).to_be_disabled()
        cancel.click()
        expect(cancel).to_have_count(0)
        expect(page.get_by_text("You can cancel.")).to_be_visible()
        expect(begin).to_be_enabled()
    expect(page.locator(".st-key-why_map")).to_have_count(0)
