"""`python -m genre_core analyse`: songs in, verdicts out, as a table or as JSON lines."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from genre_core.cli.frame_options import add_frame_options
from genre_core.cli.model_option import add_model_option, load_recognizer
from genre_core.cli.text import printable
from genre_core.config import (
    FrameSettings,
)
from genre_core.errors import GenreError
from genre_core.inference.aggregate import AGGREGATES
from genre_core.inference.analysis import UNLIKE, SongAnalysis
from genre_core.plots.time_axis import clock
from genre_core.types import Verdict

if TYPE_CHECKING:
    from genre_core.inference.recognizer import GenreRecognizer

SOME_FAILED = 1  # exit status when at least one song could not be analysed
BAR = "{percentage:3.0f} % |{bar:20}| {desc}"
EXAMPLES = """\
examples:
  python -m genre_core analyse song.mp3
  python -m genre_core analyse --frames --frame-seconds 10 song.mp3 other.flac
  python -m genre_core analyse --json *.ogg > verdicts.jsonl
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "analyse",
        help="print the genre of songs, and the scores of their frames",
        description=(
            "Cut each song into frames, let the network score every frame, and put the scores\n"
            "together into one verdict. A song that cannot be read is reported and the others\n"
            "are still done; the exit status is then 1."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("songs", nargs="+", metavar="SONG", help="a sound file: mp3, flac, m4a ...")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line a song")
    parser.add_argument("--frames", action="store_true", help="show every frame in the table")
    add_model_option(parser)
    add_frame_options(parser)
    parser.add_argument(
        "--aggregate",
        choices=tuple(AGGREGATES),
        default="mean",
        help="how the scores of the frames become the song's (default: mean)",
    )


def run(args: argparse.Namespace) -> int:
    """Analyse the songs; return 0, or 1 if any of them could not be analysed."""
    # Imported here: torch and pandas take seconds, and --help should not.
    from genre_core.inference.export import analysis_record, to_json

    recognizer = load_recognizer(args.model, is_fast=True)
    settings = _chosen(recognizer.frame_settings, args.frame_seconds, args.trim_seconds)
    failed = 0
    if not args.json:
        _print(table_header(recognizer.info.genres))
    with tqdm(total=len(args.songs), bar_format=BAR, disable=None, leave=False) as bar:
        for done, song in enumerate(args.songs):
            bar.update(done - bar.n)
            try:
                analysis, verdict = _analyse(recognizer, song, settings, args.aggregate, bar)
            except (GenreError, OSError) as error:
                failed += 1
                if args.json:
                    _print(to_json({"file": song, "error": str(error)}))
                else:
                    _complain(_about(song, error))
            else:
                for warning in analysis.waveform.receipt.warnings:
                    _complain(f"{song}: {warning}", "warning")
                if args.json:
                    _print(to_json(analysis_record(analysis, verdict, file=song)))
                else:
                    _print("\n".join(table_rows(song, analysis, verdict, with_frames=args.frames)))
    if failed:
        _complain(f"{failed} of {len(args.songs)} songs could not be analysed")
    return SOME_FAILED if failed else 0


def table_header(genres: tuple[str, ...]) -> str:
    """Return the line of column names over `table_rows`."""
    width = _genre_width(genres)
    return (
        f"{'verdict':<{width}} {'confidence':>10}  {'runner-up':<{width + 6}} "
        f"{'frames':>6} {'disagree':>8} {'length':>8}  song"
    )


def table_rows(
    song: str, analysis: SongAnalysis, verdict: Verdict, *, with_frames: bool = False
) -> list[str]:
    """Return a line for a song and, with frames, one for each frame, aligned with the header."""
    genres = analysis.model.genres
    width = _genre_width(genres)
    second = float(verdict.confidence - verdict.margin)
    rows = [
        f"{verdict.genre:<{width}} {_percent(verdict.confidence):>10}  "
        f"{verdict.runner_up:<{width}} {_percent(second):>5} "
        f"{verdict.n_frames:>6} {_percent(verdict.disagreement):>8} "
        f"{clock(analysis.waveform.receipt.duration_seconds):>8}  {printable(song)}"
        + (f" ({UNLIKE})" if analysis.unlike_training else "")
    ]
    if with_frames:
        for span, scores in zip(analysis.frames.spans, analysis.scores, strict=True):
            first, second_best = np.argsort(-scores, kind="stable")[:2]
            rows.append(
                f"{'  ' + genres[first]:<{width}} {_percent(scores[first]):>10}  "
                f"{genres[second_best]:<{width}} {_percent(scores[second_best]):>5} "
                f"  frame {span.index + 1}, {span.start_seconds:.2f} to {span.end_seconds:.2f} s"
                f"{', silent: does not count' if span.silent else ''}"
            )
    return rows


def _analyse(
    recognizer: "GenreRecognizer",
    song: str,
    settings: FrameSettings,
    aggregation: str,
    bar: "tqdm[None]",
) -> tuple[SongAnalysis, Verdict]:
    """Return the song's analysis and verdict."""
    name = printable(Path(song).name)
    done = bar.n

    def show(step: str, fraction: float) -> None:
        bar.set_description_str(f"{name}: {step}", refresh=False)
        bar.update(done + fraction - bar.n)

    analysis = recognizer.analyse(song, frame_settings=settings, on_step=show)
    return analysis, analysis.verdict(aggregation)


def _chosen(
    own: FrameSettings, frame_seconds: float | None, trim_seconds: float | None
) -> FrameSettings:
    """Return the model's own settings, replaced by those of the command line."""
    return replace(
        own,
        frame_seconds=own.frame_seconds if frame_seconds is None else frame_seconds,
        trim_seconds=own.trim_seconds if trim_seconds is None else trim_seconds,
    )


def _about(song: str, error: Exception) -> str:
    """Return the error's message, with the song's name in front unless it is in it."""
    message = str(error)
    return message if Path(song).name in message else f"{song}: {message}"


def _genre_width(genres: tuple[str, ...]) -> int:
    return max(len("runner-up"), *(len(genre) + 2 for genre in genres))


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _print(text: str) -> None:
    """Write result lines to stdout at once, around the progress bar if there is one."""
    tqdm.write(text, file=sys.stdout)
    sys.stdout.flush()


def _complain(message: str, kind: str = "error") -> None:
    """Write an error or a warning, in one line, to stderr."""
    tqdm.write(f"{kind}: {printable(message)}", file=sys.stderr)
