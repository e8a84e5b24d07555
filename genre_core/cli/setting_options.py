"""The options of `train`: one for each field of `TrainingSettings`, with the help beside it."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from genre_core.errors import SettingsError
from genre_core.training.augmentation_settings import NO_AUGMENTATION
from genre_core.training.settings import TrainingSettings, read_stages

MERGED = ("hyperparameters", "augmentation")  # with those of the file; other options replace them


def add_setting_options(parser: argparse.ArgumentParser) -> None:
    """Add --settings, and an option for each training setting."""
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help='JSON file with any of the settings below, or {"stages": [...]} with a list of them; '
        "the options here win, in every stage",
    )
    parser.add_argument(
        "--last-stage",
        action="store_true",
        help="of the stages in the file, the last one alone; --init names the network that the "
        "stage before gave",
    )
    groups: dict[str, argparse._ArgumentGroup] = {}
    hints = get_type_hints(TrainingSettings)
    defaults = TrainingSettings()
    for item in fields(TrainingSettings):
        name = item.metadata["group"]
        if name not in groups:
            groups[name] = parser.add_argument_group(name)
        groups[name].add_argument(
            f"--{item.name.replace('_', '-')}",
            help=f"{item.metadata['help']} (default: {_text(getattr(defaults, item.name))})",
            **_argument(hints[item.name]),
        )
    groups["examples"].add_argument(
        "--no-augmentation", action="store_true", help="frames of 29.12 s as they are"
    )


def chosen_settings(args: argparse.Namespace) -> list[TrainingSettings]:
    """Return the settings of each stage: those of the file, replaced by the options given.

    --init is for the first stage; each other stage starts from the one before.

    Raises SettingsError if the file or an option cannot be used.
    """
    stages = read_stages(args.settings) if args.settings else [{}]
    if args.last_stage:
        stages = stages[-1:]
    return [
        TrainingSettings.from_record(_with_options(record, args, first=number == 0))
        for number, record in enumerate(stages)
    ]


def pairs(texts: Sequence[str]) -> dict[str, Any]:
    """Return KEY=VALUE as a dict; a value that is not JSON is text."""
    values: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise SettingsError(f"{text!r} is not of the form KEY=VALUE.")
        try:
            values[key] = json.loads(value)
        except ValueError:
            values[key] = value
    return values


def _with_options(
    record: Mapping[str, Any], args: argparse.Namespace, *, first: bool
) -> dict[str, Any]:
    combined = dict(record)
    if args.no_augmentation:
        combined["augmentation"] = json.loads(json.dumps(asdict(NO_AUGMENTATION)))
    for name, hint in _hints().items():
        value = getattr(args, name)
        if value is None or (name == "init" and not first):
            continue
        if _is_mapping(hint):
            value = pairs(value)
            if name in MERGED:
                value = combined.get(name, {}) | value
        combined[name] = value
    return combined


@cache
def _hints() -> dict[str, Any]:
    return get_type_hints(TrainingSettings)


def _is_mapping(hint: Any) -> bool:
    return get_origin(hint) is Mapping or is_dataclass(hint)


def _argument(hint: Any) -> dict[str, Any]:
    """Return the arguments of `add_argument` for a field of this type."""
    if hint is bool:
        return {"action": argparse.BooleanOptionalAction, "default": None}
    if hint in (int, float):
        return {"type": hint, "metavar": "N" if hint is int else "X"}
    if get_origin(hint) is Literal:
        return {"choices": get_args(hint)}
    if _is_mapping(hint):
        return {"nargs": "+", "action": "extend", "metavar": "KEY=VALUE"}
    if get_origin(hint) is tuple:
        member = get_args(hint)[0]
        choices = get_args(member) if get_origin(member) is Literal else None
        return {"nargs": "*", "choices": choices, "metavar": "NAME"}
    return {"metavar": "NAME"}


def _text(value: Any) -> str:
    """Return a default as it is typed on the command line."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        value = [f"{key}={_text(item)}" for key, item in value.items()]
        return " ".join(value) or "none"
    if isinstance(value, tuple) and any(isinstance(item, float) for item in value):
        return f"[{','.join(_text(item) for item in value)}]"
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
