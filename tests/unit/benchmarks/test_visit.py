"""The report of a visit."""

import pytest

from benchmarks.visit import Sent, Start, report

SENT = {"/": Sent(37_900, 1_157_000, 86, 1, 1.5)}


@pytest.mark.parametrize(("first", "word"), [(2.9, "met"), (3.1, "missed")])
def test_a_first_visitor_is_compared_with_later_ones(first: float, word: str) -> None:
    starts = [Start(6.0, first, 2.0), Start(5.0, first + 1.0, 2.5)]
    text = report(starts, SENT, {"/: a control": Sent(5_000, 0, 0, 2, 0.4)})
    assert f"the aim of 1.5 is {word}." in text
    assert "shortest of 2 starts" in text


def test_bytes_are_in_kilobytes() -> None:
    rows = report([Start(5.0, 2.0, 2.0)], SENT, {}).splitlines()
    (row,) = (line for line in rows if line.startswith("| `/`"))
    assert [cell.strip() for cell in row.split("|")[2:-1]] == ["1", "38", "86", "1,157", "1.5"]
