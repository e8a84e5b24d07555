"""The page "Library" in Chromium: a store of 20,000 songs, and eight files dropped at once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.browser import serving
from benchmarks.library_page import song_on_map
from genre_core.library.query import SongFilter
from genre_core.library.store import LibraryStore
from genre_core.ui.models import MODEL_VARIABLE
from genre_core.ui.pages.library.sources import FOLDERS_VARIABLE
from tests.browser.conftest import ENVIRONMENT
from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import press_at_once, settled
from tests.builders import library_store

N_SONGS = 20_000
OpenPage = Callable[..., Page]
# Where a map has its first dot, px of the window.
FIRST_DOT = """map => {
    const {xaxis, yaxis} = map._fullLayout, box = map.getBoundingClientRect();
    const {x, y} = map.calcdata[0][0].trace;
    return [
        box.x + xaxis._offset + xaxis.l2p(x[0]), box.y + yaxis._offset + yaxis.l2p(y[0]),
    ];
}"""


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trusted")
    library_store(folder / "small.db", 10)  # the second in the list
    return library_store(folder / "large.db", N_SONGS)


@pytest.fixture(scope="module")
def store(store_path: Path) -> Iterator[LibraryStore]:
    with LibraryStore.open(store_path) as store:
        yield store


@pytest.fixture(scope="module")
def library_url(
    store_path: Path, tiny_checkpoint: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Start the app with a trusted folder, a network that is never right, and time to cancel."""
    environment = {
        **ENVIRONMENT,
        FOLDERS_VARIABLE: str(store_path.parent),
        MODEL_VARIABLE: str(tiny_checkpoint),
    }
    log = tmp_path_factory.mktemp("library") / "server.log"
    with serving(Path(__file__).parent / "slow_app.py", environment, log) as url:
        yield url


@pytest.fixture
def open_library(open_page: OpenPage, library_url: str) -> OpenPage:
    def opener(query: str = "", **how: object) -> Page:
        page = open_page(f"/library?{query}", base=library_url, **how)
        expect(page.get_by_text(f"{N_SONGS:,} songs; scores by test")).to_be_visible()
        settled(page)
        return page

    return opener


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button:visible").click()


def query(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlparse(page.url).query).items()}


def drop(page: Page, files: list[dict]) -> Locator:
    """Drop files, return the list of the songs."""
    page.get_by_text("Another library").click()
    page.locator("[class*=st-key-library_songs] input[type=file]").set_input_files(files)
    return page.locator(".gr-queue li")


def files(wav_bytes: Callable[..., bytes], seconds: float) -> list[dict]:
    """Return eight files, the third of which is none."""
    sounds = [wav_bytes(seconds + n, 12_000) for n in range(8)]
    sounds[2] = b"these are only words " * 50
    return [
        {"name": f"song {n}.wav", "mimeType": "audio/wav", "buffer": sound}
        for n, sound in enumerate(sounds)
    ]


