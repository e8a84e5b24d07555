"""The page "Analyse a song" in Chromium, as a user meets it."""

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from genre_core.ui.songs import demo_songs
from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import settled, wait_for_sound

OpenPage = Callable[..., Page]
VERDICT = ".gr-verdict"


@pytest.fixture
def song(wav_bytes: Callable[..., bytes]) -> dict:
    """An upload of 75 s: one frame of 29.12 s, or three of 10 s."""
    return {"name": "my song.wav", "mimeType": "audio/wav", "buffer": wav_bytes(75.0, 12_000)}


@pytest.fixture
def demo() -> str:
    return next(iter(demo_songs()))


def upload(page: Page, file: dict) -> None:
    page.locator("input[type=file]").first.set_input_files(files=[file])


def press(page: Page, key: str) -> None:
    # Streamlit keeps a second, hidden button for phones where there is a tooltip.
    page.locator(f".st-key-{key} button:visible").click()


def test_upload_verdict_aggregation_and_a_frame(open_page: OpenPage, song: dict):
    page = open_page("/?t=10")
    upload(page, song)
    expect(page.locator(".gr-genre")).to_be_visible()
    expect(page.locator("h1")).to_have_text("my song.wav")
    settled(page)

    page.get_by_role("radio", name="Majority vote").or_(
        page.get_by_role("button", name="Majority vote")
    ).first.click()
    page.wait_for_url(re.compile("agg=vote"))
    expect(page.locator(VERDICT)).to_contain_text("%")
    settled(page)

    press(page, "open_frame_1")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Frame 2 · 0:30–0:40")
    expect(dialog.locator(".js-plotly-plot")).to_be_visible()
    # The frame's own ten seconds, and they can be played.
    page.wait_for_function(
        "Math.abs(document.querySelector('[role=dialog] audio')?.duration - 10) < 0.01"
    )
    dialog.get_by_role("button", name="Next").click()
    expect(dialog).to_contain_text("Frame 3 · 0:40–0:50")
    expect(dialog.get_by_role("button", name="Next")).to_be_disabled()


def test_a_bad_file_is_named_and_the_page_goes_on(open_page: OpenPage, song: dict):
    page = open_page()
    name = "<b onmouseover=alert(1)>notes.mp3"
    upload(page, {"name": name, "mimeType": "audio/mpeg", "buffer": b"only words " * 99})
    alert = page.get_by_test_id("stAlert").filter(has_text="cannot be read")
    expect(alert).to_contain_text("notes")
    expect(alert.locator("b")).to_have_count(0)
    settled(page)
    upload(page, song)
    expect(page.locator(VERDICT)).to_be_visible()
    expect(alert).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(open_page: OpenPage, song: dict, theme: str):
    page = open_page("/?t=10", phone=True, theme=theme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)
    assert not scrolls_sideways(page)
    upload(page, {**song, "name": "a_very_long_name_without_any_space_" * 6 + ".wav"})
    expect(page.locator(VERDICT)).to_be_visible()
    settled(page)
    page.get_by_role("heading", name="The whole song").scroll_into_view_if_needed()
    expect(page.locator(".st-key-song_scores .js-plotly-plot")).to_be_visible()
    assert not scrolls_sideways(page)
    press(page, "open_frame_0")
    expect(page.get_by_role("dialog").locator(".js-plotly-plot")).to_be_visible()
    assert not scrolls_sideways(page)


def test_a_demo_song_is_one_click_away(open_page: OpenPage, demo: str):
    page = open_page()
    press(page, f"demo_{demo}")
    expect(page.locator(VERDICT)).to_be_visible()
    page.wait_for_url(re.compile(f"demo={demo}"))
    sound = page.locator(".player audio")
    sound.wait_for(state="attached")
    wait_for_sound(sound, "audio.duration > 60")


def test_a_phone_shows_a_demo_song_without_scrolling_and_plays_it(open_page: OpenPage):
    page = open_page(phone=True)
    cards = page.locator(".st-key-demo_cards")
    play = cards.get_by_role("button", name="Play “").first
    expect(play).to_be_visible()
    analyse = cards.get_by_role("button", name="Analyse “").first
    box = analyse.bounding_box()
    assert box["y"] + box["height"] < page.viewport_size["height"]
    play.click()
    first = cards.get_by_role("button", name="Pause “")
    expect(first).to_have_count(1)
    title = first.get_attribute("aria-label").removeprefix("Pause ")
    # Another card silences the one that sounds.
    cards.get_by_role("button", name="Play “").nth(1).click()
    expect(first).to_have_count(1)
    assert first.get_attribute("aria-label").removeprefix("Pause ") != title


def test_a_siren_is_unlike_all_that_the_network_has_learnt(open_page: OpenPage):
    page = open_page()
    press(page, "no_music")
    expect(page.locator(VERDICT)).to_contain_text("Unlike anything this network has learnt")
    expect(page.locator(VERDICT)).not_to_contain_text("sure")


