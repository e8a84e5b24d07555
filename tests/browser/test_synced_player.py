"""The synced player in Chromium: the sound, the picture, and that they go together."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.layout import scrolls_sideways
from tests.browser.waiting import wait_for_sound

OpenPlayers = Callable[..., Page]
TRIM, FRAME = 5.0, 10.0  # s, of player_app.py by default

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


@pytest.fixture
def open_players(open_page: Callable[..., Page], players_url: str) -> OpenPlayers:
    def opener(query: str = "", **options) -> Page:
        page = open_page(f"/?{query}", base=players_url, **options)
        # The canvas is there before the script that draws on it and makes the buttons.
        expect(page.locator(".frames button").first).to_be_visible()
        return page

    return opener


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


def test_it_plays_and_the_playhead_goes_with_the_sound(open_players: OpenPlayers):
    page = open_players()
    wait_until(page, "audio.readyState > 0")
    start = state(page)
    assert start["duration"] == pytest.approx(40.0, abs=0.01)
    assert start["x"] == pytest.approx(x_of(0.0, start), abs=1)
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 0.6")
    expect(button(page, "play")).to_have_attribute("aria-label", "Pause")
    button(page, "play").click()
    wait_until(page, "audio.paused")
    expect(button(page, "play")).to_have_attribute("aria-label", "Play")
    stopped = state(page)
    assert stopped["time"] > 0.6
    assert stopped["x"] == pytest.approx(x_of(stopped["time"], stopped), abs=1)


def test_while_it_plays_the_playhead_moves_and_the_picture_is_not_drawn_again(
    open_players: OpenPlayers,
):
    page = open_players()
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 0.1")
    player = page.locator(".player")
    player.evaluate(
        """root => {
            const pen = root.querySelector('canvas').getContext('2d');
            const head = root.querySelector('.playhead');
            const watched = root.watched = {ticks: 0, positions: new Set(), drawn: 0};
            for (const name of ['fill', 'fillRect', 'stroke']) {
                const plain = pen[name];
                pen[name] = function (...given) {
                    watched.drawn += 1;
                    return plain.apply(this, given);
                };
            }
            const look = () => {
                watched.positions.add(head.style.transform);
                watched.ticks += 1;
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    wait_until(page, "root.watched.ticks > 40")
    positions, drawn = player.evaluate("({watched}) => [watched.positions.size, watched.drawn]")
    assert positions > 4
    assert drawn == 0


def test_a_click_seeks_and_a_drag_follows(open_players: OpenPlayers):
    page = open_players()
    wait_until(page, "audio.readyState > 0")
    shown = state(page)
    stage = button(page, "stage")
    stage.click(position={"x": x_of(20.0, shown), "y": 80})
    assert state(page)["time"] == pytest.approx(20.0, abs=0.1)
    expect(button(page, "now")).to_have_text("0:20")
    box = stage.bounding_box()
    page.mouse.move(box["x"] + x_of(20.0, shown), box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + x_of(28.0, shown), box["y"] + 90, steps=4)
    assert state(page)["time"] == pytest.approx(28.0, abs=0.1)
    page.mouse.move(box["x"] + 5 * box["width"], box["y"] + 90)  # beyond the end
    page.mouse.up()
    assert state(page)["time"] == pytest.approx(40.0, abs=0.1)
    assert state(page)["paused"]


def test_the_leading_genres_follow_the_playhead(open_players: OpenPlayers):
    page = open_players("silent=1")
    shown = state(page)
    stage = button(page, "stage")
    expect(button(page, "where")).to_have_text("Outside the frames: left out")
    expect(button(page, "leading").locator("li")).to_have_count(0)
    stage.click(position={"x": x_of(8.0, shown), "y": 80})
    expect(button(page, "where")).to_have_text("Frame 1 of 3")
    leading = button(page, "leading").locator("li")
    expect(leading).to_have_count(3)
    percents = [int(text.split()[1]) for text in leading.all_text_contents()]
    assert percents == sorted(percents, reverse=True)
    in_table = page.locator("tbody tr").first.locator("td").all_text_contents()
    assert in_table[3:5] == leading.first.text_content().replace(" ", "\n", 1).split("\n")
    stage.click(position={"x": x_of(18.0, shown), "y": 80})
    expect(button(page, "where")).to_have_text("Frame 2 of 3: silent")
    expect(leading).to_have_count(0)
    assert "silent" in stage.get_attribute("aria-valuetext")


def test_a_frames_button_plays_it_from_start_to_end(open_players: OpenPlayers):
    page = open_players("frame=4&seconds=80")
    frame = page.locator(".frames button").nth(3)  # 17 s to 21 s
    expect(frame).to_have_attribute("title", "Play Frame 4, 0:17 to 0:21: " + best_genre(page, 3))
    frame.click()
    here = "root.querySelectorAll('.frames button')[3].getAttribute('aria-current') === 'true'"
    wait_until(page, f"!audio.paused && audio.currentTime > 17 && {here}")
    wait_until(page, "audio.paused")
    assert state(page)["time"] == pytest.approx(21.0, abs=0.05)
    # Play goes on with the song from there.
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 21.4")


def best_genre(page: Page, frame: int) -> str:
    cells = page.locator("tbody tr").nth(frame).locator("td").all_text_contents()
    return f"{cells[3]} {cells[4]}"


def test_a_frame_is_repeated_on_demand(open_players: OpenPlayers):
    page = open_players("frame=2")
    button(page, "repeat").click()
    expect(button(page, "repeat")).to_have_attribute("aria-pressed", "true")
    page.locator(".frames button").nth(3).click()
    wait_until(page, "audio.currentTime > 12.5")
    wait_until(page, "audio.currentTime < 12")
    assert not state(page)["paused"]
    assert state(page)["time"] >= 11.0
    button(page, "repeat").click()  # now the song goes on
    wait_until(page, "audio.currentTime > 13.2")


def test_the_keyboard_plays_and_steps_by_frame(open_players: OpenPlayers):
    page = open_players()
    stage = button(page, "stage")
    stage.focus()
    for key, time in [
        ("ArrowRight", 5), ("ArrowRight", 15), ("ArrowRight", 25), ("ArrowRight", 25),
        ("ArrowLeft", 15), ("Home", 0), ("End", 40), ("ArrowLeft", 25),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert state(page)["time"] == pytest.approx(time, abs=0.01), key
    assert stage.get_attribute("aria-valuetext").startswith("0:25 of 0:40, Frame 3 of 3, ")
    assert float(stage.get_attribute("aria-valuenow")) == 25.0
    page.keyboard.press("Space")
    wait_until(page, "!audio.paused && audio.currentTime > 25.3")
    page.keyboard.press("Space")
    wait_until(page, "audio.paused")


def test_the_tab_key_stops_once_at_the_frames(open_players: OpenPlayers):
    page = open_players("frame=2")
    button(page, "stage").focus()
    page.keyboard.press("Tab")
    focused = page.locator(".frames button:focus-visible")
    expect(focused).to_have_count(1)
    assert focused.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-frame", "1")
    page.keyboard.press("Space")  # a button's own key: it plays this frame
    wait_until(page, "!audio.paused && audio.currentTime > 7")
    page.keyboard.press("Tab")
    expect(page.locator(".frames button:focus")).to_have_count(0)


def test_two_players_take_turns(open_players: OpenPlayers):
    page = open_players("songs=2&seconds=120&frame=50")
    expect(page.locator(".frames button")).to_have_count(4)
    button(page, "play", 0).click()
    wait_until(page, "audio.currentTime > 0.2", 0)
    page.locator(".player").nth(1).locator(".frames button").nth(1).click()
    wait_until(page, "audio.currentTime > 55.1", 1)
    wait_until(page, "audio.paused", 0)
    first, second = state(page, 0), state(page, 1)
    assert first["source"] != second["source"]
    wait_until(page, "audio.currentTime > 55.5", 1)
    assert state(page, 0)["time"] == first["time"]
    button(page, "play", 0).click()
    wait_until(page, "!audio.paused", 0)
    wait_until(page, "audio.paused", 1)
    assert state(page, 1)["time"] > 55.0


def test_the_page_runs_again_and_the_sound_goes_on(open_players: OpenPlayers):
    page = open_players("seconds=120")
    fetched = []
    page.on("request", lambda r: fetched.append(r.url) if r.url.endswith(".wav") else None)
    page.reload()
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 0.3")
    page.get_by_role("button", name="Again").click()
    expect(page.get_by_text("run 2")).to_be_visible()
    before = state(page)
    assert not before["paused"]
    wait_until(page, f"audio.currentTime > {before['time']} + 0.3")
    expect(page.get_by_text("run 2")).to_be_visible()  # playing itself runs nothing
    assert len(set(fetched)) == 1
    assert len(fetched) <= 3  # parts of one sound, none of them because of the new run


def test_the_sound_goes_on_when_the_scores_arrive(open_players: OpenPlayers):
    page = open_players("pending=1&seconds=300")
    expect(page.locator(".frames button").first).to_have_text("1…")
    expect(page.locator("tbody tr").first.locator("td")).to_have_count(3)
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 1")
    page.get_by_role("button", name="Again").click()
    expect(page.locator("tbody tr").first.locator("td")).to_have_count(7)
    wait_until(page, "!audio.paused && audio.currentTime > 1.2")


def test_the_sound_goes_on_where_the_new_player_is_there_before_the_old_one_goes(
    open_players: OpenPlayers,
):
    page = open_players("pending=1&late=1&seconds=300")
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 1")
    page.get_by_role("button", name="Again").click()
    expect(page.locator(".player")).to_have_count(2)
    expect(page.locator(".player")).to_have_count(1)
    expect(page.locator("tbody tr").first.locator("td")).to_have_count(7)
    wait_until(page, "!audio.paused && audio.currentTime > 1.2")


def test_an_hour_is_drawn_and_sought_in(open_players: OpenPlayers):
    page = open_players("seconds=3600&frame=29.12&windows=1")
    wait_until(page, "audio.readyState > 0")
    shown = state(page)
    button(page, "stage").click(position={"x": x_of(3000.0, shown, 3600.0), "y": 80})
    there = state(page)
    assert there["time"] == pytest.approx(3000.0, abs=5)
    assert there["x"] == pytest.approx(x_of(there["time"], there, 3600.0), abs=1)
    button(page, "play").click()
    wait_until(page, f"audio.currentTime > {there['time']} + 0.3")
    expect(page.locator(".frames button")).to_have_count(123)
    current = page.locator(".frames [aria-current=true]")
    expect(current).to_be_in_viewport()
    button(page, "play").click()
    wait_until(page, "audio.paused")
    minutes, seconds = button(page, "now").text_content().split(":")
    assert 60 * int(minutes) + int(seconds) == int(state(page)["time"])


HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"


def test_a_hostile_name_is_shown_as_text(open_players: OpenPlayers):
    page = open_players(f"title={quote(HOSTILE[:55])}")
    assert page.locator(".player").get_attribute("aria-label") == f"Player: {HOSTILE[:55]}"
    assert page.locator(".player img, .player script").count() == 0
    assert page.title() != "hacked"


def test_what_the_browser_refuses_is_replaced_once(open_page, players_url: str):
    page = open_page("/?broken=1", base=players_url)
    expect(page.get_by_text("run 2")).to_be_visible()
    wait_until(page, "audio.readyState > 0")
    expect(page.locator(".trouble")).to_be_hidden()
    assert state(page)["duration"] == pytest.approx(40.0, abs=0.01)


def test_screen_readers_get_the_frames_as_a_table(open_players: OpenPlayers):
    page = open_players("silent=2")
    table = page.get_by_role("table", name="The frames of the song")
    rows = table.get_by_role("row")
    expect(rows).to_have_count(4)
    assert rows.nth(1).get_by_role("cell").all_text_contents()[:3] == ["1", "0:05", "0:15"]
    assert rows.nth(3).get_by_role("cell").all_text_contents() == ["3", "0:25", "0:35", "silent"]
    assert page.get_by_role("slider", name="Position in the song").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_finger_on_a_phone(open_players: OpenPlayers, theme: str):
    page = open_players("windows=1&frame=2", phone=True, theme=theme)
    wait_until(page, "audio.readyState > 0")
    shown = state(page)
    assert shown["width"] <= 390
    box = button(page, "stage").bounding_box()
    page.touchscreen.tap(box["x"] + x_of(20.0, shown), box["y"] + 70)
    assert state(page)["time"] == pytest.approx(20.0, abs=0.3)
    assert not scrolls_sideways(page)
    for name in ("play", "repeat"):
        size = button(page, name).bounding_box()
        assert min(size["width"], size["height"]) >= 36


def test_the_theme_is_followed(open_players: OpenPlayers):
    corner = "canvas => Array.from(canvas.getContext('2d').getImageData(40, 0, 300, 20).data)"
    ink = {}
    for theme in ("light", "dark"):
        page = open_players(theme=theme)
        pixels = page.locator(".player canvas").evaluate(corner)
        drawn = [pixels[i] for i in range(0, len(pixels), 4) if pixels[i + 3] > 150]
        assert drawn, theme
        ink[theme] = sum(drawn) / len(drawn)
    assert ink["light"] < 80 < 170 < ink["dark"]
