"""`python -m genre_core lyrics tables`: what is typical of many songs, as tables."""

import argparse
from pathlib import Path

DESCRIPTION = """\
Write the tables that the page "Lyrics" draws: length, richness and sentiment by genre and decade
and by genre and year (of raw, dated songs alone), and the most typical words of each genre.

BAGS is the .parquet file that "lyrics train" reads; song_stats.parquet must lie beside it.
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "tables",
        help="count length, richness, sentiment and typical words over many songs",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bags", metavar="BAGS", help=".parquet")
    parser.add_argument("--folder", metavar="FOLDER", help="(default: assets/lyrics)")


def run(args: argparse.Namespace) -> int:
    """Write the tables; return 0."""
    import pandas as pd

    from genre_core.assets import LYRICS_FOLDER
    from genre_core.cli.lyrics.train import chosen_songs
    from genre_core.lyrics.bundled import DECADES_FILE, TYPICAL_FILE, YEARS_FILE, write_table
    from genre_core.lyrics.corpus import read_corpus
    from genre_core.lyrics.statistics import distributions, read_song_stats
    from genre_core.lyrics.typical import typical_words

    folder = Path(args.folder) if args.folder else LYRICS_FOLDER
    corpus = read_corpus(args.bags)
    raw = corpus.of_kind("raw")
    songs = read_song_stats(Path(args.bags).parent, raw.songs["song_id"].tolist())
    kinds = {kind: chosen_songs(corpus, kind, None, None) for kind in ("raw", "processed")}
    typical = [typical_words(part).assign(text_kind=kind) for kind, part in kinds.items()]
    tables = {
        DECADES_FILE.name: distributions(songs, 10),
        YEARS_FILE.name: distributions(songs, 1),
        TYPICAL_FILE.name: pd.concat(typical, ignore_index=True),
    }
    for name, table in tables.items():
        write_table(folder / name, table)
        print(f"{folder / name}: {len(table):,} rows")
    return 0
