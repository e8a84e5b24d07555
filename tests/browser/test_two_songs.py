"""The page "Two songs" in Chromium: two players, a drop on each side, refusals, no jumps."""

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Held
from tests.browser.layout import scrolls_sideways
from tests.browser.players import button, state, wait_until
from tests.browser.test_every_page import MOST_SHIFT
from tests.browser.test_files import drop
from tests.browser.waiting import settled

OpenPage = Callable[..., Page]
# The sum of all shifts after a moment of the page: stricter than the score of web.dev.
SHIFT_SINCE = """since => new Promise(resolve => {
    new PerformanceObserver(list => resolve(list.getEntries()
        .filter(entry => entry.startTime > since)
        .reduce((sum, {value}) => sum + value, 0)))
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => resolve(0), 1000); // none at all
})"""


@pytest.fixture
def song(wav_bytes: Callable[..., bytes]) -> str:
    """A song of 70 s in base64."""
    return base64.b64encode(wav_bytes(70.0, 12_000)).decode()


def opened(open_page: OpenPage, path: str = "/two-songs", **options) -> Page:
    page = open_page(path, **options)
    expect(page.locator(".frames button")).not_to_have_count(0)
    expect(page.locator(".player")).to_have_count(2)
    expect(page.locator(".buttons button")).to_have_count(4)
    settled(page)
    return page


def has_titles(page: Page, *names: str) -> None:
    for index, name in enumerate(names):
        expect(page.locator("h2.gr-song").nth(index)).to_contain_text(name)


@pytest.mark.parametrize(
    ("phone", "theme"), [(False, "light"), (True, "dark")], ids=["wide", "phone"]
)
def test_two_songs_stand_side_by_side(open_page: OpenPage, phone: bool, theme: str):
    page = opened(open_page, phone=phone, theme=theme)
    has_titles(page, "Two Tempers", "Iron Tide")
    boxes = [page.locator(".player").nth(i).bounding_box() for i in range(2)]
    if phone:
        assert boxes[0]["x"] == boxes[1]["x"]
        assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]
    else:
        assert boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"]
        assert boxes[0]["y"] == boxes[1]["y"]
    assert not scrolls_sideways(page)
    # The same second lies at the same place of both axes, though one song is longer.
    places = []
    for index in range(2):
        button(page, "frames", index).locator("button").nth(1).click()
        wait_until(page, "audio.currentTime > 49", index)
        button(page, "play", index).click()
        wait_until(page, "audio.paused", index)
        shown = state(page, index)
        places.append(shown["x"] / shown["time"])
    assert places[0] == pytest.approx(places[1], rel=0.1)  # each begins 30 or 38 px from the left


def test_a_moment_plays_on_a_click_and_the_other_player_stops(open_page: OpenPage):
    page = opened(open_page)
    page.get_by_role("button", name="Play the first song from 1:47").click()
    wait_until(page, "!audio.paused && audio.currentTime > 107", 0)
    page.get_by_role("button", name="Play the second song from 0:49").click()
    wait_until(page, "!audio.paused && audio.currentTime > 49", 1)
    wait_until(page, "audio.paused", 0)
    # Keys pressed in no field are for the player used last.
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Space")
    wait_until(page, "audio.paused", 1)
    assert state(page, 0)["paused"]


def test_a_song_is_dropped_on_each_side_and_the_other_plays_on(open_page: OpenPage, song: str):
    page = opened(open_page)
    button(page, "play", 1).click()
    wait_until(page, "!audio.paused", 1)
    drop(page.locator(".player").first, ("one.wav", song))
    has_titles(page, "one.wav", "Iron Tide")
    settled(page)
    assert not state(page, 1)["paused"]
    drop(page.locator("h2.gr-song").nth(1), ("two.wav", song))
    has_titles(page, "one.wav", "two.wav")
    settled(page)
    assert "first=own&second=own" in page.url
    page.get_by_role("button", name="Swap the two").click()
    has_titles(page, "two.wav", "one.wav")


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_another_song_moves_nothing_away(open_page: OpenPage, song: str, phone: bool):
    page = opened(open_page, phone=phone)
    since = page.evaluate("performance.now()")
    drop(page.locator(".player").first, ("one.wav", song))
    has_titles(page, "one.wav", "Iron Tide")
    settled(page)
    page.get_by_role("button", name="Swap the two").click()
    has_titles(page, "Iron Tide", "one.wav")
    settled(page)
    assert page.evaluate(SHIFT_SINCE, since) < MOST_SHIFT


def test_a_refused_file_leaves_both_songs(open_page: OpenPage):
    page = opened(open_page)
    second = page.locator(".player").nth(1)
    drop(second, ("notes.pdf", 100))
    refused = page.get_by_role("alert").filter(has=page.get_by_role("button", name="Close"))
    expect(refused).to_contain_text("“notes.pdf” is no file that can be read here")
    refused.get_by_role("button", name="Close").click()
    drop(second, ("bad.mp3", 2000))
    trouble = page.locator("[class*=st-key-drop_area_1]").get_by_test_id("stAlert")
    expect(trouble).to_contain_text("“bad.mp3” cannot be read as sound")
    expect(trouble).to_contain_text("Below is still your last song")
    has_titles(page, "Two Tempers", "Iron Tide")
    expect(page.locator(".player")).to_have_count(2)


def test_one_song_is_cancelled_while_the_other_plays(open_page: OpenPage, held: Held, song: str):
    page = opened(open_page, base=held.url)
    held.hold("analysis")
    button(page, "play", 0).click()
    drop(page.locator(".player").nth(1), ("long.wav", song))
    cancel = page.locator("[class*=st-key-drop_area_1]").get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible()
    has_titles(page, "Two Tempers", "long.wav")
    expect(page.locator(".player")).to_have_count(1)
    wait_until(page, "!audio.paused && audio.currentTime > 20.2", 0)
    cancel.click()
    has_titles(page, "Two Tempers", "Iron Tide")
    expect(page.locator(".player")).to_have_count(2)
    assert not state(page, 0)["paused"]


def test_the_song_at_hand_comes_along(open_page: OpenPage, song: str):
    page = open_page("/?fine=0")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    settled(page)
    drop(heading, ("mine.wav", song))
    page.get_by_role("link", name="Compare with another song").click()
    has_titles(page, "mine.wav", "Iron Tide")
    expect(page.locator(".player")).to_have_count(2)
    page.wait_for_url("**/two-songs?first=own&second=metal")
