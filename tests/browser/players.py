"""What the tests of the synced player read of it and do with it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from tests.browser.waiting import wait_for_sound

OpenPlayers = Callable[..., Page]

# What one player shows and does, read in one go.
STATE = """stage => {
    const root = stage.closest('.player');
    const audio = root.querySelector('audio');
    const head = root.querySelector('.playhead').getBoundingClientRect();
    const canvas = root.querySelector('canvas').getBoundingClientRect();
    return {
        time: audio.currentTime, paused: audio.paused, duration: audio.duration,
        x: head.left + head.width / 2 - canvas.left, width: canvas.width,
        source: audio.currentSrc,
    };
}"""
# Where the song starts and ends in the picture: as stageLayout says, at either width.
LEFT_WIDE, RIGHT_WIDE, LEFT_PHONE, RIGHT_PHONE = 38, 8, 30, 4


def state(page: Page, index: int = 0) -> dict:
    return page.locator(".stage").nth(index).evaluate(STATE)


def wait_until(page: Page, condition: str, index: int = 0) -> None:
    """Wait for a condition on `audio` and `root`, of the player of that number."""
    wait_for_sound(page.locator(".player").nth(index), condition)


def button(page: Page, name: str, index: int = 0) -> Locator:
    return page.locator(".player").nth(index).locator(f".{name}")


def x_of(time: float, shown: dict, duration: float = 40.0) -> float:
    wide = shown["width"] >= 560
    left, right = (LEFT_WIDE, RIGHT_WIDE) if wide else (LEFT_PHONE, RIGHT_PHONE)
    return left + time / duration * (shown["width"] - left - right)
