"""The page "How it works" in Chromium, as a class walks through it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from genre_core.ui.pages.lesson.steps import STEPS
from genre_core.ui.songs import demo_songs
from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import settled

OpenPage = Callable[..., Page]
PATH = "/how-it-works"


def is_sound(page: Page, title: str) -> None:
    """Wait for a step to be drawn; nothing of it may be broken or stand over the edge."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    settled(page)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert not scrolls_sideways(page)


@pytest.mark.parametrize(
    ("phone", "theme"), [(False, "light"), (True, "dark")], ids=["wide", "phone"]
)
def test_a_class_walks_through_all_steps(open_page: OpenPage, phone: bool, theme: str):
    page = open_page(PATH, phone=phone, theme=theme)
    for step in STEPS.values():
        is_sound(page, step.title)
        page.wait_for_url(re.compile(f"step={step.key}"))
        # One starts to read at the top.
        page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop < 5")
        if step.key != list(STEPS)[-1]:
            page.locator(".st-key-lesson_next_end button").click()
    # The last step ends in something to do.
    page.locator(".st-key-lesson_end").get_by_role("link", name="Guess the genre").click()
    page.wait_for_url(re.compile("guess=1"))


def test_arrow_keys_turn_the_pages_but_not_from_a_control(open_page: OpenPage):
    page = open_page(f"{PATH}?step=stft")
    is_sound(page, STEPS["stft"].title)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    is_sound(page, STEPS["mel"].title)
    page.keyboard.press("ArrowLeft")
    is_sound(page, STEPS["stft"].title)
    page.get_by_role("combobox", name="The song of this lesson").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    is_sound(page, STEPS["mel"].title)  # one page on, not two


def test_a_step_is_a_link_that_a_teacher_can_share(open_page: OpenPage):
    page = open_page(f"{PATH}?step=stft&demo=reggae&n_fft=2048")
    is_sound(page, STEPS["stft"].title)
    expect(page.locator(".st-key-lesson_n_fft")).to_contain_text("2048 samples")
    page.get_by_role("button", name="Link to this step").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(page.url.split("?")[0])
    other = open_page(link.removeprefix(page.url.split("/how")[0]))
    is_sound(other, STEPS["stft"].title)
    expect(other.locator(".st-key-lesson_n_fft")).to_contain_text("2048 samples")
    expect(other.get_by_role("combobox", name="The song of this lesson")).to_have_value(
        re.compile(demo_songs()["reggae"].title)
    )


def test_a_question_keeps_its_answer_until_asked(open_page: OpenPage):
    page = open_page(f"{PATH}?step=decibels")
    is_sound(page, STEPS["decibels"].title)
    answer = page.get_by_text("6.02 dB")
    expect(answer).to_be_hidden()
    page.get_by_text("How many decibels more?").click()
    expect(answer).to_be_visible()
    page.get_by_text("The formula, for those").click()
    expect(page.locator(".katex").first).to_be_visible()
    assert not scrolls_sideways(page)


def test_the_song_of_the_analysis_is_the_song_of_the_lesson(
    open_page: OpenPage, wav_bytes: Callable[..., bytes]
):
    page = open_page("/?t=10")
    file = {"name": "my song.wav", "mimeType": "audio/wav", "buffer": wav_bytes(40.0, 12_000)}
    page.locator("input[type=file]").first.set_input_files(files=[file])
    expect(page.locator(".gr-verdict")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="How it works").click()
    is_sound(page, STEPS["wave"].title)
    expect(page.get_by_role("combobox", name="The song of this lesson")).to_have_value(
        re.compile("my song.wav")
    )
    page.wait_for_function("document.querySelector('audio')?.duration > 2.9")
