"""The moments of the song under the timeline in Chromium: in words, played, in the link."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.players import button, state, wait_until

MEDLEY = "/?demo=medley"


def seconds(page: Page) -> list[float]:
    marks = page.locator(".marks button.most")
    return [float(each) for each in marks.evaluate_all("all => all.map(m => m.dataset.seconds)")]


def test_a_moment_plays_by_click_and_key_and_stands_in_the_link(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(MEDLEY)
    words = page.locator(".marks-words")
    expect(words).to_have_text(re.compile(r"Most like classical at 0:\d\d.*; least at 1:\d\d\."))
    _, second, *_ = seconds(page)
    marks = page.locator(".marks button.most")
    marks.nth(1).click()
    wait_until(page, f"!audio.paused && audio.currentTime > {second}")
    page.wait_for_url(re.compile(f"at={second:g}"))
    wait_until(
        page, f"!audio.paused && audio.currentTime > {second} + 0.3"
    )  # the run did not stop it
    button(page, "play").click()
    wait_until(page, "audio.paused")
    least = page.get_by_role("button", name=re.compile("least like classical"))
    least.focus()
    page.keyboard.press("Enter")
    wait_until(page, "!audio.paused && audio.currentTime > 78")  # the metal


def test_a_link_to_a_moment_begins_there_on_a_phone_too(open_page: Callable[..., Page]) -> None:
    page = open_page(f"{MEDLEY}&at=92", phone=True)
    wait_until(page, "audio.readyState > 0")
    expect(page.locator(".marks button").first).to_be_visible()
    assert state(page)["time"] == 92.0
    assert state(page)["paused"]
    shown = button(page, "stage").bounding_box()
    for mark in page.locator(".marks button").all():
        box = mark.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        assert shown["x"] <= box["x"]
        assert box["x"] + box["width"] <= shown["x"] + shown["width"]


def test_marks_stand_under_their_moments(open_page: Callable[..., Page]) -> None:
    page = open_page(MEDLEY)
    expect(page.locator(".marks button").first).to_be_visible()
    wait_until(page, "audio.readyState > 0")
    places = page.locator(".marks").evaluate(
        """row => [...row.children].map(mark => [Number(mark.dataset.middle),
            mark.getBoundingClientRect().left + parseFloat(mark.style.getPropertyValue('--arrow'))
            - row.getBoundingClientRect().left])"""
    )
    (first, x), (last, end) = places[0], places[-1]
    shown = state(page)
    per_second = (shown["width"] - 38 - 8) / shown["duration"]
    assert abs((end - x) - (last - first) * per_second) < 3
    assert abs(x - 38 - first * per_second) < 3


def test_without_the_finer_timeline_the_frames_have_the_moments(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(f"{MEDLEY}&fine=0")
    expect(page.locator(".marks-words")).to_have_text(
        re.compile(r"Most like classical at 0:20 and 0:49; least at 1:\d\d\.")
    )
