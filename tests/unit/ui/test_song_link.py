"""Links to the page and foreign text: pure functions of genre_core.ui."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.config import FrameSettings
from genre_core.inference.aggregate import AGGREGATES
from genre_core.ui import songs
from genre_core.ui.components import text
from genre_core.ui.song_link import PARAMETERS, SongView
from genre_core.ui.url import AGGREGATIONS, read_view, write_view


def read(query: dict[str, str]) -> tuple[SongView, tuple[str, ...]]:
    return read_view(query, SongView(), PARAMETERS)


def write(view: SongView) -> dict[str, str]:
    return write_view(view, SongView(), PARAMETERS)


def test_an_empty_link_is_the_papers_view():
    assert read({}) == (SongView(), ())
    assert write(SongView()) == {}


def test_every_aggregation_has_a_name_in_links():
    assert set(AGGREGATIONS.values()) == set(AGGREGATES)


@given(
    demo=st.sampled_from([None, "reggae", "a b&c"]),
    t=st.floats(3.0, 29.12).map(lambda t: round(t, 2)),
    n=st.integers(0, 60).map(float),
    aggregation=st.sampled_from(sorted(AGGREGATES)),
)
def test_a_link_and_its_view_are_one(demo: str | None, t: float, n: float, aggregation: str):
    view = SongView(demo, t, n, aggregation)
    assert read(write(view)) == (view, ())


@given(st.dictionaries(st.sampled_from(["demo", "t", "n", "agg", "x"]), st.text()))
def test_any_link_gives_a_possible_view(query: dict[str, str]):
    view, _ = read(query)
    assert 3.0 <= view.frames.frame_seconds <= 29.12
    assert 0.0 <= view.frames.trim_seconds <= 60.0
    assert view.aggregation in AGGREGATES


@pytest.mark.parametrize(
    ("query", "settings"),
    [
        ({"t": "1"}, FrameSettings(frame_seconds=3.0)),
        ({"t": "1e9"}, FrameSettings(frame_seconds=29.12)),
        ({"n": "-1"}, FrameSettings(trim_seconds=0.0)),
        ({"n": "61"}, FrameSettings(trim_seconds=60.0)),
        ({"t": "nan"}, FrameSettings()),
        ({"t": "10,5"}, FrameSettings()),
        ({"n": "inf"}, FrameSettings()),
    ],
)
def test_impossible_values_are_mended_with_a_note(query: dict[str, str], settings: FrameSettings):
    view, notes = read(query)
    assert view.frames == settings
    assert len(notes) == 1


def test_demo_songs_come_by_key_or_genre(tmp_path: Path):
    (tmp_path / "one.mp3").write_bytes(b"1")
    entry = {"title": "One", "genres": ["reggae"], "seconds": 70, "listen_for": "The offbeat."}
    index = {
        "songs": [
            {"name": "one", "file": "one.mp3", **entry},
            {"name": "two", "file": "missing.mp3", **entry},
        ]
    }
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="utf-8")
    found = songs.demo_songs(tmp_path)
    assert list(found) == ["one"]
    assert songs.find_demo("one", found) is songs.find_demo("Reggae ", found) is found["one"]
    assert songs.find_demo("polka", found) is None
    assert found["one"].load().data == b"1"


def test_a_folder_without_index_has_no_demo_songs(tmp_path: Path):
    assert songs.demo_songs(tmp_path) == {}


@given(st.text())
def test_tidy_text_is_one_short_printable_line(foreign: str):
    line = text.tidy(foreign, 40)
    assert 0 < len(line) <= 40
    assert line.isprintable()


def test_tidy_keeps_the_ending_of_a_long_name():
    assert text.tidy("a" * 500 + " (live).mp3").endswith("(live).mp3")


def test_no_line_ends_between_a_number_and_its_unit():
    words = text.unbroken("10 % of 5 parts, 470–920 Hz for 2 s or 3 songs, at 1.5 kHz – so")
    together = ("10\u00a0%", "470–\u2060920\u00a0Hz", "2\u00a0s ", "1.5\u00a0kHz")
    assert all(part in words for part in together)
    assert "5 parts" in words
    assert "3 songs" in words
    assert text.decibels(-60.4) == "−60\u00a0dB"


def test_foreign_text_is_escaped():
    assert text.as_html("<img src=x>") == "<bdi>&lt;img src=x&gt;</bdi>"
    assert text.as_markdown("[a](b) *c* $d$") == r"\[a\]\(b\) \*c\* \$d\$"
    assert text.as_html("exe.\u202e3pm") == "<bdi>exe.3pm</bdi>"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("My Song (live).mp3", "my-song-live"),
        ("../../etc/passwd", "etc-passwd"),
        ("歌.mp3", "song"),
    ],
)
def test_file_stem_is_plain(name: str, stem: str):
    assert text.file_stem(name) == stem


def test_the_stage_is_in_the_link():
    view, notes = read({"stage": "1"})
    assert (view.stage, notes) == (True, ())
    assert write(view) == {"stage": "1"}
    assert read({"stage": "0"}) == (SongView(), ())
