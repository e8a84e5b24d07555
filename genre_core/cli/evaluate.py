"""`python -m genre_core evaluate`: score every frame of a data set."""

import argparse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    subparsers.add_parser("evaluate", help="score a test set")


def run(args: argparse.Namespace) -> int:
    """Evaluate as `args` says; return the exit status."""
    raise NotImplementedError
