"""The page "Lyrics" in Chromium: paste, verdict, shaded words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import settled

OpenPage = Callable[..., Page]
TEXT = "Blood and death\nThe darkness will rise\nNo mercy for the dead\n<i>Burn</i>"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_paste_verdict_shaded_words(open_page: OpenPage, phone: bool, theme: str) -> None:
    page = open_page("/lyrics", phone=phone, theme=theme)
    expect(page.get_by_role("heading", level=1)).to_have_text("Lyrics")
    page.get_by_role("textbox", name="Lyrics").fill(TEXT)
    page.get_by_role("button", name="Read the words").click()

    expect(page.locator(".gr-verdict")).to_contain_text("metal")
    blood = page.locator(".gl-text .w", has_text="Blood")
    expect(blood).to_be_visible()
    assert "for metal" in (blood.get_attribute("title") or "")
    assert blood.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    expect(page.locator(".gl-text i")).to_have_count(0)
    expect(page.get_by_text("Not counted as words of the song")).to_be_visible()
    settled(page)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert not scrolls_sideways(page)
    assert "Blood" not in page.url


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_other_parts_stay_inside_the_page(open_page: OpenPage, phone: bool) -> None:
    page = open_page("/lyrics?part=years", phone=phone)
    for part, heading in (
        ("Over the years", None),
        ("Typical words", None),
        ("How good it is", "Experiment F: how many words does it take?"),
    ):
        page.get_by_role("radio", name=part).click()
        if heading:
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
        expect(page.locator(".js-plotly-plot").first).to_be_visible()
        settled(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert not scrolls_sideways(page), part
