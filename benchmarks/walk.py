"""Take the walk of docs/walk.md as a new visitor: its pictures, and how long each step waits.

    python -m benchmarks.walk

Needs Chromium. Every step is taken in one browser window, the last on a phone.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.pictures import PATIENCE_MS, SETTLED, chromium_beside, save_picture
from benchmarks.report import ROOT, commit
from genre_core.training.run_record import machine

OUTPUT = ROOT / "docs" / "walk.md"
PICTURES = ROOT / "docs" / "images"
N_COLOURS = 128
SCREEN = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Step:
    """What one does, what one sees, and how to take it.

    Attributes
    ----------
    at : minutes and seconds since the start, for someone who looks and listens
    take : does it, given the server's address, and returns when its result is there
    heading : the picture begins with it; empty: with the top of the page
    """

    name: str
    at: str
    title: str
    words: str
    take: Callable[[Page, str], None]
    heading: str = ""
    on_phone: bool = False


def first_page(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("heading", name="Or take a demo song").wait_for()


def medley(page: Page, url: str) -> None:
    page.locator("a[href*='demo=medley']").or_(
        page.locator("[class*=st-key-demo] button").filter(has_text="Two Tempers")
    ).first.click()
    page.locator(".gr-verdict").wait_for()


def moments(page: Page, url: str) -> None:
    page.locator(".marks-words").filter(has_text="Most like").wait_for()


def why(page: Page, url: str) -> None:
    page.locator(".st-key-why_begin button").click()
    page.locator(".st-key-why_map .js-plotly-plot").wait_for()


def telephone(page: Page, url: str) -> None:
    page.goto(f"{url}/?demo=medley&lab=3&sound=telephone")
    page.locator(".st-key-lab_bars").wait_for()


def two_songs(page: Page, url: str) -> None:
    page.goto(f"{url}/two-songs")
    page.locator(".player").nth(1).wait_for()
    page.locator(".frames button").first.wait_for()


def test_set(page: Page, url: str) -> None:
    page.goto(f"{url}/test-set")
    page.locator(".st-key-ts_matrix_song .js-plotly-plot").wait_for()


def guess(page: Page, url: str) -> None:
    page.goto(f"{url}/?guess=1&demo=3")
    page.locator(".player").wait_for()


STEPS = (
    Step(
        "first",
        "0:00",
        "Open the page",
        "One place for a song of your own, and what will come of it beside. A file can be dropped "
        "anywhere on the page. With none at hand, take a demo song: “Two Tempers” begins with "
        "strings and ends as metal.",
        first_page,
    ),
    Step(
        "verdict",
        "0:10",
        "Read the verdict",
        "It names two genres, as it is close, and says how sure the network is. The link under it "
        "tells how many songs of the test set were right at such a confidence.",
        medley,
    ),
    Step(
        "moments",
        "0:20",
        "Press play, and watch the colours",
        "Each frame has the colours of its scores; below, the same every two seconds. The marks "
        "under the timeline play where the song is most and least like the genre.",
        moments,
        heading="What it hears, moment by moment",
    ),
    Step(
        "why",
        "0:50",
        "Ask why",
        "Parts of the sound are hidden one by one, and the score is computed anew. What speaks for "
        "the genre is framed on the picture; a click plays it.",
        why,
        heading="Why this genre?",
    ),
    Step(
        "lab",
        "1:10",
        "Change the sound",
        "In the sound lab the metal comes through a telephone. You hear it, and see at once what "
        "the network makes of it, beside the frame as it was.",
        telephone,
        heading="Sound lab",
    ),
    Step(
        "two",
        "1:25",
        "Set another song beside it",
        "Two songs on one time scale, and where they part: genre by genre, and the two frames that "
        "are most alike.",
        two_songs,
    ),
    Step(
        "test-set",
        "1:40",
        "See how often it is wrong",
        "213 songs that it did not learn from. A click on a cell of a matrix lists its songs, to "
        "be looked at one by one.",
        test_set,
    ),
    Step(
        "guess",
        "1:55",
        "Guess first, on a phone",
        "The page says nothing of the song until you have chosen. With “Class”, forty do so at "
        "once, and their matrix stands beside the network's.",
        guess,
        on_phone=True,
    ),
)


def take(page: Page, step: Step, url: str) -> float:
    """Take a step, write its picture, and return the seconds until it was complete."""
    started = time.perf_counter()
    step.take(page, url)
    page.locator(SETTLED).wait_for()
    seconds = time.perf_counter() - started
    page.wait_for_timeout(1_500)  # fonts and the last of the charts
    if step.heading:
        heading = page.get_by_role("heading", name=step.heading)
        heading.evaluate("element => element.scrollIntoView()")
        page.wait_for_timeout(500)
    save_picture(page, picture_of(step), N_COLOURS)
    return seconds


def picture_of(step: Step) -> Path:
    return PICTURES / f"walk-{step.name}.png"


def warm(page: Page, url: str) -> None:
    """Open the first page until the server has its picture of an example."""
    while True:
        page.goto(url)
        page.locator(SETTLED).wait_for()
        if page.locator(".gr-example").count():
            return


def walk(chromium: Browser, url: str) -> list[float]:
    """Take all steps; return the seconds of each."""
    screen, phone = (
        chromium.new_page(viewport=viewport, color_scheme="light") for viewport in (SCREEN, PHONE)
    )
    for page in (screen, phone):
        page.set_default_timeout(PATIENCE_MS)
    warm(screen, url)
    return [take(phone if step.on_phone else screen, step, url) for step in STEPS]


def text(seconds: list[float]) -> str:
    """Return docs/walk.md."""
    parts = [
        "# Two minutes as a new visitor",
        f"Written by `python -m benchmarks.walk`; do not edit by hand. {machine()}; commit "
        f"{commit()}. Behind each heading: when one is there, looking and listening on the way. "
        "Below each picture: how long the page took.",
    ]
    for step, took in zip(STEPS, seconds, strict=True):
        parts += [
            f"## {step.at} {step.title}",
            step.words,
            f"![{step.title}](images/{picture_of(step).name})",
            f"Complete after {took:.1f} s." if took > 0.1 else "Complete by then.",
        ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    with chromium_beside(ROOT / "server.py") as (chromium, url):
        seconds = walk(chromium, url)
    OUTPUT.write_text(text(seconds), "utf-8")
    print(OUTPUT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
