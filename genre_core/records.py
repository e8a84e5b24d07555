"""Files written whole or not at all, and JSON read strictly into frozen dataclasses.

A field's type says what is accepted; `Annotated[float, Between(0, 1)]` and
`Annotated[str, Size(1, 100)]` narrow it. JSON may come from strangers, so text is limited to
`MAX_TEXT` characters unless a `Size` says otherwise, and numbers must be finite.
"""

import dataclasses
import json
import math
import os
import types
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal, TypeVar, Union, get_args, get_origin
from typing import get_type_hints as type_hints

from genre_core.errors import SettingsError

MAX_TEXT = 2_000  # characters

Record = TypeVar("Record")


@dataclass(frozen=True)
class Between:
    """Limits of a number, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Size:
    """Limits of a text's or list's length, both included."""

    low: int
    high: int


@contextmanager
def atomic_write(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file to write that appears, or replaces the old one, when the block ends.

    After an exception the old file stands as it was. Folders are made. OSError propagates.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex}.partial")
    try:
        with partial.open("xb") as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def make_folder(path: str | Path) -> Path:
    """Make a folder, with those above it, if it is not there; SettingsError if that fails.

    Called before the work whose results go into it.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise SettingsError(f"{path}: a file is where a folder is needed: name another.") from error
    except OSError as error:
        raise SettingsError(
            f"{path}: the folder cannot be made ({error.strerror}): name another."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"{path}: the folder cannot be written in: name another.")
    return folder


def parse_json(text: str | bytes) -> Any:
    """Parse JSON; ValueError where it is not, also for NaN, infinity and too deep a nesting."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not readable as JSON ({error})") from error


def read_json(path: str | Path, max_bytes: int) -> Any:
    """Read a JSON file of at most `max_bytes`; ValueError says why it cannot be read."""
    path = Path(path)
    try:
        if path.stat().st_size > max_bytes:
            raise ValueError(f"larger than {max_bytes // 2**20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror})") from error
    return parse_json(data)


def build(record: type[Record], value: Any, name: str = "") -> Record:
    """Build the dataclass `record` from a JSON object that has its fields and no others.

    A field with a default may be missing. ValueError names the field and what was expected;
    `name` is the object's own place, e.g. "provenance".
    """
    place = name or "the record"
    if not isinstance(value, dict):
        raise ValueError(f"{place} must be an object")
    items = {item.name: item for item in dataclasses.fields(record)}  # type: ignore[arg-type]
    unknown = sorted(value.keys() - items.keys())
    if unknown:
        raise ValueError(f"{place} has an unknown field {unknown[0][:100]!r}")
    required = {
        key
        for key, item in items.items()
        if item.default is MISSING and item.default_factory is MISSING
    }
    missing = sorted(required - value.keys())
    if missing:
        raise ValueError(f"{place} has no field {missing[0]!r}")
    prefix = f"{name}." if name else ""
    kinds = type_hints(record, include_extras=True)
    return record(**{key: _convert(kinds[key], value[key], prefix + key) for key in value})


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _convert(kind: Any, value: Any, name: str) -> Any:
    limits: tuple[Any, ...] = ()
    if get_origin(kind) is Annotated:
        kind, *rest = get_args(kind)
        limits = tuple(rest)
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if dataclasses.is_dataclass(kind):
        return build(kind, value, name)  # type: ignore[arg-type]
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        [only] = [item for item in arguments if item is not type(None)]
        return _convert(only, value, name)
    if origin is Literal:
        if value not in arguments:
            raise ValueError(f"{name} must be one of {', '.join(map(str, arguments))}")
        return value
    if kind is str:
        return _text(value, name, limits)
    if kind is bool:
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false")
        return value
    if kind in (int, float):
        return _number(kind, value, name, limits)
    if origin is tuple:
        return _items(arguments, value, name, limits)
    if origin in (dict, Mapping):
        if not isinstance(value, dict):
            raise ValueError(f"{name} must be an object")
        return {key: _convert(arguments[1], item, f"{name}.{key}") for key, item in value.items()}
    raise TypeError(f"{name}: {kind} cannot be read from JSON")


def _text(value: Any, name: str, limits: tuple[Any, ...]) -> str:
    size = next((item for item in limits if isinstance(item, Size)), Size(0, MAX_TEXT))
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text")
    if not size.low <= len(value) <= size.high:
        raise ValueError(f"{name} must have {_range(size)} characters")
    return value


def _number(kind: type, value: Any, name: str, limits: tuple[Any, ...]) -> float:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole and not (kind is float and isinstance(value, float)):
        raise ValueError(f"{name} must be a {'whole ' if kind is int else ''}number")
    bounds = next((item for item in limits if isinstance(item, Between)), None)
    if bounds is not None and not bounds.low <= value <= bounds.high:
        raise ValueError(f"{name} must be {_range(bounds)}")
    try:
        is_finite = math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        is_finite = False
    if not is_finite:
        raise ValueError(f"{name} must be finite")
    return float(value) if kind is float else value


def _items(
    kinds: tuple[Any, ...], value: Any, name: str, limits: tuple[Any, ...]
) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list")
    size = next((item for item in limits if isinstance(item, Size)), None)
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(value)
    elif size is None:
        size = Size(len(kinds), len(kinds))
    if size is not None and not size.low <= len(value) <= size.high:
        raise ValueError(f"{name} must have {_range(size)} items")
    pairs = enumerate(zip(kinds, value, strict=True))
    return tuple(_convert(kind, item, f"{name}[{index}]") for index, (kind, item) in pairs)


def _range(limits: Between | Size) -> str:
    if limits.low == limits.high:
        return f"{limits.low:,}"
    if limits.high == math.inf:
        return f"at least {limits.low:,}"
    return f"{limits.low:,} to {limits.high:,}"
