"""`python -m genre_core card`: write a model's card from its records and score files."""

import argparse
from pathlib import Path

from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.errors import GenreError
from genre_core.records import atomic_write

DESCRIPTION = """\
Write the card of a model: its training, its accuracy and its limits. Everything in it
comes from the checkpoint, the files beside it (.run.json, .recipe.json, .looks.json) and the score
files; nothing is measured here.
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "card",
        help="write a model's card from its training record and score files",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "model",
        nargs="?",
        metavar="NAME|PATH",
        help=f"a model that comes with the program, or a checkpoint (default: {DEFAULT_MODEL})",
    )
    parser.add_argument(
        "--evaluations",
        type=Path,
        metavar="FOLDER",
        help="with score files (default: assets/evaluations)",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="(default: beside the checkpoint, .md)"
    )
    parser.add_argument(
        "--readme",
        type=Path,
        metavar="FILE",
        help="also write the accuracy between this file's accuracy marks",
    )


def run(args: argparse.Namespace) -> int:
    """Write the card; return 0."""
    # Imported here: torch takes seconds, and --help should not.
    from genre_core.assets import EVALUATIONS_FOLDER
    from genre_core.cli.model_option import model_path
    from genre_core.model_card.card import card
    from genre_core.model_card.facts import read_facts
    from genre_core.model_card.readme import readme_block, rewrite_readme

    if args.evaluations is not None and not args.evaluations.is_dir():
        raise GenreError(f"{args.evaluations}: no such folder: name one with score files.")
    checkpoint = model_path(args.model)
    facts = read_facts(checkpoint, args.evaluations or EVALUATIONS_FOLDER)
    output = args.output or checkpoint.with_suffix(".md")
    try:
        text = args.readme.read_text(encoding="utf-8") if args.readme is not None else ""
        _write(output, card(facts))
        print(output)
        if args.readme is not None:
            block = readme_block(facts, _link(output, args.readme))
            _write(args.readme, rewrite_readme(text, block))
            print(args.readme)
    except UnicodeDecodeError as error:
        raise GenreError(f"{args.readme}: not a text in UTF-8: name a Markdown file.") from error
    except OSError as error:
        raise GenreError(f"{error.filename}: cannot be read or written ({error}).") from error
    return 0


def _write(path: Path, text: str) -> None:
    with atomic_write(path) as file:
        file.write(text.encode())


def _link(card: Path, readme: Path) -> str:
    """Return the card's path, relative to the README's folder where it is inside."""
    card, folder = card.resolve(), readme.resolve().parent
    return card.relative_to(folder).as_posix() if card.is_relative_to(folder) else str(card)
