"""A run of a component that newer data overtook ends without taking anything with it.

Streamlit ends a run late where data came while the script was loading. That is seldom seen, so the
scripts are run here as it runs them then, without it.
"""

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from genre_core.ui.components import recorder, synced_player
from genre_core.ui.components.synced_player.component import SCRIPTS
from genre_core.ui.components.synced_player.data import GenreStyle, PlayerView, Stretches
from tests.browser.waiting import wait_for_sound

OpenPage = Callable[..., Page]
NO_PAGE = "/_stcore/health"  # of the server, with nothing on it

RUN_TWICE_AND_END_THE_FIRST = """async ([html, script, data]) => {
    const module = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
    const {default: run} = await import(module);
    document.body.innerHTML = html;
    const call = {parentElement: document.body, data, setTriggerValue: () => {}};
    const endFirst = run(call);
    run(call);
    endFirst();
}"""


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    """Chromium with a microphone that beeps."""
    chromium = launch("--use-fake-device-for-media-stream")
    yield chromium
    chromium.close()


def overtake(page: Page, package: Any, html: str, scripts: tuple[str, ...], data: dict) -> None:
    """Show nothing but one component, whose first run was overtaken."""
    folder = Path(package.__path__[0])
    script = "\n".join((folder / name).read_text(encoding="utf-8") for name in scripts)
    html = (folder / html).read_text(encoding="utf-8")
    page.evaluate(RUN_TWICE_AND_END_THE_FIRST, [html, script, data])


def test_the_recorder_still_records(open_page: OpenPage, players_url: str):
    page = open_page(NO_PAGE, base=players_url)
    page.context.grant_permissions(["microphone"])
    limits = {"min_seconds": 3, "good_seconds": 10, "max_seconds": 120, "silence_peak": 0}
    overtake(page, recorder, "recorder.html", ("microphone.js", "recorder.js"), limits)
    page.get_by_role("button", name="Record").click()
    expect(page.locator(".recorder .clock")).to_have_text(re.compile("0:0[1-9]"))


def test_the_player_still_plays(
    open_page: OpenPage, players_url: str, wav_bytes: Callable[..., bytes]
):
    page = open_page(NO_PAGE, base=players_url)
    sound = "data:audio/wav;base64," + base64.b64encode(wav_bytes(60.0, 4_000)).decode()
    view = PlayerView(
        title="a song",
        duration_seconds=60.0,
        lows=(-250,) * 100,
        highs=(250,) * 100,
        genres=(GenreStyle("rock", "roc", "#aa0000", "#ffffff"),),
        frames=Stretches((5.0,), (15.0,), (False,), ((1.0,),)),
        windows=None,
        windows_name="",
        summary="",
        axis_seconds=60.0,
    )
    data = {**view.as_data(), "sound_url": sound}
    overtake(page, synced_player, "player.html", SCRIPTS, data)
    page.get_by_role("button", name="Play", exact=True).click()
    wait_for_sound(page.locator(".player"), "audio.currentTime > 5.3")
