"""A lesson on the page "Class" in three browsers: a teacher, and two pupils with phones."""

import csv
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.layout import scrolls_sideways

OpenPage = Callable[..., Page]
N_SONGS = 3


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_room(page: Page) -> str:
    slider = page.locator(".st-key-class_demos input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    for _ in range(N_SONGS):
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name=f"Open a room with {N_SONGS} songs").click()
    expect(page.get_by_role("img", name="QR code of")).to_be_visible()
    return page.locator(".gr-code").text_content() or ""


def join(page: Page) -> None:
    press(page, "Join")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()


def choose(page: Page, genre: str) -> None:
    press(page, genre)
    expect(page.get_by_text(f"You said {genre}.")).to_be_visible()


def test_a_lesson_with_a_pupil_who_drops_out(open_page: OpenPage):
    teacher = open_page("/class")
    code = open_room(teacher)
    here = open_page(f"/class?room={code}", phone=True)
    join(here)
    lost = open_page("/class", phone=True)
    lost.get_by_role("textbox", name="Code of the room").fill(code.lower())
    press(lost, "Next")
    join(lost)
    expect(teacher.locator(".gr-number")).to_have_text("2")
    press(teacher, "Begin")

    for number in range(1, N_SONGS + 1):
        song = f"Song {number} of {N_SONGS}"
        for page in (teacher, here, lost):
            expect(page.get_by_role("heading", name=song)).to_be_visible()
            expect(page.locator(".gr-revealed")).to_have_count(0)
        choose(here, "jazz")
        choose(lost, "rock")
        assert not scrolls_sideways(here)
        if number == 1:
            address = lost.url
            lost.context.close()
            lost = open_page(address.removeprefix(re.match(r"https?://[^/]+", address)[0]))
            expect(lost.get_by_text("You said rock.")).to_be_visible()
        expect(teacher.get_by_text("2 of 2 pupils have answered")).to_be_visible()
        press(teacher, "Reveal")
        for page in (teacher, here, lost):
            expect(page.locator(".gr-revealed")).to_contain_text("The network says")
        press(teacher, "Results" if number == N_SONGS else f"Song {number + 1}")

    for page in (teacher, here):
        expect(page.get_by_role("heading", name="The class and the network")).to_be_visible()
        expect(page.locator(".js-plotly-plot")).to_have_count(2)
        assert not scrolls_sideways(page)
    with teacher.expect_download() as download:
        press(teacher, "Table (CSV), without names")
    rows = list(csv.DictReader(download.value.path().read_text("utf-8").splitlines()))
    assert [(row["jazz"], row["rock"]) for row in rows] == [("1", "1")] * N_SONGS

    teacher.get_by_role("button", name="Close the room").click()
    press(teacher, "Close it now")
    expect(teacher.get_by_role("heading", name="Open a room")).to_be_visible()
    here.reload()
    expect(here.get_by_text("There is no room")).to_be_visible()
