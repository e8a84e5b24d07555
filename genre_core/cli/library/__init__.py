"""`python -m genre_core library`: a whole folder of songs, and what people do with it."""

import argparse
from importlib import import_module

ACTIONS: tuple[str, ...] = ("scan",)
DEFAULT_STORE = "library.db"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand and its own."""
    parser = subparsers.add_parser(
        "library",
        help="recognise a whole music library, and make tables, tags and playlists of it",
        description="Recognise every song in folders once, and use the result.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for action in ACTIONS:
        import_module(f"{__name__}.{action}").add_parser(actions)


def add_store_option(parser: argparse.ArgumentParser) -> None:
    """Add `--store`."""
    parser.add_argument(
        "--store",
        default=DEFAULT_STORE,
        metavar="FILE",
        help=f"the library's store, an SQLite file (default: {DEFAULT_STORE})",
    )


def run(args: argparse.Namespace) -> int:
    """Do what `args.action` says."""
    return int(import_module(f"{__name__}.{args.action}").run(args))
