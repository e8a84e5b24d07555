"""Guess first: the page says nothing of a song until the listener has chosen."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.config import GENRES
from genre_core.ui import guess
from genre_core.ui.songs import demo_songs
from tests.app.test_analyse import has_verdict, html_of, upload

Session = Callable[..., AppTest]
# Title, what to listen for, link, verdict, scores of the player, chart.
CLUES = (
    "Island Morning",
    "Made by a test",
    "island-morning",
    "gr-facts",
    r"\"scores\": [[",
    "spec: ",
)


@pytest.fixture(autouse=True)
def _demos_differ(demo_folder: Path, wav_bytes: Callable[..., bytes]) -> None:
    (demo_folder / "medley.wav").write_bytes(wav_bytes(60.0, 12_000))


def everything(test: AppTest) -> str:
    """Return all that the browser gets of the page, as text."""

    def protos(block) -> list[str]:
        texts = [str(getattr(block, "proto", ""))]
        for child in getattr(block, "children", {}).values():
            texts += protos(child)
        return texts

    return "\n".join(protos(test.main))


def guess_it(test: AppTest, genre: str) -> AppTest:
    return test.get("button_group")[0].set_value(genre).run()


def test_nothing_tells_before_the_guess(app: Session):
    open_page = app(demo="island-morning", fine="0").run()
    assert has_verdict(open_page)  # what is looked for is there without the switch
    shown = everything(open_page) + str(dict(open_page.query_params))
    assert all(clue in shown for clue in CLUES)
    test = app(demo="island-morning", guess="1").run()
    assert not test.exception
    without_styles = re.sub(r"<style>.*?</style>", "", everything(test), flags=re.DOTALL)
    assert not has_verdict(test)
    assert not [clue for clue in CLUES if clue in without_styles]
    assert not test.get("download_button")
    assert not test.get("plotly_chart")
    number = guess.number_of("island-morning", demo_songs())
    assert dict(test.query_params) == {"demo": str(number), "guess": "1"}


def test_the_verdict_stands_beside_the_guess(app: Session):
    test = app(demo="island-morning", guess="1").run()
    guess_it(test, "blues")
    assert not test.exception
    assert has_verdict(test)
    assert "You said" in html_of(test)
    assert re.search(r"You said <span[^>]*>blues<.*written as <span[^>]*>reggae<", html_of(test))
    assert dict(test.query_params) == {"demo": "island-morning", "guess": "1"}
    # Another song is hidden again.
    number = guess.number_of("medley", demo_songs())
    test.button(key=f"guess_other_{number}").click().run()
    assert not has_verdict(test)
    guess_it(test, "No idea")
    assert "You said nothing" in html_of(test)
    assert has_verdict(test)


def test_a_song_of_ones_own_is_not_named(app: Session, wav_bytes: Callable[..., bytes]):
    test = upload(app(guess="1").run(), "heavy metal.wav", wav_bytes(40.0, 12_000))
    assert not test.exception
    assert "heavy" not in everything(test)
    guess_it(test, "metal")
    assert "heavy metal.wav" in html_of(test)
    upload(test, "broken.wav", b"RIFF nothing of use")
    assert "heavy metal.wav" in html_of(test)  # it was guessed before


def test_the_switch_begins_with_the_next_song(app: Session):
    test = app(demo="medley").run()
    test.toggle(key="guess_switch").set_value(True).run()
    assert has_verdict(test)
    assert dict(test.query_params) == {"demo": "medley", "guess": "1"}
    number = guess.number_of("island-morning", demo_songs())
    test.button(key=f"guess_other_{number}").click().run()
    assert not has_verdict(test)
    test.toggle(key="guess_switch").set_value(False).run()
    assert has_verdict(test)


def test_the_first_view_names_no_demo_song(app: Session, demo_folder: Path):
    titles = [
        each["title"] for each in json.loads((demo_folder / "index.json").read_text())["songs"]
    ]
    test = app(guess="1").run()
    assert not any(title in everything(test) for title in titles)
    test.toggle(key="guess_switch").set_value(False).run()
    assert all(title in everything(test) for title in titles)


def test_the_numbers_of_the_demo_songs_do_not_follow_the_genres():
    keys = list(demo_songs())
    assert set(GENRES) < set(keys)
    order = guess.shuffled(keys)
    assert sorted(order) == sorted(keys)
    assert order not in (keys, sorted(keys), sorted(keys, reverse=True))
    assert [guess.key_of(str(guess.number_of(key, keys)), keys) for key in keys] == keys


@pytest.mark.parametrize("number", ["0", "99", "-1", "1.5", "²", "reggae", ""])
def test_no_other_text_is_a_number(number: str):
    assert guess.key_of(number, ["a", "b"]) is None