def test_twenty_thousand_songs_are_searched_sorted_and_turned_over(
    open_library: OpenPage, store: LibraryStore
) -> None:
    page = open_library()
    expect(page.get_by_text(f"{N_SONGS:,} songs; 1 to 50 are shown")).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("album 7")
    page.get_by_role("textbox", name="Search").press("Enter")
    wanted = SongFilter(text="album 7")
    n_found = store.count(wanted)
    expect(page.get_by_text(f"{n_found:,} songs; 1 to 50 are shown")).to_be_visible()
    page.get_by_role("combobox", name="Sort by").click()
    page.get_by_role("option", name="confidence", exact=True).click()
    page.wait_for_url(re.compile("sort=confidence"))
    page.get_by_text("Descending").click()
    page.wait_for_url(re.compile("down="))
    settled(page)
    page.get_by_label("Next page").click()
    page.wait_for_url(re.compile("page=2"))
    settled(page)
    expect(page.get_by_text(f"{n_found:,} songs; 51 to 100 are shown")).to_be_visible()

    table = page.locator(".st-key-library_table [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    expect(table.locator("canvas").first).to_be_visible()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    page.wait_for_url(re.compile("song="))
    (song,) = store.songs(wanted, sort="confidence", descending=True, offset=50, limit=1)
    assert query(page)["song"] == str(song.id)
    opened = page.locator(".st-key-library_one_song")
    expect(opened).to_contain_text(song.label)
    bars = opened.locator(".js-plotly-plot .barlayer .trace").first.locator(".point")
    expect(bars).to_have_count(song.n_frames)
    expect(opened).to_contain_text("cannot be opened from here")


def test_a_dot_of_the_map_opens_its_song(open_library: OpenPage, store: LibraryStore) -> None:
    page = open_library("part=map")
    expect(page.locator(".st-key-library_map .gl-canvas").first).to_be_attached()
    page.locator(".st-key-library_map").scroll_into_view_if_needed()
    place = song_on_map(page)
    label = page.locator(".st-key-library_map .hoverlayer .hovertext").text_content()
    page.mouse.click(*place)
    page.wait_for_url(re.compile("song="))
    song = store.song(int(query(page)["song"]))
    assert song is not None
    assert label is not None
    assert song.label in label
    expect(page.locator(".st-key-library_one_song")).to_contain_text(song.label)


def test_a_dot_opens_its_song_on_the_other_page_if_its_file_is_at_hand(
    open_library: OpenPage, wav_bytes: Callable[..., bytes]
) -> None:
    page = open_library()
    drop(page, files(wav_bytes, 20.0))
    expect(page.get_by_text("7 songs; 1 to 7 are shown")).to_be_visible()
    page.locator(".st-key-library_part").get_by_text("Map").click()
    page.wait_for_url(re.compile("part=map"))
    settled(page)
    songs = page.locator(".st-key-library_map")
    expect(songs.locator(".gl-canvas").first).to_be_attached()
    songs.scroll_into_view_if_needed()
    x, y = songs.locator(".js-plotly-plot").evaluate(FIRST_DOT)
    page.mouse.move(x, y)
    label = songs.locator(".hoverlayer .hovertext").text_content()
    assert label is not None
    page.mouse.click(x, y)
    song = page.locator("h1.gr-song")
    expect(page.locator(".gr-genre")).to_be_visible()
    expect(song).to_have_text(label[: len("song 0")])

    # The way back shows the map again, and the keyboard does the same.
    page.get_by_role("link", name="Library").click()
    expect(page.locator(".st-key-library_one_song")).to_contain_text(label[: len("song 0")])
    settled(page)
    other = "song 7" if label.startswith("song 0") else "song 0"
    page.get_by_role("combobox", name="Song", exact=True).focus()
    page.keyboard.type(other)
    page.keyboard.press("Enter")
    expect(song).to_have_text(other)
    expect(page.locator(".gr-genre")).to_be_visible()


def test_a_playlist_and_an_export_come_as_files(
    open_library: OpenPage, store: LibraryStore
) -> None:
    page = open_library("part=lists&q=album+7&genres=jazz")
    with page.expect_download() as download:
        press(page, "library_list_download")
    lines = download.value.path().read_text("utf-8").splitlines()
    best = store.songs(
        SongFilter(genres=("jazz",), unlike_training=False),
        sort="confidence",
        descending=True,
        limit=30,
    )
    assert lines[0] == "#EXTM3U"
    assert [line for line in lines if not line.startswith("#")] == [song.path for song in best]
    with page.expect_download() as download:
        press(page, "library_export_csv")
    table = download.value.path().read_text("utf-8").splitlines()
    assert len(table) == 1 + store.count(SongFilter(text="album 7", genres=("jazz",)))


def test_eight_files_at_once_one_of_them_bad(
    open_library: OpenPage, wav_bytes: Callable[..., bytes], tmp_path: Path
) -> None:
    page = open_library()
    songs = drop(page, files(wav_bytes, 20.0))
    expect(songs).to_have_count(8)
    expect(page.get_by_text("7 songs analysed, 1 cannot be read")).to_be_visible()
    expect(songs.nth(2)).to_contain_text("cannot be read as sound")
    expect(page.locator(".gr-queue .gr-spark")).to_have_count(7)
    expect(page.get_by_text("7 songs; 1 to 7 are shown")).to_be_visible()
    page.locator(".st-key-library_part").get_by_text("Playlists and files").click()
    page.wait_for_url(re.compile("part=lists"))
    settled(page)
    with page.expect_download() as download:
        press(page, "library_export_store")
    download.value.save_as(tmp_path / "mine.db")
    with LibraryStore.open(tmp_path / "mine.db") as mine:
        assert [song.path for song in mine.songs()] == [f"song {n}.wav" for n in range(8) if n != 2]
        (first,) = mine.songs(limit=1)

    # Its songs open on the other page, and the way back finds the library again.
    page.locator(".st-key-library_part").get_by_text("Songs", exact=True).click()
    expect(page.locator(".st-key-library_table")).to_be_visible()
    settled(page)
    page.get_by_role("combobox", name="Song", exact=True).focus()
    page.keyboard.type("song 0")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("song="))
    press(page, "library_analyse")
    expect(page.locator(".gr-genre")).to_contain_text(first.genre)
    expect(page.locator("h1.gr-song")).to_have_text("song 0")
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_text("7 songs; 1 to 7 are shown")).to_be_visible()

    # Another session does not see them, and opens the store that was kept.
    other = open_library("store=dropped")
    expect(other.get_by_text("There is none")).to_be_visible()
    other.get_by_text("Another library").click()
    other.locator("[class*=st-key-library_upload] input[type=file]").set_input_files(
        tmp_path / "mine.db"
    )
    expect(other.get_by_text("7 songs; 1 to 7 are shown")).to_be_visible()


def test_cancel_keeps_what_is_done_and_goes_on(
    open_library: OpenPage, wav_bytes: Callable[..., bytes]
) -> None:
    page = open_library()
    drop(page, files(wav_bytes, 30.0))
    bar = page.locator("[data-testid=stProgress]")
    cancel = page.locator(".st-key-library_cancel button:visible")
    expect(bar).to_be_visible()
    press_at_once(bar, r"[1-9]\d* of 8 songs", cancel)
    expect(bar).to_contain_text(re.compile(r"Stopped after [1-7] of 8 songs"))
    press(page, "library_go_on")
    expect(page.get_by_text("7 songs analysed, 1 cannot be read")).to_be_visible()
    press(page, "library_forget")
    expect(page.get_by_text(f"{N_SONGS:,} songs; scores by test")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("part", ["songs", "genres", "map", "lists"])
def test_a_phone_does_not_scroll_sideways(open_library: OpenPage, theme: str, part: str) -> None:
    page = open_library(f"part={part}&song=7", phone=True, theme=theme)
    expect(page.locator("[data-testid=stMainBlockContainer]")).to_be_visible()
    assert not scrolls_sideways(page)