def test_one_sees_what_the_keyboard_is_on(open_page: OpenPage, demo: str):
    page = open_page(f"/?demo={demo}")
    expect(page.locator(VERDICT)).to_be_visible()
    settled(page)
    outline = "element => getComputedStyle(element).outlineStyle"
    link = page.get_by_role("link", name="Test set")
    assert link.evaluate(outline) == "none"
    for _ in range(10):  # past "Skip to main content" and the links before it
        page.keyboard.press("Tab")
        if link.evaluate("element => element === document.activeElement"):
            break
    expect(link).to_be_focused()
    assert link.evaluate(outline) == "solid"
    page.get_by_role("switch", name="Finer timeline").focus()
    switch = page.get_by_test_id("stCheckbox").filter(has_text="Finer timeline").locator("label")
    assert switch.first.evaluate(outline) == "solid"
    # A screen reader says the length of a frame, not its place among the lengths.
    slider = page.locator(".st-key-control_t input[type=range]")
    expect(slider).to_have_attribute("aria-valuetext", "29.12 s")


def test_links_work_both_ways(open_page: OpenPage, demo: str):
    page = open_page(f"/?demo={demo}&t=10&n=5&agg=vote")
    expect(page.locator(VERDICT)).to_be_visible()
    settled(page)
    expect(page.locator(".st-key-control_t")).to_contain_text("10 s")
    expect(page.locator(".st-key-control_n")).to_contain_text("5 s")
    page.get_by_role("button", name="Back to the start").click()
    page.wait_for_url(lambda url: url.endswith(f"?demo={demo}"))
    settled(page)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_role("heading", name="About this recognizer")).to_be_visible()
    page.get_by_role("link", name="Analyse a song").click()
    expect(page.locator(VERDICT)).to_be_visible()


def test_back_returns_to_the_first_view(open_page: OpenPage, demo: str):
    page = open_page()
    press(page, f"demo_{demo}")
    expect(page.locator(VERDICT)).to_be_visible()
    settled(page)
    page.go_back()
    expect(page.locator(".st-key-first_view")).to_be_visible()
    expect(page.locator(VERDICT)).to_have_count(0)


def test_the_downloads_hold_what_the_page_shows(open_page: OpenPage, song: dict):
    page = open_page()
    upload(page, song)
    genre = page.locator(".gr-genre").text_content()
    settled(page)
    for key, start in (("png", b"\x89PNG"), ("csv", b"file,"), ("json", b"{")):
        with page.expect_download() as download:
            press(page, f"download_{key}")
        content = download.value.path().read_bytes()
        assert content.startswith(start)
        assert download.value.suggested_filename.startswith("my-song-")
    record = json.loads(content)
    assert genre.startswith(record["genre"])
    assert record["file"] == "my song.wav"


# In every picture that is drawn: where the player's button is, inside a component's own tree.
NOTE_WHERE_IT_IS = """() => {
    const find = root => root.querySelector('.player .play') ||
        [...root.querySelectorAll('*')].map(e => e.shadowRoot && find(e.shadowRoot)).find(Boolean);
    let button = null;
    window.tops = [];
    const look = () => {
        if (!button?.isConnected) button = find(document);
        const box = button?.getBoundingClientRect();
        if (box?.height) window.tops.push(box.top);
        requestAnimationFrame(look);
    };
    look();
}"""


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_player_stays_where_it_is_when_the_verdict_comes(
    open_page: OpenPage, wav_bytes: Callable[..., bytes], phone: bool
):
    page = open_page("/?t=10", phone=phone)
    page.evaluate(NOTE_WHERE_IT_IS)
    sound = wav_bytes(600.0 + phone, 12_000)  # 56 frames, time to look; each song only once
    upload(page, {"name": "long.wav", "mimeType": "audio/wav", "buffer": sound})
    expect(page.locator(VERDICT)).to_be_visible()
    settled(page)
    tops = page.evaluate("window.tops")
    # A line of the verdict may break on a phone.
    assert max(tops) - min(tops) < (30 if phone else 3)


def test_a_long_song_stays_light(open_page: OpenPage, wav_bytes: Callable[..., bytes]):
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 12_000 * 300)
    page = open_page("/?t=5&n=0")
    received = []
    page.on("websocket", lambda s: s.on("framereceived", lambda data: received.append(len(data))))
    page.reload()
    upload(
        page,
        {"name": "long.wav", "mimeType": "audio/wav", "buffer": wav_bytes(samples=noise)},
    )
    expect(page.locator(VERDICT)).to_be_visible()
    settled(page)
    expect(page.locator(".st-key-gallery img")).to_have_count(12)
    assert received
    assert sum(received) < 3_000_000  # bytes beside the audio and the images
