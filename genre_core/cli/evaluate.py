"""`python -m genre_core evaluate`: score every frame of a test set and measure the network."""

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.cli.data_options import add_clip_options, chosen_clips, report_problems
from genre_core.cli.model_option import load_recognizer
from genre_core.cli.progress import progress_bar
from genre_core.cli.text import command_line
from genre_core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genre_core.evaluation.score_set import ScoreSet

DESCRIPTION = """\
Score every frame of the songs of a list, write the scores to a file that the page "Test set" opens,
and print the accuracy with 95 % intervals.

DATASET is a folder with a subfolder of songs for each genre, or a CSV file (path,label and, if
known, group,artist,title,split). Songs that cannot be read, and labels that the network does not
know, are listed and left out.
"""
EXAMPLES = """\
examples:
  python -m genre_core evaluate songs/ --output runs/mine.json
  python -m genre_core evaluate gtzan/ --list test --output assets/evaluations/gtzan.json \\
      --beside jimenez_gtzan10_crnn_theano.h5
  python -m genre_core evaluate gtzan/ --list test --perturb telephone \\
      --frame-seconds 29.12 --output runs/telephone.json
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a network on songs whose genre is known",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dataset", metavar="DATASET", help="folder or .csv")
    parser.add_argument(
        "--model",
        metavar="NAME|PATH",
        help="a model that comes with the program, a checkpoint, or the published ten-genre .h5 "
        f"file (default: {DEFAULT_MODEL})",
    )
    parser.add_argument(
        "--beside",
        nargs="+",
        default=[],
        metavar="NAME|PATH",
        help="more networks to measure in the same run; each gets a file of its own",
    )
    parser.add_argument("--output", required=True, metavar="RESULT", help=".json file to write")
    parser.add_argument("--name", help="of the test set (default: the output file's)")
    add_clip_options(parser)
    parser.add_argument(
        "--frame-seconds",
        nargs="+",
        type=float,
        metavar="S",
        help="frame lengths (default: 3 5 10 29.12)",
    )
    parser.add_argument(
        "--trim-seconds",
        type=float,
        metavar="S",
        help="left out at both ends; the app takes 20 for whole songs (default, for clips: as many "
        "frames as fit, in the middle)",
    )
    parser.add_argument(
        "--aggregate",
        default="mean",
        metavar="NAME",
        help="for the table: mean, geometric_mean or majority_vote (default: mean)",
    )
    parser.add_argument(
        "--perturb",
        default="",
        metavar="NAME",
        help="change the sound first: mp3, telephone, quiet, clipped, pink_noise, faster, slower, "
        "one_channel",
    )


def run(args: argparse.Namespace) -> int:
    """Score the songs, write the files and print the table; return 0."""
    # Imported here: torch takes seconds, and --help should not.
    from genre_core.audio.perturbations import NAMES
    from genre_core.datasets.clips import with_labels
    from genre_core.datasets.readers import load_dataset
    from genre_core.evaluation.score_file import save_score_set
    from genre_core.evaluation.scoring import SongList, score_dataset
    from genre_core.evaluation.song_frames import FRAME_LENGTHS, CutSettings
    from genre_core.inference.aggregate import AGGREGATES
    from genre_core.records import make_folder

    if args.aggregate not in AGGREGATES:
        raise SettingsError(f"--aggregate is one of {', '.join(AGGREGATES)}.")
    if args.perturb and args.perturb not in NAMES:
        raise SettingsError(f"--perturb is one of {', '.join(NAMES)}.")
    output = Path(args.output)
    if output.suffix != ".json":
        raise SettingsError(f"{output}: a score file's name ends in .json.")
    make_folder(output.parent)
    lengths = tuple(args.frame_seconds or FRAME_LENGTHS)
    settings = CutSettings(lengths, args.trim_seconds, args.perturb)
    recognizers = [load_recognizer(name) for name in (args.model, *args.beside)]
    dataset = with_labels(load_dataset(args.dataset), recognizers[0].info.genres)
    clips, list_name, scheme = chosen_clips(dataset, args)

    song_list = SongList(
        name=args.name or output.stem,
        dataset=dataset.name,
        list_name=list_name,
        scheme=scheme,
        command=command_line(),
        problems=dataset.problems,
    )
    score_sets: list[ScoreSet] = []
    for recognizer in recognizers:
        with progress_bar(recognizer.info.name, "song") as show:
            score_set = score_dataset(recognizer, clips, song_list, settings, show)
        path = output if recognizer is recognizers[0] else _beside(output, recognizer.info.name)
        save_score_set(path, score_set)
        score_sets.append(score_set)
        print(f"{recognizer.info.name}: {path}")
    provenance = score_sets[0].provenance
    report_problems(provenance.problems, provenance.warnings)
    print("\n".join(table(score_sets, args.aggregate)))
    return 0


def table(score_sets: "Sequence[ScoreSet]", aggregation: str) -> list[str]:
    """Return the accuracies of each network, and McNemar's test of each pair, as lines.

    Parameters
    ----------
    score_sets : of the same songs, one for each network; the others are compared with the first
    """
    from genre_core.evaluation.metrics import mcnemar
    from genre_core.evaluation.summary import summarise
    from genre_core.evaluation.verdicts import song_scores

    first = score_sets[0]
    width = max(len("network"), *(len(item.provenance.model) for item in score_sets))
    lines = [
        f"{'network':<{width}}  {'frame':>7} {'n':>5}  "
        f"{'by song (Wilson)':<22} {'by frame (bootstrap)':<22} {'diagonal':>8} {'macro F1':>8} "
        f"{'ECE':>6}"
    ]
    for item in score_sets:
        for seconds in sorted(item.frames):
            summary = summarise(item, seconds, aggregation)
            lines.append(
                f"{item.provenance.model:<{width}}  {seconds:>5g} s "
                f"{summary.n_songs:>5}  {summary.song_accuracy.in_percent():<22} "
                f"{summary.frame_accuracy.in_percent():<22} "
                f"{summary.song_diagonal:>8.1%} {summary.macro_f1:>8.3f} "
                f"{summary.calibration_error:>6.3f}"
            )
    for item in score_sets[1:]:
        for seconds in sorted(item.frames):
            ours, theirs = (
                song_scores(each.frames[seconds], aggregation).argmax(axis=1)
                for each in (first, item)
            )
            test = mcnemar(first.labels(), ours, theirs)
            lines.append(
                f"{seconds:g} s: only {first.provenance.model} right {test.first_only}, only "
                f"{item.provenance.model} right {test.second_only}, McNemar p = {test.p_value:.3g}"
            )
    return lines


def _beside(output: Path, model: str) -> Path:
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", model)
    return output.with_name(f"{output.stem}.{safe}.json")
