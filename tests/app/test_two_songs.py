"""The page "Two songs", run without a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genre_core.errors import BusyError
from genre_core.inference.analysis import SongAnalysis
from genre_core.ui import services
from genre_core.ui import session as analyse
from genre_core.ui.song_link import SongView
from genre_core.ui.songs import Song

Session = Callable[..., AppTest]


@pytest.fixture
def two_songs(page_sessions: Callable[[str], Session]) -> Session:
    return page_sessions("genre_core.ui.pages.two_songs.page")


def html_of(test: AppTest) -> str:
    return "\n".join(element.proto.body for element in test.get("html"))


def titles(test: AppTest) -> list[str]:
    parts = html_of(test).split('<h2 class="gr-song"><bdi>')[1:]
    return [part.split("</bdi>")[0] for part in parts]


def upload(test: AppTest, number: int, name: str, data: bytes) -> AppTest:
    box = next(each for each in test.file_uploader if f"_drop_{number}_" in each.key)
    box.set_value((name, data, "application/octet-stream"))
    return test.run()


def verdicts(test: AppTest) -> int:
    return html_of(test).count('<div class="gr-verdict')


def test_it_opens_with_two_songs_compared(two_songs: Session) -> None:
    test = two_songs()
    assert not test.exception
    assert titles(test) == ["Medley", "Island Morning"]
    assert verdicts(test) == 2
    assert any("The network calls" in each.value for each in test.markdown)
    (chart,) = test.get("plotly_chart")
    assert chart.proto.alt.count("%") == 20
    assert dict(test.query_params) == {"first": "medley", "second": "island-morning"}
    said = " ".join(each.value for each in test.markdown).replace("\\", "")
    assert "At 0:20 the first song is most like the second at 0:20." in said
    assert "furthest apart" not in said  # one frame each: one pair


def test_shorter_pieces_are_more_pairs(two_songs: Session, counts: dict[str, int]) -> None:
    test = two_songs()
    test.segmented_control(key="two_songs_t").set_value(5.0).run()
    assert not test.exception
    assert counts["decoded"] == 2
    assert any("furthest apart" in each.value for each in test.markdown)
    assert test.query_params["t"] == "5"


def test_swap_changes_the_sides_and_computes_nothing(
    two_songs: Session, counts: dict[str, int]
) -> None:
    test = two_songs()
    before = dict(counts)
    test.button(key="two_songs_swap").click().run()
    assert titles(test) == ["Island Morning", "Medley"]
    assert test.query_params["first"] == "island-morning"
    assert counts == before


def test_another_demo_song_changes_its_side_alone(two_songs: Session) -> None:
    test = two_songs()
    test.button(key="two_songs_1_medley").click().run()
    assert titles(test) == ["Medley", "Medley"]
    assert any("nearly the same" in each.value for each in test.markdown)


def test_a_file_is_taken_by_its_side_and_is_not_in_the_link(
    two_songs: Session, wav_bytes: Callable[..., bytes]
) -> None:
    test = two_songs()
    upload(test, 1, "<i>mine</i>.wav", wav_bytes(40.0, 12_000))
    assert not test.exception
    assert titles(test) == ["Medley", "&lt;i&gt;mine&lt;/i&gt;.wav"]
    assert dict(test.query_params) == {"first": "medley", "second": "own"}


def test_a_bad_file_is_an_error_on_its_side_and_the_songs_stay(
    two_songs: Session, wav_bytes: Callable[..., bytes]
) -> None:
    test = two_songs()
    upload(test, 0, "bad.mp3", b"no sound" * 99)
    assert not test.exception
    (error,) = test.error
    assert "bad.mp3" in error.value.replace("\\", "")
    assert "Below is still your last song." in error.value
    assert titles(test) == ["Medley", "Island Morning"]
    assert verdicts(test) == 2
    assert test.query_params["first"] == "medley"
    upload(test, 0, "good.wav", wav_bytes(40.0, 12_000))
    assert not test.error
    assert titles(test) == ["good.wav", "Island Morning"]


def test_a_full_queue_is_said_on_its_side(
    two_songs: Session, monkeypatch: pytest.MonkeyPatch, wav_bytes: Callable[..., bytes]
) -> None:
    test = two_songs()
    analyse_it = services.analyse

    def full_for_new_songs(song: Song, *more: Any) -> SongAnalysis:
        if song.demo is None:
            raise BusyError("The queue is full. Try again in a few minutes.")
        return analyse_it(song, *more)

    monkeypatch.setattr(services, "analyse", full_for_new_songs)
    upload(test, 1, "mine.wav", wav_bytes(40.0, 12_000))
    assert not test.exception
    assert "Try again in a few minutes" in test.error[0].value
    assert titles(test) == ["Medley", "Island Morning"]
    assert verdicts(test) == 2


def test_a_link_to_an_own_file_says_that_it_is_not_there(two_songs: Session) -> None:
    test = two_songs(first="own", second="medley")
    assert "somebody’s own file" in test.warning[0].value
    assert titles(test) == ["Island Morning", "Medley"]


def test_an_unknown_song_is_said_and_replaced(two_songs: Session) -> None:
    test = two_songs(second="<b>polka</b>")
    assert "polka" in test.warning[0].value
    assert "<b>" not in test.warning[0].value
    assert verdicts(test) == 2


def test_the_song_of_the_first_page_comes_along(
    two_songs: Session, wav_bytes: Callable[..., bytes]
) -> None:
    test = two_songs()
    song = Song.from_bytes("mine.wav", wav_bytes(40.0, 12_000))
    test.session_state["analyse_state"] = analyse.Session(SongView(), song=song)
    test.query_params.clear()
    test.query_params["first"] = "analysed"
    test.run()
    assert not test.exception
    assert not test.warning
    assert titles(test) == ["mine.wav", "Island Morning"]  # the second one stays
    assert dict(test.query_params) == {"first": "own", "second": "island-morning"}


def test_no_song_of_the_first_page_is_said(two_songs: Session) -> None:
    test = two_songs(first="analysed")
    assert "None is open there" in test.warning[0].value
    assert verdicts(test) == 2


def test_the_first_page_links_to_it(app: Session) -> None:
    test = app(demo="medley", t="10").run()
    (link,) = [each for each in test.get("page_link") if "Compare" in each.proto.label]
    assert link.proto.query_string == "first=analysed&t=10"


def test_without_demo_songs_it_asks_for_songs(
    two_songs: Session, demo_folder, wav_bytes: Callable[..., bytes]
) -> None:
    (demo_folder / "index.json").unlink()
    test = two_songs()
    assert not test.exception
    assert "Choose the first song" in html_of(test)
    assert "Choose the second song" in html_of(test)
    upload(test, 0, "mine.wav", wav_bytes(40.0, 12_000))
    assert not test.exception
    assert titles(test) == ["mine.wav"]
    assert "Choose the second song" in html_of(test)
