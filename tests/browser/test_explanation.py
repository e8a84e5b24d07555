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
    assert "why=1" in page.url
    part = page.locator(".st-key-why_map .nsewdrag").first
    part.scroll_into_view_if_needed()
    part.click(position={"x": 40, "y": 200})
    hear = page.get_by_role("combobox", name="Hear the part").first
    expect(hear).to_have_value(re.compile("^Clicked: "))
    expect(page.get_by_role("heading", name="Songs like this one")).to_be_visible()
    assert not scrolls_sideways(page)


# By the page itself: a test that asks from outside may come after the end.
CANCEL_AT_WORK = """() => {
    window.cancelled = null;
    const look = () => {
        const cancel = document.querySelector('.st-key-why_cancel button');
        const begin = document.querySelector('.st-key-why_begin button');
        if (cancel && begin && /scored it [1-9]/.test(document.body.textContent)) {
            window.cancelled = {couldBegin: !begin.disabled};
            cancel.click();
        } else setTimeout(look, 15);
    };
    look();
}"""


def test_an_explanation_can_be_cancelled_and_begun_again(
    open_page: Callable[..., Page], slow_url: str
) -> None:
    page = open_page(LINK, base=slow_url)
    begin = page.locator(".st-key-why_begin button")
    cancel = page.locator(".st-key-why_cancel button")
    for _ in range(2):
        expect(begin).to_be_enabled()
        page.evaluate(CANCEL_AT_WORK)
        begin.click()
        page.wait_for_function("window.cancelled")
        assert page.evaluate("window.cancelled.couldBegin") is False
        expect(cancel).to_have_count(0)
        expect(page.get_by_text("You can cancel.")).to_be_visible()
        expect(begin).to_be_enabled()
    expect(page.locator(".st-key-why_map")).to_have_count(0)


def test_the_lesson_opens_on_the_same_frame_of_the_same_song(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("/?demo=medley&t=10&n=20&why=3")
    page.get_by_role("combobox", name="Frame", exact=True).wait_for()
    link = page.get_by_role("link", name="In the lesson: take parts")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the sound")
    expect(page.get_by_role("combobox", name="The song of this lesson")).to_have_value(
        re.compile("Two Tempers")
    )
    expect(page.get_by_role("combobox", name="The frame to look at")).to_have_value(
        re.compile("Frame 3 · 0:40")
    )
