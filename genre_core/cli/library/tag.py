"""`python -m genre_core library tag`: verdicts into the files' genre tags, if asked."""

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from genre_core.cli.library import add_filter_options, add_store_option, song_filter
from genre_core.cli.text import printable

if TYPE_CHECKING:
    from genre_core.library.retag import TagChange

SOME_FAILED = 1  # exit status when at least one file could not be changed
EXAMPLES = """\
examples:
  python -m genre_core library tag                          show what would change
  python -m genre_core library tag --write                  where there is no genre tag
  python -m genre_core library tag --write --replace --genre jazz --min-confidence 0.9
  python -m genre_core library tag --undo library.db.undo-20260101-120000.jsonl
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "tag",
        help="write verdicts into the genre tags of files; shows them only, unless asked",
        description=(
            "Show which genre tags would change; with --write, change them. Songs unlike the\n"
            "network's training set are left out, and so are songs with a tag unless --replace\n"
            "is given. The sound of a file stays the same, which is checked for each."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_store_option(parser)
    add_filter_options(parser)
    parser.add_argument("--replace", action="store_true", help="also where there is another tag")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--write", action="store_true", help="change the files")
    action.add_argument("--undo", metavar="FILE", help="undo the changes that FILE lists")
    parser.add_argument(
        "--undo-file",
        metavar="FILE",
        help="where --write lists what it changes (default: beside the store, with the time)",
    )


def run(args: argparse.Namespace) -> int:
    """Show, write or undo changes; return 0, or 1 if a file could not be changed."""
    from dataclasses import replace

    from genre_core.library import retag
    from genre_core.library.store import LibraryStore
    from genre_core.library.writer import LibraryWriter

    problems = _Problems()
    if args.undo:
        with LibraryWriter.open(args.store) as writer:
            n_changed = retag.undo(writer, args.undo, problems.report)
        print(f"{n_changed:,} files have their old tag again.")
        return problems.status
    wanted = song_filter(args)
    if wanted.min_confidence is None:
        wanted = replace(wanted, min_confidence=retag.DEFAULT_CONFIDENCE)
    wanted = replace(wanted, unlike_training=False)
    with LibraryStore.open(args.store) as store:
        changes = list(retag.plan(store, wanted, replace=args.replace, on_problem=problems.report))
    if not args.write:
        _show(changes)
        return problems.status
    if changes:
        listed = args.undo_file or f"{args.store}.undo-{datetime.now():%Y%m%d-%H%M%S}.jsonl"
        with LibraryWriter.open(args.store) as writer:
            n_changed = retag.apply(writer, changes, listed, problems.report)
        print(f"{n_changed:,} files have a new tag. Undo with --undo {printable(listed)}")
    else:
        print("No tag to write.")
    return problems.status


def _show(changes: "list[TagChange]") -> None:
    """Print a line a file: old tag, new tag, path."""
    if changes:
        print(f"{'old':<20} {'new':<12} file")
    for change in changes:
        old = printable("; ".join(change.old)) or "-"
        print(f"{old[:20]:<20} {'; '.join(change.new):<12} {printable(change.path)}")
    print(f"{len(changes):,} tags would change. Add --write to change them.")


class _Problems:
    """Reports problems, and knows whether there was one."""

    status = 0

    def report(self, message: str) -> None:
        self.status = SOME_FAILED
        print(f"error: {printable(message)}", file=sys.stderr)
