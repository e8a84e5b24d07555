"""A report that lives alone: nothing from elsewhere, names as text, sound within its bound."""

import base64
import re

import pytest

from genre_core.inference import aggregate
from genre_core.plots import report
from genre_core.plots.class_sheet import MOST_FRAMES, class_sheet_html
from tests.unit.plots.test_plots import GENRES, make_song

HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)> & co"


@pytest.fixture(scope="module")
def made() -> tuple:
    song = make_song(4, silent=(1,))
    return song, aggregate.verdict(song.scores, GENRES)


def test_a_report_asks_for_nothing_and_shows_names_as_text(made: tuple):
    page = report.report_html(*made, "<b>sure", HOSTILE, ["<i>remark"])
    assert "<script" not in page  # without a sound there is none
    assert "<img" not in page
    assert "<b>sure" not in page
    assert "<i>remark" not in page
    assert "default-src 'none'" in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert page.count("<svg") == 2
    assert page.count("<th scope='row'>") == 4


def test_the_sound_is_in_the_report_and_bounded(made: tuple):
    page = report.report_html(*made, "", HOSTILE, sound=report.Sound(b"sound", "audio/mpeg"))
    assert f"data:audio/mpeg;base64,{base64.b64encode(b'sound').decode()}" in page
    assert page.count("<script") == 1
    too_large = report.Sound(bytes(report.MAX_SOUND_BYTES + 1), "audio/mpeg")
    with pytest.raises(ValueError, match="bytes of sound"):
        report.report_html(*made, "", "song", sound=too_large)


def test_the_sheet_gives_nothing_away_before_its_solution(made: tuple):
    song, verdict = made
    page = class_sheet_html(song, verdict, HOSTILE)
    sheet, solution = page.split('class="solution"')
    assert "<script" not in page
    assert "%" not in sheet.split("</style>")[1]
    assert sheet.count("<th scope='row'>") == solution.count("<th scope='row'>") == 3  # with sound
    assert f"<b>{verdict.genre}</b>" in solution
    assert sheet.count(f"☐ {verdict.genre}") == sheet.count(f"☐ {GENRES[0]}")


@pytest.mark.parametrize(
    ("n_frames", "n_rows", "left_out"),
    [
        (MOST_FRAMES, MOST_FRAMES, None),
        (MOST_FRAMES + 1, MOST_FRAMES, "The last part is left out"),
        (MOST_FRAMES + 5, MOST_FRAMES, "The last 5 parts are left out"),
    ],
)
def test_the_sheet_has_a_row_for_each_frame_and_says_what_is_left_out(
    n_frames: int, n_rows: int, left_out: str | None
):
    song = make_song(n_frames + 1, frame_seconds=3.0, silent=(2,))  # the silent one has no row
    page = class_sheet_html(song, aggregate.verdict(song.scores, GENRES), "song")
    sheet, solution = page.split('class="solution"')
    assert sheet.count("<th scope='row'>") == solution.count("<th scope='row'>") == n_rows
    assert "<th scope='row'>3</th>" not in page
    assert ("left out" in page) == (left_out is not None)
    assert (left_out or "") in sheet


@pytest.mark.parametrize(
    ("silent", "said"),
    [
        ((), None),
        ((1,), "1 silent part has no row, so numbers are missing."),
        ((0, 2), "2 silent parts have no row, so numbers are missing."),
    ],
)
def test_the_sheet_says_why_numbers_are_missing(silent: tuple[int, ...], said: str | None):
    song = make_song(5, silent=silent)
    page = class_sheet_html(song, aggregate.verdict(song.scores, GENRES), "song")
    assert ("no row" in page) == (said is not None)
    assert (said or "") in page.split('class="solution"')[0]


def test_only_the_rows_of_many_frames_are_small():
    for n_frames, n_small in ((9, 0), (10, 2)):  # the sheet's table and the solution's
        song = make_song(n_frames, frame_seconds=3.0)
        page = class_sheet_html(song, aggregate.verdict(song.scores, GENRES), "song")
        assert page.count('<table class="small">') == n_small
