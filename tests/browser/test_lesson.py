"""The page "How it works" in Chromium, as a class walks through it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from genre_core.ui.pages.lesson.steps import STEPS
from genre_core.ui.songs import demo_songs
from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import settled, wait_for_sound

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


# What a step is about, and the way on. The pictures of the sound lab are many: its bars are it.
IN_SIGHT = """() => {
    const names = ['lesson_chart_', 'lesson_lab_bars', 'lesson_turn_end', 'lesson_beside'];
    const all = names.flatMap(n => [...document.querySelectorAll(`[class*="st-key-${n}"]`)]);
    const bar = document.querySelector('.st-key-lesson_turn_end').getBoundingClientRect();
    return {
        height: innerHeight,
        scrolled: document.querySelector('[data-testid=stMain]').scrollTop,
        boxes: all.filter(e => e.checkVisibility()).map(e => {
            const {top, bottom} = e.getBoundingClientRect();
            const isBar = e.classList.contains('st-key-lesson_turn_end');
            return [String(e.className), top, bottom, isBar ? innerHeight : bar.top];
        }),
    };
}"""


@pytest.mark.parametrize("step", STEPS)
def test_a_step_fits_on_one_screen(open_page: OpenPage, step: str):
    page = open_page(f"{PATH}?step={step}")
    is_sound(page, STEPS[step].title)
    seen = page.evaluate(IN_SIGHT)
    assert seen["height"] == 900
    assert seen["scrolled"] == 0
    names = " ".join(name for name, *_ in seen["boxes"])
    assert "lesson_turn_end" in names
    assert "lesson_beside" in names  # the controls
    assert "lesson_chart_" in names or "lesson_lab_bars" in names
    for name, top, bottom, end in seen["boxes"]:
        assert 0 <= top < bottom <= end, (name, top, bottom, end)


PLAYHEAD = """([chart, key]) => {
    const plot = document.querySelector(`.st-key-${chart} .js-plotly-plot`);
    const audio = document.querySelector(`.st-key-${key} audio`);
    const line = plot.querySelector('.chart-playhead');
    const {xaxis, _size} = plot._fullLayout;
    const share = (parseFloat(line.style.left) - _size.l) / _size.w;
    return {
        shown: !line.hidden, time: audio.currentTime, paused: audio.paused,
        seconds: xaxis.range[0] + share * (xaxis.range[1] - xaxis.range[0]),
    };
}"""


@pytest.mark.parametrize(
    ("step", "charts", "sound", "start"),
    [
        ("stft", ["lesson_chart_stft"], "lesson_sound_stft", 76.5),
        ("frames", ["lesson_chart_cut", "lesson_chart_frame"], "lesson_sound_cut_frame", 20.0),
        ("conv", ["lesson_chart_maps"], "lesson_sound_maps", 20.0),
        ("change", ["lesson_lab_draw_0"], "lesson_lab_draw_0_sound", 20.0),
    ],
)
def test_a_playhead_moves_over_the_pictures(
    open_page: OpenPage, step: str, charts: list[str], sound: str, start: float
):
    page = open_page(f"{PATH}?step={step}")
    is_sound(page, STEPS[step].title)
    audio = page.locator(f".st-key-{sound} audio")
    wait_for_sound(audio, "audio.readyState > 0")
    audio.evaluate("audio => audio.play()")
    wait_for_sound(audio, "audio.currentTime > 0.4")
    audio.evaluate("audio => audio.pause()")
    audio.evaluate("audio => { audio.currentTime = 1.5; }")
    wait_for_sound(audio, "audio.paused && !audio.seeking && audio.currentTime === 1.5")
    for chart in charts:
        line = page.locator(f".st-key-{chart} .chart-playhead")
        expect(line).to_have_count(1)
        expect(line).to_be_visible()
        seen = page.evaluate(PLAYHEAD, [chart, sound])
        assert seen["seconds"] == pytest.approx(start + 1.5, abs=0.05)
