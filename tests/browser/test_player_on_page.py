"""The synced player as a part of a page: other players, new runs, themes and phones."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.layout import scrolls_sideways
from tests.browser.players import OpenPlayers, button, state, wait_until, x_of


def test_two_players_take_turns(open_players: OpenPlayers):
    page = open_players("songs=2&seconds=70&frame=29")
    expect(page.locator(".frames button")).to_have_count(4)
    button(page, "play", 0).click()
    wait_until(page, "audio.currentTime > 5.2", 0)
    page.locator(".player").nth(1).locator(".frames button").nth(1).click()
    wait_until(page, "audio.currentTime > 34.1", 1)
    wait_until(page, "audio.paused", 0)
    first, second = state(page, 0), state(page, 1)
    assert first["source"] != second["source"]
    wait_until(page, "audio.currentTime > 34.5", 1)
    assert state(page, 0)["time"] == first["time"]
    button(page, "play", 0).click()
    wait_until(page, "!audio.paused", 0)
    wait_until(page, "audio.paused", 1)
    assert state(page, 1)["time"] > 34.0


def test_the_page_runs_again_and_the_sound_goes_on(open_players: OpenPlayers):
    page = open_players("seconds=120")
    fetched = []
    page.on("request", lambda r: fetched.append(r.url) if r.url.endswith(".wav") else None)
    page.reload()
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 5.3")
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
    wait_until(page, "audio.currentTime > 6")
    page.get_by_role("button", name="Again").click()
    expect(page.locator("tbody tr").first.locator("td")).to_have_count(7)
    wait_until(page, "!audio.paused && audio.currentTime > 6.2")


def test_the_sound_goes_on_where_the_new_player_is_there_before_the_old_one_goes(
    open_players: OpenPlayers,
):
    page = open_players("pending=1&late=1&seconds=300")
    button(page, "play").click()
    wait_until(page, "audio.currentTime > 6")
    page.get_by_role("button", name="Again").click()
    expect(page.locator(".player")).to_have_count(2)
    expect(page.locator(".player")).to_have_count(1)
    expect(page.locator("tbody tr").first.locator("td")).to_have_count(7)
    wait_until(page, "!audio.paused && audio.currentTime > 6.2")


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
    assert 60 * int(minutes) + int(seconds) == round(state(page)["time"])


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
    page = open_players("windows=1&frame=3", phone=True, theme=theme)
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
