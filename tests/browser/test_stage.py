"""The stage in Chromium: the player over the whole screen, with the average so far."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from genre_core.config import GENRES
from tests import builders
from tests.browser.players import OpenPlayers, button, state, wait_until

OpenPage = Callable[..., Page]


def averages() -> list[str]:
    """Return what the stage says after each frame of the song of player_app."""
    rate = 4_000
    scores = builders.song_analysis(builders.noise(40.0, rate), rate, 10.0, 5.0).scores
    said = []
    for n in range(1, len(scores) + 1):
        mean = scores[:n].mean(axis=0)
        said.append(f"{GENRES[int(mean.argmax())]} {round(100 * float(mean.max()))} %")
    return said


def big(page: Page) -> str:
    return " ".join(page.locator(f".so-far .{part}").inner_text() for part in ("big", "share"))


@pytest.mark.parametrize(
    ("phone", "theme"), [(False, "light"), (True, "dark")], ids=["wide", "phone"]
)
def test_it_fills_the_screen_and_averages_what_was_heard(
    open_players: OpenPlayers, phone: bool, theme: str
):
    page = open_players("windows=1", phone=phone, theme=theme)
    wait_until(page, "audio.readyState > 0")
    button(page, "to-full").click()
    stage = page.locator(".player.is-full")
    expect(stage.locator(".title")).to_have_text("a song")
    size = stage.evaluate("e => [e.clientWidth, e.scrollWidth, innerWidth, e.clientHeight]")
    assert size[0] == size[1] == size[2]
    assert size[3] == page.evaluate("innerHeight")
    expected = averages()
    assert len(expected) == 3
    for n, said in enumerate(expected, 1):
        expect(stage.locator(".after")).to_have_text(f"Average of {n} of 3 frames")
        assert big(page) == said
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")  # before the first frame
    expect(stage.locator(".after")).to_have_text("Nothing heard yet")
    page.keyboard.press("Space")
    wait_until(page, "!audio.paused && audio.currentTime > 0.3")
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    expect(button(page, "to-full")).to_be_visible()
    assert not state(page)["paused"]  # the sound goes on


def test_a_silent_frame_does_not_count(open_players: OpenPlayers):
    page = open_players("silent=1")
    button(page, "to-full").click()
    stage = page.locator(".player.is-full")
    expect(stage.locator(".after")).to_have_text("Average of 1 of 2 frames")
    page.keyboard.press("ArrowRight")
    expect(stage.locator(".after")).to_have_text("Average of 1 of 2 frames")
    page.keyboard.press("ArrowRight")
    expect(stage.locator(".after")).to_have_text("Average of 2 of 2 frames")


def test_without_scores_there_is_no_stage(open_players: OpenPlayers):
    page = open_players("pending=1&full=1")
    expect(button(page, "play")).to_be_visible()
    expect(button(page, "to-full")).to_be_hidden()
    expect(page.locator(".is-full")).to_have_count(0)


def test_a_link_opens_it_and_the_keys_go_on_to_the_reasons(open_page: OpenPage):
    page = open_page("/?demo=reggae&t=5&n=45&stage=1")
    with page.expect_response(re.compile(r"/media/.*\.png")) as picture:
        expect(page.locator(".player.is-full .big")).not_to_be_empty()
    assert picture.value.ok
    assert np.frombuffer(picture.value.body()[1:4], np.uint8).tobytes() == b"PNG"
    page.keyboard.press("Escape")
    expect(page.locator(".is-full")).to_have_count(0)
    page.wait_for_url(lambda url: "stage" not in url)
    page.locator(".player .to-full").click()
    page.wait_for_url(re.compile("stage=1"))
    page.keyboard.press("ArrowDown")
    expect(page.locator(".is-full")).to_have_count(0)
    expect(page.get_by_role("heading", name="Why this genre?")).to_be_in_viewport()
    page.wait_for_url(lambda url: "stage" not in url)


def test_the_keys_go_on_to_the_lesson_with_the_same_song(open_page: OpenPage):
    page = open_page("/?demo=reggae&t=5&n=45&stage=1")
    expect(page.locator(".player.is-full .big")).not_to_be_empty()
    page.keyboard.press("ArrowUp")
    page.wait_for_url(re.compile("how-it-works"))
    expect(page.get_by_role("combobox", name="The song of this lesson")).to_have_value(
        re.compile("Harbour Wall")
    )
