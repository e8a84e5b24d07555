"""Names of files in an archive: which are unsafe, and which are equal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.datasets.archive_names import comparable_name, name_fault


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("../a.mp3", ".."),
        ("rock/../../a.mp3", ".."),
        ("./a.mp3", "."),
        ("rock//a.mp3", "empty"),
        ("rock/ ../a.mp3", ".."),
        ("/etc/passwd", "absolute"),
        ("//server/share/a.mp3", "absolute"),
        ("C:/a.mp3", "drive"),
        ("c:a.mp3", "drive"),
        ("rock\\a.mp3", "backslash"),
        ("..\\a.mp3", "backslash"),
        ("rock/a\n.mp3", "invisible"),
        ("rock/a\x00.mp3", "invisible"),
        ("rock/\u202e3pm.exe", "invisible"),
        ("rock/\u200ba.mp3", "invisible"),
        ("rock\uff0fa.mp3", "look-alike"),
        ("rock/\uff3ca.mp3", "backslash"),
        ("\u2024\u2024/a.mp3", ".."),
        ("rock/" + "a" * 300, "255"),
        ("a/" * 600 + "a", "255"),
    ],
)
def test_unsafe_names_are_found(name: str, word: str):
    assert word in name_fault(name)


@pytest.mark.parametrize(
    "name",
    ["rock/a.mp3", "rock/", "rock/Beyoncé – Élan.mp3", "r&b/100% (a..b).mp3", "可/می‌خواهم.ogg"],
)
def test_plain_names_are_not(name: str):
    assert name_fault(name) == ""


plain_parts = st.lists(
    st.text(st.sampled_from("abcäöñéXYZ 0123-_()!"), min_size=1, max_size=12).filter(str.strip),
    min_size=1,
    max_size=4,
)


@given(plain_parts)
def test_plain_names_have_no_fault_and_compare_in_any_normal_form(parts: list[str]) -> None:
    name = "/".join(parts) + ".mp3"
    assert name_fault(name) == ""
    decomposed = unicodedata.normalize("NFD", name)
    assert comparable_name(decomposed) == comparable_name(name)
    assert comparable_name(name.upper()) == comparable_name(name)


@given(plain_parts, st.sampled_from(["..", ".", "", " .. ", "\u2025"]), st.data())
def test_a_name_that_climbs_out_is_refused_wherever_the_dots_stand(
    parts: list[str], dots: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(parts)))
    name = "/".join([*parts[:at], dots, *parts[at:], "song.mp3"])
    assert name_fault(name)
