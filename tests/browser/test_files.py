"""Files that are dropped anywhere or chosen: taken, or refused in words; and a way back."""

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Held
from tests.browser.waiting import PATIENCE_MS, settled

OpenPage = Callable[..., Page]
VERDICT = ".gr-verdict"

# Drop files on an element as a browser does, once the page's script for files is there:
# [[name, size in bytes or bytes in base64]].
DROP = """async (element, [files, patience]) => {
    const data = new DataTransfer();
    for (const [name, content] of files) {
        const bytes = typeof content === 'number'
            ? new Uint8Array(content)
            : Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
        data.items.add(new File([bytes], name));
    }
    const {left, top, width, height} = element.getBoundingClientRect();
    const event = (kind) => new DragEvent(kind, {
        bubbles: true, cancelable: true, composed: true, dataTransfer: data,
        clientX: left + width / 2, clientY: top + height / 2});
    const until = performance.now() + patience;
    while (!('filesAreGuarded' in document.body.dataset) && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (element.dispatchEvent(event('dragover'))) return false;
    const drop = event('drop');
    element.dispatchEvent(drop);
    return drop.defaultPrevented;
}"""


@pytest.fixture
def song(wav_bytes: Callable[..., bytes]) -> str:
    """A song of 40 s in base64."""
    return base64.b64encode(wav_bytes(40.0, 12_000)).decode()


def drop(place: Locator, *files: tuple[str, int | str]) -> None:
    assert place.evaluate(DROP, [files, PATIENCE_MS]), "the browser would open the file"


def refused(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has=page.get_by_role("button", name="Close"))


def test_a_song_is_taken_wherever_it_is_dropped(open_page: OpenPage, song: str):
    page = open_page("/?fine=0")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    settled(page)
    drop(page.get_by_role("heading", level=1), ("first.wav", song))
    expect(page.locator(VERDICT)).to_be_visible()
    expect(page.locator("h1")).to_have_text("first.wav")
    settled(page)
    drop(page.locator(VERDICT), ("second.wav", song))  # on a result as well
    expect(page.locator("h1")).to_have_text("second.wav")
    settled(page)
    drop(page.locator(".player"), ("bad.mp3", 2000))
    expect(page.get_by_test_id("stAlert").filter(has_text="bad")).to_be_visible()
    expect(page.locator("h1")).to_have_text("second.wav")


def test_a_song_is_taken_though_the_box_for_it_comes_later(open_page: OpenPage, song: str):
    page = open_page("/about?fine=0")
    expect(page.get_by_role("heading", level=1)).to_have_text("About this recognizer")
    settled(page)
    held: list[Route] = []
    page.route("**/FileUploader*.js", lambda route: held.append(route))
    with page.expect_request("**/FileUploader*.js"):
        page.get_by_role("link", name="Analyse a song").click()
    expect(page.locator(".st-key-drop_input input[type=file]")).to_have_count(0)
    drop(page.locator("body"), ("first.wav", song))
    for route in held:
        route.continue_()
    expect(page.locator(VERDICT)).to_be_visible()
    expect(refused(page)).to_have_count(0)


def test_a_file_that_is_not_taken_says_why_and_what_to_do(open_page: OpenPage, song: str):
    page = open_page()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    settled(page)
    expect(refused(page)).to_have_count(0)
    drop(heading, ("<b>notes</b>.pdf", 100))
    expect(refused(page)).to_contain_text("“<b>notes</b>.pdf” is no file that can be read here")
    expect(refused(page)).to_contain_text("flac")
    drop(page.locator("body"), ("long.wav", 201 * 2**20))
    expect(refused(page)).to_contain_text("“long.wav” has 201 MB. The limit is 200 MB.")
    refused(page).get_by_role("button", name="Close").click()
    expect(refused(page)).to_have_count(0)
    # The same words where the file is chosen instead.
    box = page.get_by_test_id("stFileUploader").filter(has=page.get_by_role("button")).last
    chosen = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"words"}
    box.locator("input").set_input_files(files=[chosen])
    expect(refused(page)).to_contain_text("“notes.txt”")
    expect(page.locator(VERDICT)).to_have_count(0)
    drop(heading, ("good.wav", song))
    expect(page.locator(VERDICT)).to_be_visible()
    expect(refused(page)).to_have_count(0)


def test_several_songs_are_at_hand_and_open_in_the_library(open_page: OpenPage, song: str):
    page = open_page("/?fine=0")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    settled(page)
    drop(heading, ("a.wav", song), ("cover.jpg", 100), ("b.wav", song), ("c.wav", song))
    expect(refused(page)).to_contain_text("“cover.jpg” is no file that can be read here")
    expect(heading).to_have_text("a.wav")
    expect(page.locator(VERDICT)).to_be_visible()
    expect(page.get_by_text("You dropped 3 songs")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Open all 3 in the Library").click()
    expect(heading).to_have_text("Songs dropped here")
    expect(page.locator(".st-key-library_queue")).to_contain_text("3 songs analysed.")
    for name in ("a.wav", "b.wav", "c.wav"):
        expect(page.locator(".gr-queue")).to_contain_text(name)
    page.get_by_role("link", name="Analyse a song").click()
    expect(heading).to_have_text("a.wav")
    expect(page.locator(VERDICT)).to_be_visible()
    expect(page.get_by_text("You dropped 3 songs")).to_have_count(0)


def test_on_a_phone_a_refusal_covers_nothing_that_can_be_done(open_page: OpenPage, song: str):
    page = open_page("/?fine=0", phone=True)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    settled(page)
    drop(heading, ("a.wav", song), ("cover.jpg", 100), ("b.wav", song))
    expect(page.locator(VERDICT)).to_be_visible()
    settled(page)
    expect(refused(page)).to_contain_text("“cover.jpg”")
    page.get_by_role("button", name="Open all 2 in the Library").click()
    expect(heading).to_have_text("Songs dropped here")


def test_a_box_for_one_file_takes_no_two(open_page: OpenPage):
    page = open_page("/library")
    box = page.get_by_test_id("stFileUploader").filter(has_text="Open a store")
    expect(box).to_be_visible()
    settled(page)
    drop(box, ("a.db", 100), ("b.db", 100))
    expect(refused(page)).to_contain_text("2 files at once are too many here: choose one.")


def test_other_pages_say_where_a_song_goes(open_page: OpenPage, song: str):
    page = open_page("/about")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    settled(page)
    drop(heading, ("a.wav", song))
    expect(refused(page)).to_contain_text("The page “Analyse a song” takes a song anywhere")


def test_an_analysis_is_cancelled_and_the_first_page_is_one_click_away(
    open_page: OpenPage, held: Held, song: str
):
    held.hold("analysis")
    page = open_page("/?fine=0", base=held.url)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    settled(page)
    first = heading.text_content()
    drop(heading, ("my song.wav", song))
    page.get_by_role("button", name="Cancel").click()
    expect(heading).to_have_text(first)
    expect(page.locator(".gr-progress")).to_have_count(0)
    held.let_go("analysis")
    settled(page)
    drop(heading, ("my song.wav", song))
    expect(page.locator(VERDICT)).to_be_visible()
    expect(page).to_have_title("my song.wav · Music genre recognizer")
    page.get_by_role("button", name="First page").click()
    expect(heading).to_have_text(first)
    expect(page).to_have_title("Analyse a song · Music genre recognizer")
