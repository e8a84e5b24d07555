"""The page "Test set" in Chromium: matrices, a cell, its songs and one song's frames."""

import os
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from genre_core.assets import EVALUATIONS_FOLDER
from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.summary import summarise
from genre_core.evaluation.verdicts import outcomes, song_scores
from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import settled

OpenPage = Callable[..., Page]
HEADING = "How good is it"


@pytest.fixture(scope="module")
def score_set() -> ScoreSet:
    """The scores that the page shows first."""
    if "GENRE_EVALUATIONS" in os.environ:
        pytest.skip("GENRE_EVALUATIONS names other score files than the bundled ones")
    return load_score_set(EVALUATIONS_FOLDER / f"{DEFAULT_MODEL}.gtzan-test.json")


def open_test_set(open_page: OpenPage, **how: object) -> Page:
    page = open_page("/test-set", **how)
    expect(page.get_by_role("heading", name=HEADING)).to_be_visible()
    settled(page)
    return page


def matrix(page: Page, unit: str) -> Locator:
    return page.locator(f".st-key-ts_matrix_{unit}")


def numbers(page: Page, unit: str) -> list[str]:
    expect(matrix(page, unit).locator(".textpoint").first).to_be_visible()
    return matrix(page, unit).locator(".textpoint").all_text_contents()


def press_cell(page: Page, unit: str, row: int, column: int, n: int) -> None:
    press_place(matrix(page, unit), row, column, n)


def press_place(figure: Locator, row: int, column: int, n: int) -> None:
    area = figure.locator(".nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    area.click(
        position={"x": box["width"] * (column + 0.5) / n, "y": box["height"] * (row + 0.5) / n}
    )


def query(page: Page) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlparse(page.url).query).items()}


def test_frame_length_changes_the_matrices_and_a_cell_leads_to_frames(
    open_page: OpenPage, score_set: ScoreSet
):
    page = open_test_set(open_page)
    before = numbers(page, "frame")
    page.locator(".st-key-ts_t").get_by_text("3 s", exact=True).click()
    page.wait_for_url(re.compile("t=3"))
    settled(page)
    expect(matrix(page, "frame").locator(".ytick text").first).to_contain_text(
        str(summarise(score_set, 3.0).frame_confusion[0].sum())
    )
    assert numbers(page, "frame") != before

    confusion = summarise(score_set, 3.0).song_confusion
    row, column = divmod(int(confusion.argmax()), len(score_set.genres))
    press_cell(page, "song", row, column, len(score_set.genres))
    page.wait_for_url(re.compile("named="))
    settled(page)
    assert query(page)["true"] == score_set.genres[row]
    assert query(page)["named"] == score_set.genres[column]

    table = page.locator("[class*=st-key-ts_table]").first
    table.scroll_into_view_if_needed()
    expect(table.locator("canvas").first).to_be_visible()  # its rows are drawn after the page
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 20, box["y"] + 52)  # the first row's box, under the header
    page.wait_for_url(re.compile("song="))
    clip = query(page)["song"]
    opened = page.locator(".st-key-ts_song")
    expect(opened).to_contain_text(clip)
    index = [item.clip_id for item in score_set.clips].index(clip)
    assert score_set.clips[index].label == score_set.genres[row]
    frames = opened.locator(".st-key-ts_song_frames")
    bars = frames.locator(".js-plotly-plot .barlayer .trace").first.locator(".point")
    expect(bars).to_have_count(int(score_set.frames[3.0].counts[index]))


def test_a_link_brings_the_whole_view_back_and_the_difference_opens_too(
    open_page: OpenPage, score_set: ScoreSet
):
    page = open_page("/test-set?show=averaging")
    settled(page)
    page.get_by_role("button", name="More").click()
    page.locator(".st-key-ts_cells").get_by_text("% of the named", exact=True).click()
    page.wait_for_url(re.compile("cells=column"))
    settled(page)
    page.get_by_text("Confused genres side by side").click()
    page.wait_for_url(re.compile("order=alike"))
    settled(page)
    page.keyboard.press("Escape")
    order = [
        text.split(" ")[0]
        for text in matrix(page, "song").locator(".ytick text").all_text_contents()
    ]
    assert sorted(order) == sorted(score_set.genres)
    changed = page.locator(".st-key-ts_difference_chart")
    press_place(changed, 2, 4, len(order))
    page.wait_for_url(re.compile("named="))
    assert (query(page)["true"], query(page)["named"]) == (order[2], order[4])
    settled(page)
    beside = page.locator(".st-key-ts_cell")
    expect(beside.get_by_role("combobox", name="True genre")).to_have_value(order[2])
    place, song_matrix = beside.bounding_box(), matrix(page, "song").bounding_box()
    assert place is not None
    assert song_matrix is not None
    assert place["x"] >= song_matrix["x"] + song_matrix["width"]
    assert place["y"] < song_matrix["y"] + song_matrix["height"]

    again = open_page(f"/test-set?{urlparse(page.url).query}")
    settled(again)
    for unit in ("frame", "song"):
        assert numbers(again, unit) == numbers(page, unit)
    assert matrix(again, "song").locator(".shapelayer path").count() == 1


