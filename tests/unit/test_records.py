"""Files written whole, and JSON read strictly: every wrong value is named with its field."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.records import (
    MAX_TEXT,
    Between,
    Size,
    atomic_write,
    build,
    parse_json,
    read_json,
)


@dataclass(frozen=True)
class Part:
    name: str
    weight: float


@dataclass(frozen=True)
class Whole:
    title: Annotated[str, Size(1, 5)]
    number: Annotated[int, Between(1, 9)]
    share: Annotated[float, Between(0, 1)] | None
    kind: Literal["a", "b"]
    parts: Annotated[tuple[Part, ...], Size(1, 3)]
    free: dict[str, Any]
    pair: tuple[float, int]
    sure: bool = True


GOOD: dict[str, Any] = {
    "title": "abc",
    "number": 3,
    "share": 1,
    "kind": "a",
    "parts": [{"name": "p", "weight": 2}],
    "free": {"x": [1, None]},
    "pair": [0.5, 2],
}


def test_a_record_is_built_with_the_types_of_its_fields() -> None:
    record = build(Whole, GOOD)
    assert record == Whole("abc", 3, 1.0, "a", (Part("p", 2.0),), {"x": [1, None]}, (0.5, 2))
    assert isinstance(record.share, float)
    assert build(Whole, GOOD | {"share": None, "sure": False}) == replace(
        record, share=None, sure=False
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, "title must have 1 to 5 characters"),
        ({"title": None}, "title must be text"),
        ({"number": 0}, "number must be 1 to 9"),
        ({"number": 3.0}, "number must be a whole number"),
        ({"number": True}, "number must be a whole number"),
        ({"share": 1.5}, "share must be 0 to 1"),
        ({"share": float("nan")}, "share must be 0 to 1"),
        ({"kind": "c"}, "kind must be one of a, b"),
        ({"kind": []}, "kind must be one of a, b"),
        ({"parts": []}, "parts must have 1 to 3 items"),
        ({"parts": [{"name": "p"}]}, r"parts\[0\] has no field 'weight'"),
        ({"parts": [{"name": "p", "weight": "1"}]}, r"parts\[0\].weight must be a number"),
        ({"parts": [{"name": "p", "weight": float("inf")}]}, "must be finite"),
        ({"parts": [{"name": "x" * (MAX_TEXT + 1), "weight": 1}]}, "name must have 0 to 2,000"),
        ({"parts": {}}, "parts must be a list"),
        ({"free": []}, "free must be an object"),
        ({"pair": [1]}, "pair must have 2 items"),
        ({"sure": 1}, "sure must be true or false"),
        ({"more": 1}, "the record has an unknown field 'more'"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        build(Whole, GOOD | change)


@pytest.mark.parametrize("value", [None, [], "text", 3])
def test_what_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="must be an object"):
        build(Whole, value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(field=st.sampled_from(sorted(GOOD)), value=json_values)
def test_any_value_is_read_or_refused_with_the_field(field: str, value: object) -> None:
    reason = field
    try:
        build(Whole, GOOD | {field: value})
    except ValueError as error:
        reason = str(error)
    assert field in reason


@pytest.mark.parametrize("text", ["{", "NaN", "[Infinity]", "[" * 100_000, b"\xff\xfe"])
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError, match="not readable as JSON"):
        parse_json(text)


def test_reading_says_why_it_failed(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    with pytest.raises(ValueError, match="cannot be read"):
        read_json(path, 10)
    path.write_text(json.dumps({"a": 1}))
    assert read_json(path, 100) == {"a": 1}
    with pytest.raises(ValueError, match="larger than 0 MiB"):
        read_json(path, 3)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    with atomic_write(path) as file:
        file.write(b"first")
        assert not path.exists()
    with pytest.raises(TypeError), atomic_write(path) as file:
        file.writelines([b"half of the sec", None])
    assert path.read_bytes() == b"first"
    with atomic_write(path) as file:
        file.write(b"second")
        assert path.read_bytes() == b"first"
    assert path.read_bytes() == b"second"
    assert list(path.parent.iterdir()) == [path]
