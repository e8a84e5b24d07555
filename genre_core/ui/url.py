"""What a page's URL says: one table of parameters a page reads it and writes it.

A value that does not fit is left out, or moved to the nearest one that does, with a note.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

# Names of the aggregations in links, shorter than those of `aggregate.AGGREGATES`.
AGGREGATIONS: dict[str, str] = {
    "mean": "mean",
    "geometric": "geometric_mean",
    "vote": "majority_vote",
}

View = TypeVar("View")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a URL and the field of the view that it sets.

    Attributes
    ----------
    read : returns the value; raises ValueError or OverflowError where the text is none
    fit : returns the value, the nearest one allowed, or None where none is near
    allowed : the allowed values in words, for the note
    write : returns its text
    always : whether the URL says it even when it has its default
    """

    field: str
    read: Callable[[str], Any]
    fit: Callable[[Any], Any]
    allowed: str
    write: Callable[[Any], str] = "{:g}".format
    always: bool = False


def text(field: str) -> Parameter:
    """Return a parameter of any text."""
    return Parameter(field, str, str, "a name", str)


def one_of(
    field: str,
    values: Iterable[Any],
    read: Callable[[str], Any] = str,
    always: bool = False,
) -> Parameter:
    """Return a parameter of one of a few values."""
    values = tuple(values)
    write = str if read is str else "{:g}".format
    allowed = ", ".join(map(write, values))
    return Parameter(
        field, read, lambda value: value if value in values else None, allowed, write, always
    )


def named(field: str, names: Mapping[str, Any]) -> Parameter:
    """Return a parameter of a few values with other names in URLs: `names` maps these to them."""
    back = {value: name for name, value in names.items()}
    return Parameter(
        field, lambda name: names.get(name), lambda value: value, ", ".join(names), back.__getitem__
    )


def between(field: str, read: Callable[[str], Any], low: float, high: float) -> Parameter:
    """Return a parameter of a number in a range; any other is left out."""
    return Parameter(
        field,
        read,
        lambda value: value if low <= value <= high else None,  # NaN fails the comparison
        f"{low:g} to {high:g}",
        str if read is int else "{:g}".format,  # whole numbers keep every digit
    )


def nearest(field: str, read: Callable[[str], Any], low: float, high: float) -> Parameter:
    """Return a parameter of a number in a range; another is moved to the nearer end."""
    return Parameter(
        field,
        read,
        lambda value: min(max(value, low), high) if math.isfinite(value) else None,
        f"{low:g} to {high:g}",
    )


def number(field: str) -> Parameter:
    """Return a parameter of any finite number."""
    return Parameter(
        field, float, lambda value: value if math.isfinite(value) else None, "a number"
    )


def read_view(
    query: Mapping[str, str], default: View, parameters: Mapping[str, Parameter]
) -> tuple[View, tuple[str, ...]]:
    """Return the view that a URL asks for, and a sentence for every value changed or left out.

    The sentences quote the URL: they must be escaped before they are shown.

    Parameters
    ----------
    query : the URL's parameters; unknown and empty ones are ignored
    default : what holds where the URL says nothing
    parameters : by their names in the URL
    """
    changes: dict[str, Any] = {}
    notes = []
    for key, parameter in parameters.items():
        written = query.get(key)
        if not written:
            continue
        try:
            value = parameter.read(written)
            fitted = parameter.fit(value)
        except (ValueError, OverflowError):
            fitted = None
        if fitted is None:
            notes.append(f"The link asks for {key} = “{written}”. Allowed: {parameter.allowed}.")
            continue
        changes[parameter.field] = fitted
        if fitted != value:
            notes.append(
                f"The link asks for {key} = “{written}”. It is set to {parameter.write(fitted)}; "
                f"allowed: {parameter.allowed}."
            )
    changed: View = replace(default, **changes)  # type: ignore[type-var]
    return changed, tuple(notes)


def write_view(view: View, default: View, parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """Return the parameters of a URL that asks for `view`; defaults are left out."""
    return {
        key: parameter.write(getattr(view, parameter.field))
        for key, parameter in parameters.items()
        if parameter.always or getattr(view, parameter.field) != getattr(default, parameter.field)
    }
