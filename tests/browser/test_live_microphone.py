"""The microphone heard live in Chromium, whose microphone plays a file."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from tests.browser.layout import scrolls_sideways

OpenPage = Callable[..., Page]
RATE = 48_000  # Hz

# Remembers the tracks of every microphone that was opened.
WATCH = """() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    window.tracks = [];
    navigator.mediaDevices.getUserMedia = async (wish) => {
        const stream = await ask(wish);
        window.tracks.push(...stream.getAudioTracks());
        return stream;
    };
}"""
ALL_ENDED = "window.tracks.length && window.tracks.every(track => track.readyState === 'ended')"


@pytest.fixture(scope="module")
def browser(
    launch: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Chromium with a microphone that plays noise in pulses."""
    at = np.arange(20 * RATE) / RATE
    noise = np.random.default_rng(0).standard_normal(len(at))
    wav = tmp_path_factory.mktemp("microphone") / "pulses.wav"
    soundfile.write(wav, 0.1 * noise * np.exp(-6 * (at % 0.5)), RATE, subtype="PCM_16")
    chromium = launch(
        "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={Path(wav)}"
    )
    yield chromium
    chromium.close()


def listening(open_page: OpenPage, **options) -> Page:
    page = open_page(**options)
    page.context.grant_permissions(["microphone"])
    button = page.get_by_role("button", name="Listen live")
    expect(button).to_be_visible()
    page.evaluate(WATCH)
    button.click()
    return page


@pytest.mark.parametrize(
    ("phone", "theme"), [(False, "light"), (True, "dark")], ids=["wide", "phone"]
)
def test_what_is_heard_is_scored_again_and_again_until_it_is_stopped(
    open_page: OpenPage, phone: bool, theme: str
):
    page = listening(open_page, phone=phone, theme=theme)
    live = page.locator(".live")
    # One bar for each time that the last seconds were scored.
    expect(live.locator(".strip i").nth(2)).to_be_attached()
    expect(live.locator(".average")).to_contain_text("Average so far: ")
    expect(live.locator(".big")).not_to_have_text("…")
    assert not scrolls_sideways(page)
    live.get_by_role("button", name="Stage").click()
    expect(page.locator(".live.is-full")).to_be_visible()
    width, needed = live.evaluate("e => [e.clientWidth, e.scrollWidth]")
    assert width == needed == page.evaluate("innerWidth")
    page.keyboard.press("Escape")
    expect(page.locator(".live.is-full")).to_have_count(0)
    live.get_by_role("button", name="Stop").click()
    page.wait_for_function(ALL_ENDED)
    expect(live.get_by_role("button", name="Listen live")).to_be_enabled()


def test_leaving_the_page_stops_the_microphone(open_page: OpenPage):
    page = listening(open_page)
    expect(page.locator(".live .strip i").first).to_be_attached()
    page.get_by_role("link", name="About").click()
    expect(page.locator(".live")).to_have_count(0)
    page.wait_for_function(ALL_ENDED)


def test_a_microphone_that_is_not_there_is_said(open_page: OpenPage):
    page = open_page()
    button = page.get_by_role("button", name="Listen live")
    expect(button).to_be_visible()
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia = () => "
        "Promise.reject(new DOMException('', 'NotFoundError')); }"
    )
    button.click()
    expect(page.get_by_role("alert").filter(has_text="no microphone")).to_be_visible()
    expect(button).to_be_enabled()
