"""The report of a song, opened from the disk with every request refused."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mutagen.id3 import APIC
from mutagen.wave import WAVE
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import settled, wait_for_sound

OpenPage = Callable[..., Page]


@pytest.fixture
def open_file(browser: Browser) -> Callable[..., Page]:
    """Return an opener of files; a page that asks for anything else fails the test."""
    asked: list[str] = []
    contexts = []

    def opener(path: Path, width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: asked.append(str(error)))
        page.on("console", lambda message: asked.append(message.text))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((path.as_uri(), "data:"))
                else asked.append(request.url)
            ),
        )
        page.goto(path.as_uri())
        return page

    yield opener
    for context in contexts:
        context.close()
    assert asked == []


def saved(page: Page, key: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.locator(f".st-key-{key} button:visible").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_report_opens_and_plays_without_a_server(
    open_page: OpenPage, open_file: Callable[..., Page], tmp_path: Path
):
    app = open_page("/?demo=reggae")
    settled(app)
    without = saved(app, "download_report", tmp_path)
    small = without.read_bytes()
    app.locator(".st-key-report_sound").get_by_text("Put the sound into").click()
    # The server knows of the switch when the button says so.
    expect(app.locator(".st-key-download_report")).to_contain_text("Report with sound")
    settled(app)
    report = saved(app, "download_report", tmp_path)
    assert report.stat().st_size > len(small)
    for width in (1280, 390):
        page = open_file(report, width)
        expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Wall")
        expect(page.locator(".verdict b")).not_to_be_empty()
        sound = page.locator("#sound")
        wait_for_sound(sound, "audio.duration > 10")
        picture = page.locator("#picture")
        box = picture.bounding_box()
        assert box is not None
        picture.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
        wait_for_sound(sound, "audio.currentTime > audio.duration / 4")
        playhead = page.locator("#playhead").bounding_box()
        assert playhead is not None
        assert box["width"] / 4 < playhead["x"] - box["x"] < box["width"]
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_the_sheet_for_class_hides_the_solution_on_a_page_of_its_own(
    open_page: OpenPage, open_file: Callable[..., Page], tmp_path: Path
):
    app = open_page("/?demo=reggae")
    settled(app)
    page = open_file(saved(app, "download_class", tmp_path))
    expect(page.get_by_role("heading", level=1)).to_have_text("What genre is this?")
    pages = page.pdf().count(b"/Type /Page\n")
    assert pages >= 2
    assert not scrolls_sideways(app)


def test_the_card_shows_the_cover_of_the_file(
    open_page: OpenPage, wav_bytes: Callable[..., bytes], tmp_path: Path
):
    picture, file = io.BytesIO(), io.BytesIO(wav_bytes(40.0, 12_000))
    Image.new("RGB", (300, 300), "magenta").save(picture, format="PNG")
    song = WAVE(file)
    song.add_tags()
    song.tags.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=picture.getvalue()))
    file.seek(0)
    song.save(file)
    app = open_page("/?fine=0")
    app.locator("input[type=file]").first.set_input_files(
        files=[{"name": "song.wav", "mimeType": "audio/wav", "buffer": file.getvalue()}]
    )
    expect(app.locator(".gr-cover")).to_be_visible()
    settled(app)
    card = np.asarray(Image.open(saved(app, "download_card", tmp_path)).convert("RGB")).astype(int)
    assert (np.abs(card - (255, 0, 255)).max(axis=2) < 20).sum() > 10_000
