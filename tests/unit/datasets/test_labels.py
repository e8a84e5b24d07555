"""Names of genres as people write them, and tables as spreadsheets save them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.config import GENRES
from genre_core.datasets.labels import (
    MAX_TABLE_BYTES,
    SEPARATORS,
    known_label,
    nearest_label,
    read_label_table,
    same_label,
    spelling,
)
from genre_core.errors import DatasetError


@pytest.mark.parametrize("label", ["hip-hop", "Hip Hop", "HIPHOP", "hip_hop", "Híp-Höp"])
def test_the_same_letters_are_the_same_label(label: str):
    assert same_label(label, GENRES) == "hiphop"
    assert nearest_label(label, GENRES) == "hiphop"


@pytest.mark.parametrize(
    ("label", "offered"),
    [
        ("clasical", "classical"),
        ("Metall", "metal"),
        ("Heavy Metal", "metal"),
        ("hip hop music", "hiphop"),
        ("country music", "country"),
        ("reggaeton", "reggae"),
        ("Rock and Roll", "rock"),
        ("rock'n'roll", "rock"),
        ("Electric_Chicago_Blues", "blues"),
    ],
)
def test_a_near_spelling_is_offered_but_not_the_same(label: str, offered: str):
    assert nearest_label(label, GENRES) == offered
    assert same_label(label, GENRES) is None


@pytest.mark.parametrize(
    "label", ["rap", "r'n'b", "folk", "electronic", "soul", "", "???", "雷鬼", "Pop/Rock"]
)
def test_what_is_spelt_like_nothing_is_offered_nothing(label: str):
    assert nearest_label(label, GENRES) is None
    assert same_label(label, GENRES) is None


def test_case_and_outer_spaces_need_no_question():
    assert known_label(" Blues ", GENRES) == "blues"
    assert known_label("hip-hop", GENRES) is None
    assert known_label("drum and bass", ["Drum and Bass"]) == "Drum and Bass"


def pairs(data: bytes) -> list[tuple[str, str]]:
    return [(row.file, row.label) for row in read_label_table(data, "labels.csv")]


EXPECTED = [("a.mp3", "rock"), ("b.mp3", "jazz")]


@pytest.mark.parametrize(
    "text",
    [
        "a.mp3,rock\nb.mp3,jazz\n",
        "file,label\na.mp3,rock\nb.mp3,jazz",
        "a.mp3;rock\r\n\r\nb.mp3;jazz\r\n",
        "Genre\tFilename\nrock\ta.mp3\njazz\tb.mp3\n",
        "path|genre|year\na.mp3|rock|1990\nb.mp3|jazz|\n",
        '"a.mp3","rock"\n b.mp3 , jazz \n,,\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_table_is_read(text: str, encoding: str):
    assert pairs(text.encode(encoding)) == EXPECTED


def test_a_separator_inside_names_does_not_mislead():
    text = "Love, peace.mp3;rock\nYou, me, us.mp3;jazz\nEnd.mp3;pop\n"
    assert [label for _, label in pairs(text.encode())] == ["rock", "jazz", "pop"]


def test_artist_title_and_line_are_kept():
    text = "title,artist,label,file\nSo,Miles,jazz,a.mp3\n\nNo,,rock,b.mp3\n"
    first, second = read_label_table(text.encode(), "labels.csv")
    assert (first.artist, first.title, first.line) == ("Miles", "So", 2)
    assert (second.artist, second.title, second.line) == ("", "No", 4)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "file,label"),
        (b"\n\n", "file,label"),
        (b"a.mp3\nb.mp3\n", "one column"),
        (b"a.mp3,caf\xe9\n", "UTF-8"),
        (b"a.mp3\0,rock\n", "UTF-8"),
        (b"a.mp3," + b"x" * 2_000, "1,000 characters"),
        (b"a.mp3," + b"x" * 200_000, "labels.csv"),
        (b"a,b\n" * 30_000, "30,000 lines"),
        (b"," * (MAX_TABLE_BYTES + 1), "divide"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_refused(data: bytes, word: str):
    with pytest.raises(DatasetError, match=r"labels\.csv") as caught:
        read_label_table(data, "labels.csv")
    assert word in str(caught.value)


cells = st.text(
    st.characters(categories=("L", "N"), include_characters=" -'/.,;\t|"), min_size=1, max_size=20
).filter(lambda text: text.strip() == text)


@given(
    st.lists(st.tuples(cells, cells), min_size=1, max_size=8),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_with_a_header_is_read_back(
    rows: list[tuple[str, str]], separator: str, encoding: str
) -> None:
    # Another separator inside the cells may fit as well as the one meant; spreadsheets quote it.
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([("file", "label"), *rows])
    table = read_label_table(text.getvalue().encode(encoding), "t.csv")
    assert [(row.file, row.label) for row in table] == rows


@given(st.sampled_from(GENRES), st.text(st.sampled_from(" -_/&'"), max_size=2), st.data())
def test_case_and_marks_between_letters_do_not_change_a_label(
    genre: str, mark: str, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(genre)))
    written = f"{genre[:cut].upper()}{mark}{genre[cut:]}"
    assert same_label(written, GENRES) == genre
    assert spelling(spelling(written)) == spelling(written)
