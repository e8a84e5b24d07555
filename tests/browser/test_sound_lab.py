"""The sound lab in Chromium: a box is dragged over the picture, heard, scored and undone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import settled

OpenPage = Callable[..., Page]
LINK = "/?demo=reggae&t=5&n=45&fine=0&lab=1"  # one short frame
DRAWABLE = "[class*=st-key-lab_draw] .nsewdrag"

LAB_SOUNDS = "[...document.querySelectorAll('.stAudio')].slice(-2)"
LONG_ENOUGH = f"{LAB_SOUNDS}.filter(a => a.duration > 4.9).length === 2"
SOURCES = f"{LAB_SOUNDS}.map(a => a.currentSrc)"


def drag_a_box(page: Page) -> None:
    picture = page.locator(DRAWABLE)
    expect(picture).to_be_visible()
    settled(page)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    left, top, width, height = (box[key] for key in ("x", "y", "width", "height"))
    page.mouse.move(left + 0.3 * width, top + 0.3 * height)
    page.mouse.down()
    page.mouse.move(left + 0.7 * width, top + 0.8 * height, steps=5)
    page.mouse.up()


@pytest.mark.parametrize(
    ("phone", "theme"), [(False, "light"), (True, "dark")], ids=["wide", "phone"]
)
def test_a_box_is_dragged_out_heard_and_undone(open_page: OpenPage, phone: bool, theme: str):
    page = open_page(LINK, phone=phone, theme=theme)
    bars = page.locator(".st-key-lab_bars")
    expect(bars).to_be_visible()
    drag_a_box(page)
    page.wait_for_url(re.compile("sound=box"))
    put_back = page.locator(".st-key-lab_box_0 button:visible")
    expect(put_back).to_be_visible()
    settled(page)
    # Both frames can be heard, and they differ.
    page.wait_for_function(LONG_ENOUGH)
    assert len(set(page.evaluate(SOURCES))) == 2
    assert not scrolls_sideways(page)
    # A second one, then back by the buttons.
    page.locator(".st-key-lab_undo button:visible").click()
    page.wait_for_url(lambda url: "sound" not in url)
    expect(put_back).to_have_count(0)
    page.locator(".st-key-lab_redo button:visible").click()
    page.wait_for_url(re.compile("sound=box"))
    expect(put_back).to_be_visible()


def test_a_box_by_keyboard_and_its_link(open_page: OpenPage):
    page = open_page(LINK)
    page.get_by_text("Rub out a box by numbers").click()
    low = page.get_by_label("From (Hz)")
    low.fill("200")
    low.press("Tab")
    high = page.get_by_label("To (Hz)")
    high.fill("900")
    high.press("Tab")
    settled(page)
    rub_out = page.locator(".st-key-lab_rub_out button:visible")
    expect(rub_out).to_be_enabled()
    rub_out.focus()
    rub_out.press("Enter")
    page.wait_for_url(re.compile("sound=box0-5_200-900"))
    said = page.locator(".st-key-lab_scores").get_by_text("called")
    expect(said).to_contain_text("from")  # some score rises or falls
    other = open_page(page.url[page.url.index("/?") :])
    expect(other.locator(".st-key-lab_scores").get_by_text("called")).to_have_text(
        said.text_content()
    )
