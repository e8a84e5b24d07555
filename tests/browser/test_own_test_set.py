"""A test set of one's own on the page "Test set", in Chromium."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.waiting import press_at_once, wait_for_sound

OpenPage = Callable[..., Page]
N_SONGS = 12  # of three genres
N_FILES = N_SONGS + 1
SCORING_MS = START_MS = 400_000  # on a machine that has much else to do
OWN = "/test-set?part=own"


@pytest.fixture
def archive(wav_bytes: Callable[..., bytes]) -> dict:
    """A ZIP of short songs in three folders, one of them spelt otherwise, and a broken song."""
    song = wav_bytes(30.0, 12_000)
    folders = ("Hip-Hop", "jazz", "rock")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zipped:
        for n in range(N_SONGS):
            zipped.writestr(f"mine/{folders[n % 3]}/{n:02}.wav", song)
        zipped.writestr("mine/jazz/broken.mp3", b"these are only words " * 50)
        zipped.writestr("__MACOSX/mine/jazz/._broken.mp3", b"junk")
    return {"name": "mine.zip", "mimeType": "application/zip", "buffer": buffer.getvalue()}


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button:visible").click()


def songs_input(page: Page) -> Locator:
    return page.locator("[class*=st-key-own_songs] input[type=file]")


def keep(page: Page, folder: Path) -> Path:
    with page.expect_download() as download:
        press(page, "own_keep")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_score_cancel_go_on_keep_and_open_again(
    open_page: OpenPage, slow_url: str, archive: dict, tmp_path: Path
):
    page = open_page(OWN, base=slow_url)
    songs_input(page).set_input_files(files=[archive], timeout=START_MS)
    expect(page.locator(".st-key-own_labels")).to_contain_text(f"Hip-Hop ({N_SONGS // 3} songs)")
    expect(page.locator(".st-key-own_labels input[value=hiphop]")).to_be_visible()
    page.get_by_role("button", name="Short clips").or_(
        page.get_by_role("radio", name="Short clips")
    ).first.click()
    press(page, "own_start")

    bar = page.locator("[data-testid=stProgress]")
    cancel = page.locator(".st-key-own_cancel button:visible")
    press_at_once(bar, rf"[1-9]\d* of {N_FILES} songs · about .* left", cancel)
    expect(bar).to_contain_text(re.compile(rf"Stopped after [1-9]\d* of {N_FILES} songs"))
    expect(page.locator(".st-key-own_go_on")).to_be_visible()
    part = json.loads(keep(page, tmp_path).read_text("utf-8"))
    assert 0 < len(part["clips"]["clip_id"]) < N_SONGS
    assert "Stopped after" in part["provenance"]["problems"][-1]

    press(page, "own_go_on")
    done = page.get_by_text(f"{N_SONGS} songs of mine")
    expect(done).to_be_visible(timeout=SCORING_MS)
    expect(page.get_by_text("Songs that could not be read (1)")).to_be_visible()
    kept = keep(page, tmp_path)
    whole = json.loads(kept.read_text("utf-8"))
    assert len(whole["clips"]["clip_id"]) == N_SONGS
    assert set(whole["clips"]["label"]) == {"hiphop", "jazz", "rock"}

    # Another session opens the file, and sees the same songs in the same views.
    other = open_page(OWN)
    other.get_by_role("tab", name="Open a score file").click()
    other.locator(".st-key-ts_score_file input[type=file]").set_input_files(kept)
    press(page, "own_show")
    for each in (page, other):
        each.wait_for_url(re.compile("scores=own"))
        for unit, n in (("frame", N_SONGS), ("song", N_SONGS // 3)):  # 3 frames of 10 s a song
            rows = each.locator(f".st-key-ts_matrix_{unit} .ytick text")
            for row in (f"hiphop ({n})", f"jazz ({n})", f"rock ({n})"):
                expect(rows.filter(has_text=row)).to_have_count(1)
            expect(rows).to_have_count(3)  # none for genres without songs
        expect(each.get_by_text(f"Of {N_SONGS} songs the network names")).to_be_visible()
        # All songs stand above the matrices, and open there.
        each.get_by_role("combobox", name="Find a song").focus()
        each.keyboard.type("01.wav")
        each.keyboard.press("Enter")
        expect(each.locator(".st-key-ts_song")).to_contain_text("01.wav")
    # Who brought the songs hears them; who opened their scores has no sound.
    wait_for_sound(page.locator(".st-key-ts_song audio"), "audio.duration > 29")
    expect(other.locator(".st-key-ts_song audio")).to_have_count(0)
    place, matrices = (
        page.locator(f".st-key-{key}").bounding_box() for key in ("ts_song", "ts_matrices")
    )
    assert place is not None
    assert matrices is not None
    assert place["y"] < matrices["y"]


def test_a_hostile_archive_is_refused_and_the_page_goes_on(open_page: OpenPage):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        zipped.writestr("../../evil.mp3", b"x")
    page = open_page(OWN)
    songs_input(page).set_input_files(
        files=[{"name": "evil.zip", "mimeType": "application/zip", "buffer": buffer.getvalue()}]
    )
    expect(page.get_by_role("alert").filter(has_text="evil.mp3")).to_be_visible()
    expect(page.locator(".st-key-own_start")).to_have_count(0)
    expect(songs_input(page)).to_have_count(1)
