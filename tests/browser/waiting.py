"""Waits that end: each says what was seen where its time is over."""

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 180_000  # a busy machine is slow; no test asserts a time


def wait_for_sound(root: Locator, condition: str) -> None:
    """Wait for a condition on `root`, an element, and `audio`, the sound in it or itself.

    The page keeps the clock: Playwright puts no limit on a script that waits inside it.
    """
    seen = root.evaluate(
        f"""(root, patience) => new Promise(resolve => {{
            const audio = root.matches('audio') ? root : root.querySelector('audio');
            const until = performance.now() + patience;
            const look = () => {{
                if ({condition}) resolve(null);
                else if (performance.now() < until) setTimeout(look, 15);
                else resolve({{
                    paused: audio.paused, currentTime: audio.currentTime, ended: audio.ended,
                    duration: audio.duration, seeking: audio.seeking, error: audio.error?.code,
                    readyState: audio.readyState, networkState: audio.networkState,
                    onPage: root.isConnected,
                }});
            }};
            look();
        }})""",
        PATIENCE_MS,
    )
    assert seen is None, f"waited in vain for {condition}; the sound: {seen}"


def press_at_once(shows: Locator, pattern: str, button: Locator) -> None:
    """Press a button as soon as an element shows a text; a slow test would come too late.

    `pattern` is a regular expression in JavaScript.
    """
    pressed = button.element_handle().evaluate(
        """(button, [shows, pattern, patience]) => new Promise(resolve => {
            const until = performance.now() + patience;
            const look = () => {
                const is_due = new RegExp(pattern).test(shows.textContent);
                if (is_due) button.click();
                if (is_due || performance.now() > until) resolve(is_due);
                else setTimeout(look, 15);
            };
            look();
        })""",
        [shows.element_handle(), pattern, PATIENCE_MS],
    )
    assert pressed, f"waited in vain for {pattern!r}; seen: {shows.text_content()!r}"


def settled(page: Page) -> None:
    """Wait until no run of the script is going on."""
    expect(page.locator("[data-testid=stApp]")).to_have_attribute(
        "data-test-script-state", "notRunning"
    )
