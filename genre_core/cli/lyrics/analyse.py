"""`python -m genre_core lyrics analyse`: lyrics in, measures and verdicts out."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from genre_core.cli.text import printable
from genre_core.errors import GenreError

if TYPE_CHECKING:
    from genre_core.lyrics.analysis import LyricsAnalysis, WordEvidence

SOME_FAILED = 1  # exit status when at least one file could not be read
DESCRIPTION = """\
Count words, unique words, richness, repetition and sentiment, and say which genre the words speak
for, with the words for and against it.

FILE is a text, a .lrc or .srt file, or a song that carries lyrics in its tags. A file that cannot
be read is reported and the others are still done; the exit status is then 1.
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "analyse",
        help="measure lyrics, and say which genre they speak for",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help=".txt, .lrc, .srt or a song")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line a file")
    parser.add_argument(
        "--model", metavar="FILE", help="a model of words (default: the one that comes along)"
    )


def run(args: argparse.Namespace) -> int:
    """Analyse the files that `args` names; return 0, or 1 if any of them could not be."""
    # Imported here: scikit-learn and pandas take seconds, and --help should not.
    from genre_core.lyrics.analysis import analyse_lyrics
    from genre_core.lyrics.bundled import bundled_model
    from genre_core.lyrics.export import analysis_record
    from genre_core.lyrics.model import load_model
    from genre_core.lyrics.reading import read_lyrics

    model = load_model(args.model) if args.model else bundled_model()
    failed = 0
    for file in args.files:
        try:
            analysis = analyse_lyrics(read_lyrics(file), model)
        except GenreError as error:
            failed += 1
            if args.json:
                print(json.dumps({"file": file, "error": str(error)}), flush=True)
            else:
                print(f"error: {printable(str(error))}", file=sys.stderr)
            continue
        if args.json:
            print(json.dumps(analysis_record(analysis, file)), flush=True)
        else:
            print("\n".join(report(analysis, Path(file).name)), flush=True)
    if failed:
        print(f"error: {failed} of {len(args.files)} files could not be analysed", file=sys.stderr)
    return SOME_FAILED if failed else 0


def report(analysis: "LyricsAnalysis", name: str) -> list[str]:
    """Return the lines that say in words what was found in one text."""
    measures, sentiment = analysis.measures, analysis.measures.sentiment
    richness = "too short" if measures.richness is None else f"{measures.richness:.3f}"
    net = "none" if sentiment.net is None else f"{sentiment.net:+.2f}"
    lines = [
        printable(name),
        f"  verdict      {analysis.genre} {analysis.confidence:.0%}, "
        f"then {analysis.runner_up} {_score(analysis, analysis.runner_up):.0%}",
        f"  words        {measures.n_words}, unique {measures.n_unique} "
        f"({measures.type_token_ratio:.2f}), known to the model {analysis.n_known}",
        f"  richness     {richness} (mean unique/total of 50-word windows)",
        f"  lines        {measures.n_lines}, repeated {measures.repetition:.0%}",
        f"  sentiment    {sentiment.positive} positive, {sentiment.negative} negative, net {net}",
        f"  for          {_listed(analysis.words_for(analysis.genre), analysis)}",
        f"  against      {_listed(analysis.words_against(analysis.genre), analysis)}",
    ]
    if analysis.lyrics.marks:
        marks = ", ".join(analysis.lyrics.marks)
        lines.append(f"  no words     {printable(marks)}")
    return [*lines, *(f"  note         {warning}" for warning in analysis.warnings)]


def _score(analysis: "LyricsAnalysis", genre: str) -> float:
    return float(analysis.scores[analysis.model.genres.index(genre)])


def _listed(words: "tuple[WordEvidence, ...]", analysis: "LyricsAnalysis") -> str:
    column = analysis.model.genres.index(analysis.genre)
    return ", ".join(f"{w.word} {w.evidence[column]:+.2f}" for w in words) or "none"