def test_a_broken_song_opens_under_its_list(open_page: OpenPage, score_set: ScoreSet):
    seconds = 3.0
    frames = score_set.frames[seconds]
    broken = outcomes(score_set.labels(), frames, song_scores(frames)).broken
    assert broken.any()
    page = open_page("/test-set?t=3")
    settled(page)
    page.get_by_role("tab", name="Averaging").click()
    page.wait_for_url(re.compile("show=averaging"))
    expect(page.get_by_role("heading", name="Repaired and broken")).to_be_visible()
    table = page.locator(".st-key-ts_broken [data-testid=stDataFrame]")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    page.wait_for_url(re.compile("song="))
    settled(page)
    song = page.locator(".st-key-ts_song")
    expect(song.locator(".st-key-ts_song_verdict .js-plotly-plot")).to_be_visible()
    place, lists = song.bounding_box(), table.bounding_box()
    assert place is not None
    assert lists is not None
    assert place["y"] >= lists["y"] + lists["height"]
    clip = query(page)["song"]
    index = [item.clip_id for item in score_set.clips].index(clip)
    assert broken[index]


@pytest.mark.usefixtures("score_set")
def test_a_cell_is_chosen_by_keyboard(open_page: OpenPage):
    page = open_test_set(open_page)
    page.get_by_role("combobox", name="True genre").focus()
    page.keyboard.type("jazz")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("true=jazz"))
    settled(page)
    page.locator(".st-key-ts_cell").get_by_role("combobox", name="Song").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("song="))
    expect(page.locator(".st-key-ts_song .st-key-ts_song_frames .js-plotly-plot")).to_be_visible()


@pytest.mark.usefixtures("score_set")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_has_the_matrices_one_under_the_other(open_page: OpenPage, theme: str):
    page = open_test_set(open_page, phone=True, theme=theme)
    boxes = []
    for unit in ("frame", "song"):
        expect(matrix(page, unit).locator(".js-plotly-plot")).to_be_visible()
        box = matrix(page, unit).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        boxes.append(box)
    assert boxes[1]["y"] >= boxes[0]["y"] + boxes[0]["height"]
    page.get_by_role("tab", name="How sure").click()
    expect(page.locator(".st-key-ts_coverage .js-plotly-plot")).to_be_visible()
    assert not scrolls_sideways(page)
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
    last = matrix(page, "song").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= 2 * 844  # within the second screen


def test_wide_pages_have_the_matrices_side_by_side_and_give_files(
    open_page: OpenPage, score_set: ScoreSet
):
    page = open_test_set(open_page)
    frame, song = (matrix(page, unit).bounding_box() for unit in ("frame", "song"))
    assert frame is not None
    assert song is not None
    assert song["x"] >= frame["x"] + frame["width"]
    assert abs(song["width"] - frame["width"]) < 5
    assert song["y"] + song["height"] <= 900  # within the first screen
    page.get_by_role("tab", name="Files").click()
    for name, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("json", b"{")):
        with page.expect_download() as download:
            page.locator(f".st-key-ts_download_{name} button:visible").click()
        assert download.value.path().read_bytes().startswith(start)
    with page.expect_download() as download:
        page.locator(".st-key-ts_download_scores button:visible").click()
    kept = load_score_set(download.value.path())
    assert kept.clips == score_set.clips
    assert kept.frames.keys() == score_set.frames.keys()
    for seconds, frames in kept.frames.items():
        assert (frames.scores == score_set.frames[seconds].scores).all()
