"""`python -m genre_core cross-validate`: train and measure a recipe on every fold."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.cli import INTERRUPTED
from genre_core.cli.progress import progress_bar
from genre_core.cli.train import add_training_options, prepare_torch, training_arguments
from genre_core.cli.training_progress import TrainingProgress, stop_on_interrupt

if TYPE_CHECKING:
    from genre_core.datasets.clips import DataSet
    from genre_core.evaluation.bundled import Fold
    from genre_core.evaluation.score_set import ScoreSet
    from genre_core.training.fit import TrainedNetwork

    Result = tuple[Fold, TrainedNetwork, ScoreSet]

WORK = Path("runs/cross_validation")
DESCRIPTION = """\
Train and measure a recipe on every fold of a data set.

Artists and near-duplicates stay together. Songs that a data set's own lists omit are left out.
After an interruption, run the same command to continue. With --only, several processes can share
the folds; the command without --only then joins them.

Checkpoints stay in the work folder. Two files are written to the output folder: the scores of every
song by the network that was trained without it (the page "Test set" opens them), and in
cross_validation/ a record of the folds.
"""
EXAMPLES = """\
examples:
  python -m genre_core cross-validate songs.csv --settings recipe.json --name mine --output runs/
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "cross-validate",
        help="train and measure a recipe on every fold of a data set",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dataset", metavar="DATASET", help="folder or .csv")
    parser.add_argument(
        "--name", default=DEFAULT_MODEL, help=f"of the network (default: {DEFAULT_MODEL})"
    )
    parser.add_argument("--folds", type=int, default=4, metavar="N", help="(default: 4)")
    parser.add_argument(
        "--only", type=int, nargs="+", metavar="K", help="train and score these folds, from 0"
    )
    parser.add_argument("--split-seed", type=int, default=0, metavar="N", help="(default: 0)")
    parser.add_argument(
        "--work",
        type=Path,
        default=WORK,
        metavar="FOLDER",
        help=f"for the checkpoints (default: {WORK})",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="(default: assets/evaluations)"
    )
    add_training_options(parser)


def run(args: argparse.Namespace) -> int:
    """Train and score every fold, write the two files; return 0, or 130 if interrupted."""
    # Imported here: torch takes seconds, and --help should not.
    from genre_core.assets import EVALUATIONS_FOLDER
    from genre_core.datasets.readers import load_dataset
    from genre_core.records import make_folder
    from genre_core.training.fit import TrainingStopped

    arguments = training_arguments(args)
    prepare_torch(args.device, args.threads)
    for folder in (args.work, args.output or EVALUATIONS_FOLDER):
        make_folder(folder)
    dataset = load_dataset(args.dataset)
    try:
        with stop_on_interrupt() as should_stop:
            results = _run_folds(dataset, args, {**arguments, "should_stop": should_stop})
    except TrainingStopped:
        print("stopped; run the same command to continue")
        return INTERRUPTED
    if not args.only:
        _write(results, dataset.name, args, arguments["command"])
    return 0


def _run_folds(
    dataset: "DataSet", args: argparse.Namespace, arguments: dict[str, Any]
) -> "list[Result]":
    from genre_core.training.cross_validation import fold_of, run_fold

    folder = args.work / f"{args.name}.{dataset.name}-{args.folds}-folds-seed{args.split_seed}"
    results: list[Result] = []
    for number in args.only or range(args.folds):
        print(f"fold {number} of {args.folds}", file=sys.stderr)
        with TrainingProgress() as progress, progress_bar("scoring", "song") as show:
            network, scores = run_fold(
                dataset,
                folder,
                number,
                args.folds,
                args.split_seed,
                name=args.name,
                on_event=progress,
                on_progress=show,
                **arguments,
            )
        fold = fold_of(number, network, scores)
        results.append((fold, network, scores))
        print(f"fold {number}: {fold.n_right} of {fold.n_songs} correct", flush=True)
    return results


def _write(results: "list[Result]", dataset: str, args: argparse.Namespace, command: str) -> None:
    """Write the joined scores and the record of the folds, and print the accuracy."""
    from genre_core.assets import EVALUATIONS_FOLDER
    from genre_core.evaluation.bundled import cross_validation_file
    from genre_core.evaluation.metrics import wilson_interval
    from genre_core.evaluation.score_file import save_score_set
    from genre_core.records import atomic_write
    from genre_core.training.cross_validation import join_folds, record_of

    folder = args.output or EVALUATIONS_FOLDER
    path = cross_validation_file(args.name, dataset, args.folds, folder)
    scores_path = path.parent.parent / path.name
    scheme = f"{args.folds} folds, seed {args.split_seed}"
    folds, networks, scores = zip(*results, strict=True)
    save_score_set(scores_path, join_folds(scores, path.stem, scheme, command))
    record = record_of(folds, networks[0], dataset, scheme, command)
    with atomic_write(path) as file:
        file.write((json.dumps(asdict(record), indent=2) + "\n").encode())
    n_right, n_songs = (sum(getattr(fold, key) for fold in folds) for key in ("n_right", "n_songs"))
    print(f"{n_right} of {n_songs} = {wilson_interval(n_right, n_songs).in_percent()}")
    print(f"{scores_path}\n{path}")
