"""The page "Networks" in Chromium: every part, on a wide screen and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.layout import scrolls_sideways

OpenPage = Callable[..., Page]


@pytest.mark.parametrize(
    ("phone", "theme"), [(False, "light"), (True, "dark")], ids=["wide", "phone"]
)
def test_every_part_opens_and_stays_inside_the_page(
    open_page: OpenPage, phone: bool, theme: str
) -> None:
    page = open_page("/networks", phone=phone, theme=theme)
    expect(page.get_by_role("heading", level=1)).to_have_text("Networks")
    blocks = page.get_by_role("list", name="crnn_gru, from input to output").get_by_role("listitem")
    expect(blocks).to_have_count(7)
    expect(blocks.nth(1)).to_contain_text("maps of 48 bands")
    assert not scrolls_sideways(page)

    page.get_by_role("radio", name="What was measured").click()
    expect(page.get_by_role("heading", name=re.compile("^D: "))).to_be_visible()
    page.wait_for_url("**/networks?part=measured")
    assert not scrolls_sideways(page)

    page.get_by_role("radio", name="Two on one song").click()
    expect(page.locator(".gr-card-title").last).to_contain_text("The published network says")
    expect(page.locator("[class*=st-key-networks_frames_] .js-plotly-plot")).to_have_count(2)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert not scrolls_sideways(page)
