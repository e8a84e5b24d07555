"""The recorder in Chromium, whose microphone plays a file: record, and everything in the way."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from tests.browser.waiting import press_at_once

OpenPage = Callable[..., Page]
RATE = 48_000  # Hz
LEVEL_DB = -23.0  # of the tone that the microphone gets

# Remembers what was asked of the microphone and what came of it.
WATCH = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (constraints) => {
  window.asked = constraints;
  const stream = await ask(constraints);
  window.given = stream.getAudioTracks()[0].getSettings();
  return stream;
};
"""


def refusal(name: str, words: str = "") -> str:
    """Return a script after which no microphone can be had, for that reason."""
    return (
        "navigator.mediaDevices.getUserMedia = () => "
        f"Promise.reject(new DOMException('{words}', '{name}'));"
    )


@pytest.fixture(scope="module")
def browser(
    launch: Callable[..., Browser], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """Chromium with a microphone that plays a file again and again."""
    time = np.arange(20 * RATE) / RATE
    tone = np.sqrt(2) * 10 ** (LEVEL_DB / 20) * np.sin(2 * np.pi * 440 * time)
    wav = tmp_path_factory.mktemp("microphone") / "tone.wav"
    soundfile.write(wav, tone, RATE, subtype="PCM_16")
    chromium = launch(
        "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={wav}"
    )
    yield chromium
    chromium.close()


def ready(open_page: OpenPage, allow: bool = True, script: str = WATCH, **options) -> Page:
    page = open_page(**options)
    if allow:
        page.context.grant_permissions(["microphone"])
    expect(page.get_by_role("button", name="Record")).to_be_visible()
    page.evaluate(f"() => {{ {script} }}")
    return page


def seconds_shown(page: Page) -> int:
    minutes, seconds = page.locator(".recorder .clock").text_content().split(":")
    return 60 * int(minutes) + int(seconds)


def record(page: Page, seconds: int) -> None:
    page.get_by_role("button", name="Record").click()
    stop = page.get_by_role("button", name="Stop")
    press_at_once(page.locator(".recorder .clock"), f"0:{seconds:02d}", stop)


def test_a_recording_of_ten_seconds_gives_a_verdict(open_page: OpenPage):
    page = ready(open_page)
    expect(page.locator(".recorder .status")).to_contain_text("10 seconds or more")
    page.get_by_role("button", name="Record").click()
    expect(page.locator(".recorder .status")).to_contain_text("more for a fair verdict")

    # The level is that of the tone.
    meter = page.get_by_role("meter")
    expect(meter).to_have_attribute("aria-valuenow", f"{LEVEL_DB:.0f}")

    # Nothing was done to the sound.
    for treatment in ("echoCancellation", "noiseSuppression", "autoGainControl"):
        assert page.evaluate(f"window.asked.audio.{treatment}") is False
        assert page.evaluate(f"window.given.{treatment}") is False
    expect(page.locator(".recorder .trouble")).to_be_hidden()

    expect(page.locator(".recorder .status")).to_contain_text("10 s reached")
    assert seconds_shown(page) >= 10
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".gr-genre")).to_be_visible()
    expect(page.locator("h1")).to_have_text("your recording.wav")
    # At the device's own rate, far above what speech needs.
    page.get_by_text("What was done to the song").click()
    expect(page.get_by_text(re.compile("(44,100|48,000) Hz, mono")).first).to_be_visible()


def test_too_short_a_recording_says_how_long_it_must_be(open_page: OpenPage):
    page = ready(open_page, phone=True)
    record(page, 1)
    trouble = page.get_by_role("alert").filter(has_text="recorded")
    expect(trouble).to_contain_text("at least 3 s")
    expect(page.get_by_role("button", name="Record")).to_be_enabled()
    expect(page.locator(".gr-verdict")).to_have_count(0)
    # The microphone is let go, and a second try starts anew.
    page.get_by_role("button", name="Record").click()
    expect(trouble).to_be_hidden()
    expect(page.locator(".recorder .clock")).to_have_text(re.compile("0:0[1-9]"))


def test_a_microphone_that_is_not_allowed_is_said_with_the_way_out(open_page: OpenPage):
    page = ready(open_page, allow=False)
    devtools = page.context.new_cdp_session(page)
    devtools.send(
        "Browser.setPermission", {"permission": {"name": "microphone"}, "setting": "denied"}
    )
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("alert").filter(has_text="not allowed")).to_contain_text("Allow it")
    expect(page.get_by_role("button", name="Record")).to_be_enabled()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (refusal("NotFoundError"), "no microphone"),
        (refusal("NotReadableError"), "another program"),
        (refusal("OddError", "something odd"), "something odd"),
        ("Object.defineProperty(window, 'isSecureContext', {value: false});", "https://"),
    ],
)
def test_whatever_is_in_the_way_is_said(open_page: OpenPage, script: str, words: str):
    page = ready(open_page, script=script)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()
    expect(page.get_by_role("button", name="Record")).to_be_enabled()


def test_silence_is_not_handed_over(open_page: OpenPage):
    mute = WATCH + (
        "const open = navigator.mediaDevices.getUserMedia;"
        "navigator.mediaDevices.getUserMedia = async (wish) => {"
        "  const stream = await open(wish);"
        "  stream.getAudioTracks().forEach((track) => { track.enabled = false; });"
        "  return stream; };"
    )
    page = ready(open_page, script=mute)
    record(page, 4)
    expect(page.get_by_role("alert").filter(has_text="silence")).to_contain_text("muted")
    expect(page.locator(".gr-verdict")).to_have_count(0)
