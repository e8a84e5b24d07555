"""The synced player in Chromium: playing, seeking and the playhead."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.players import OpenPlayers, button, state, wait_until, x_of


def test_it_plays_and_the_playhead_goes_with_the_sound(open_players: OpenPlayers):
    page = open_players()
    wait_until(page, "audio.readyState > 0")
    start = state(page)
    assert start["duration"] == pytest.approx(40.0, abs=0.01)
    # What is before the first frame is left out, so it begins there.
    assert start["x"] == pytest.approx(x_of(5.0, start), abs=1)
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 5.6")
    expect(button(page, "play")).to_have_attribute("aria-label", "Pause")
    button(page, "play").click()
    wait_until(page, "audio.paused")
    expect(button(page, "play")).to_have_attribute("aria-label", "Play")
    stopped = state(page)
    assert stopped["time"] > 5.6
    assert stopped["x"] == pytest.approx(x_of(stopped["time"], stopped), abs=1)


def test_while_it_plays_the_playhead_moves_and_the_picture_is_not_drawn_again(
    open_players: OpenPlayers,
):
    page = open_players()
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 5.1")
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
    expect(button(page, "where")).to_have_text("Frame 1 of 3")
    stage.click(position={"x": x_of(2.0, shown), "y": 80})
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
    page = open_players("frame=3")
    button(page, "repeat").click()
    expect(button(page, "repeat")).to_have_attribute("aria-pressed", "true")
    page.locator(".frames button").nth(3).click()
    wait_until(page, "audio.currentTime > 16.5")
    wait_until(page, "audio.currentTime < 16")
    assert not state(page)["paused"]
    assert state(page)["time"] >= 14.0
    button(page, "repeat").click()  # now the song goes on
    wait_until(page, "audio.currentTime > 17.2")


def test_the_keyboard_plays_and_steps_by_frame(open_players: OpenPlayers):
    page = open_players()
    stage = button(page, "stage")
    stage.focus()
    for key, time in [
        ("ArrowRight", 15), ("ArrowRight", 25), ("ArrowRight", 25),
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


def test_the_keys_work_wherever_the_focus_is_in_no_field(open_players: OpenPlayers):
    page = open_players()
    wait_until(page, "audio.readyState > 0")
    page.get_by_text("run 1").click()
    page.keyboard.press("ArrowRight")
    assert state(page)["time"] == pytest.approx(15, abs=0.01)
    page.keyboard.press("Space")
    wait_until(page, "!audio.paused && audio.currentTime > 15.2")
    page.keyboard.press("Space")
    wait_until(page, "audio.paused")
    page.get_by_role("button", name="Again").focus()
    page.keyboard.press("Space")  # the button's own key
    expect(page.get_by_text("run 2")).to_be_visible()
    assert state(page)["paused"]


def test_with_two_players_the_keys_belong_to_the_one_in_use(open_players: OpenPlayers):
    page = open_players("songs=2")
    expect(page.locator(".player")).to_have_count(2)
    page.get_by_text("run 1").click()
    page.keyboard.press("ArrowRight")
    assert [state(page, i)["time"] for i in range(2)] == [5.0, 5.0]
    button(page, "repeat", 1).click()
    page.get_by_text("run 1").click()
    page.keyboard.press("ArrowRight")
    assert [state(page, i)["time"] for i in range(2)] == [5.0, 15.0]
    button(page, "repeat", 0).click()
    page.get_by_text("run 1").click()
    page.keyboard.press("ArrowRight")
    assert [state(page, i)["time"] for i in range(2)] == [15.0, 15.0]


def test_the_tab_key_stops_once_at_the_frames(open_players: OpenPlayers):
    page = open_players("frame=3")
    button(page, "stage").focus()
    page.keyboard.press("Tab")
    focused = page.locator(".frames button:focus-visible")
    expect(focused).to_have_count(1)
    assert focused.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-frame", "1")
    page.keyboard.press("Space")  # a button's own key: it plays this frame
    wait_until(page, "!audio.paused && audio.currentTime > 8")
    page.keyboard.press("Tab")
    expect(page.locator(".frames button:focus")).to_have_count(0)
