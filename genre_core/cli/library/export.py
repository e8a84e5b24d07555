"""`python -m genre_core library export`: the library as a table for other programs."""

import argparse
from pathlib import Path

from genre_core.cli.library import add_filter_options, add_store_option, song_filter
from genre_core.cli.text import printable
from genre_core.errors import SettingsError

# The endings of each format, and what it is; `library.export.FORMATS` writes them.
FORMATS: dict[str, tuple[str, ...]] = {
    "parquet": (".parquet",),
    "csv": (".csv",),
    "jsonl": (".jsonl", ".ndjson"),
    "beets": (".sh",),
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "export",
        help="write the library as Parquet, CSV, JSON lines, or commands for beets",
        description=(
            "Write a row a song: file, tags, verdict, confidence and scores. Parquet holds the\n"
            "embeddings too, JSON lines the scores of every frame. CSV is safe for spreadsheets:\n"
            "texts that would run as formulas get a '."
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("output", metavar="FILE", help=".parquet, .csv, .jsonl or .sh (beets)")
    parser.add_argument("--format", choices=tuple(FORMATS), help="default: by the file's ending")
    add_store_option(parser)
    add_filter_options(parser)


def run(args: argparse.Namespace) -> int:
    """Write the file."""
    form = args.format or _format_of(args.output)

    from genre_core.library.export import export
    from genre_core.library.store import LibraryStore

    with LibraryStore.open(args.store) as store:
        n_songs = export(store, args.output, form, song_filter(args))
    print(f"{n_songs:,} songs in {printable(args.output)}.")
    return 0


def _format_of(name: str) -> str:
    suffix = Path(name).suffix.lower()
    for form, suffixes in FORMATS.items():
        if suffix in suffixes:
            return form
    raise SettingsError(
        f"{printable(name)}: the ending says no format; add --format {'|'.join(FORMATS)}."
    )
