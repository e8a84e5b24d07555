"""`python -m genre_core train`: from a folder of songs to a checkpoint."""

import argparse


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    subparsers.add_parser("train", help="train a network on a data set")


def run(args: argparse.Namespace) -> int:
    """Train as `args` says; return the exit status."""
    raise NotImplementedError
