"""`python -m genre_core library`: a whole folder of songs, and what people do with it."""

import argparse
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genre_core.library.query import SongFilter

ACTIONS: tuple[str, ...] = ("scan", "export", "playlist", "tag")
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


def add_filter_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose songs; `song_filter` reads them."""
    parser.add_argument(
        "--genre", action="append", default=[], help="only this verdict; may repeat"
    )
    parser.add_argument(
        "--min-confidence", type=share, metavar="P", help="only songs at least this sure, 0 to 1"
    )


def song_filter(args: argparse.Namespace) -> "SongFilter":
    """Return the filter that the options ask for."""
    from genre_core.library.query import SongFilter

    return SongFilter(genres=tuple(args.genre), min_confidence=args.min_confidence)


def share(text: str) -> float:
    """Read an argument from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:  # false for NaN too
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1")
    return value


def run(args: argparse.Namespace) -> int:
    """Do what `args.action` says."""
    return int(import_module(f"{__name__}.{args.action}").run(args))
