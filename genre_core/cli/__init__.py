"""The command line: one module for each subcommand, over the same functions as the page.

A subcommand's module has `add_parser(subparsers)` and `run(args) -> int` and imports torch only
inside `run`, so that `--help` is quick.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from genre_core import __version__
from genre_core.errors import GenreError

COMMANDS: tuple[str, ...] = (
    "analyse",
    "train",
    "cross-validate",
    "evaluate",
    "evaluations",
    "embed",
    "card",
    "experiment",
    "networks",
    "lyrics",
    "library",
)
INTERRUPTED = 130  # exit status of a program that Ctrl-C ended, as shells have it


class _Parser(argparse.ArgumentParser):
    """A parser, also of the subcommands, that says how to name a file such as -song.wav."""

    def error(self, message: str) -> NoReturn:
        if "unrecognized" in message or "SONG" in message:
            message += " (a file name that begins with - goes after --)"
        super().error(message)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every subcommand, named as the user called it."""
    installed = Path(sys.argv[0]).name.startswith("genre-core")
    parser = _Parser(
        prog="genre-core" if installed else "python -m genre_core",
        description="Recognise the genre of songs, and train and measure the networks that do it.",
    )
    parser.add_argument("--version", action="version", version=f"genre-core {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        module = _module(command)
        module.add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; without one, print the help.

    Returns the exit status: 0 done, 1 an error, with a message on stderr, 130 interrupted.

    Parameters
    ----------
    argv : arguments after the program's name; `sys.argv[1:]` by default
    """
    parser = build_parser()
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return 0
    try:
        return int(_module(args.command).run(args))
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _module(command: str) -> ModuleType:
    return import_module(f"{__name__}.{command.replace('-', '_')}")
