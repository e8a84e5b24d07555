"""`python -m genre_core lyrics`: what the words of songs say."""

import argparse
from importlib import import_module

ACTIONS: tuple[str, ...] = ("analyse", "train", "evaluate", "tables")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand and its own."""
    parser = subparsers.add_parser(
        "lyrics",
        help="say what the words of songs speak for, and train and measure the model that does it",
        description="Measure lyrics and recognise a genre by the words alone.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for action in ACTIONS:
        import_module(f"{__name__}.{action}").add_parser(actions)


def run(args: argparse.Namespace) -> int:
    """Do what `args.action` says."""
    return int(import_module(f"{__name__}.{args.action}").run(args))
