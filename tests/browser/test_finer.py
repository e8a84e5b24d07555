"""The finer timeline in Chromium: it comes by itself, and what one does meanwhile stays."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Held
from tests.browser.waiting import settled, wait_for_sound

OpenPage = Callable[..., Page]
DONE = "The finer timeline hears short pieces"

# Note every number of windows that the page shows.
NOTE_THE_WINDOWS = """() => {
    window.seen = [];
    const look = () => {
        const shown = document.body.textContent.match(/window (\\d+) of \\d+/);
        const done = shown && Number(shown[1]);
        if (done && window.seen.at(-1) !== done) window.seen.push(done);
        requestAnimationFrame(look);
    };
    look();
}"""


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button:visible").click()


def test_it_is_cancelled_beside_its_progress_and_what_is_opened_meanwhile_stays(
    open_page: OpenPage, held: Held, wav_bytes: Callable[..., bytes]
):
    held.hold("finer")
    page = open_page("/?t=3&n=5", base=held.url)
    song = {"name": "song.wav", "mimeType": "audio/wav", "buffer": wav_bytes(30.0, 12_000)}
    page.locator("input[type=file]").first.set_input_files(files=[song])
    working = page.get_by_text("window 6 of")
    expect(working).to_be_visible()
    press(page, "finer_cancel")
    page.wait_for_url(re.compile("fine=0"))
    expect(page.locator(".st-key-finer_row_work")).to_have_count(0)
    switch = page.get_by_test_id("stCheckbox").filter(has_text="Finer timeline")
    expect(switch.get_by_role("switch")).not_to_be_checked()
    switch.locator("label").click()
    page.wait_for_url(lambda url: "fine" not in url)
    expect(working).to_be_visible()  # from where it was

    page.evaluate(NOTE_THE_WINDOWS)
    page.get_by_role("button", name="Play", exact=True).click()
    press(page, "open_frame_0")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Frame 1")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_contain_text("Frame 2")
    assert page.evaluate("window.seen") == [6]
    held.let_go("finer")
    expect(page.get_by_text(DONE)).to_be_visible()
    settled(page)
    expect(dialog).to_contain_text("Frame 2")
    seen = page.evaluate("window.seen")
    assert seen == sorted(seen)
    wait_for_sound(page.locator(".player"), "!audio.paused && audio.currentTime > 5.5")


# Click at the very moment at which a step is shown, when the page has most to do.
CLICK_AT_A_STEP = """() => {
    const begin = document.querySelector('.st-key-why_begin button');
    const row = document.querySelector('.st-key-finer_row_work');
    const observer = new MutationObserver(() => { observer.disconnect(); begin.click(); });
    observer.observe(row, {subtree: true, childList: true, characterData: true, attributes: true});
}"""


def test_what_is_clicked_during_its_work_is_not_lost(open_page: OpenPage, held: Held):
    held.hold("finer")
    for trim in (43, 44, 45):
        page = open_page(f"/?demo=reggae&t=5&n={trim}", base=held.url)
        expect(page.get_by_text("window 6 of")).to_be_visible()
        expect(page.locator(".st-key-why_begin button")).to_be_enabled()
        page.evaluate(CLICK_AT_A_STEP)
        expect(page.locator(".st-key-why_map")).to_be_visible()
        expect(page.get_by_text("window 6 of")).to_be_visible()
