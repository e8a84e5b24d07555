"""Options of the command line that choose songs of a data set."""

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from genre_core.cli.text import printable
from genre_core.errors import DatasetError

if TYPE_CHECKING:
    from genre_core.datasets.clips import Clip, DataSet
    from genre_core.datasets.splits import Split

MAX_SHOWN = 20  # problems


def add_split_options(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a split."""
    group = parser.add_argument_group("which songs")
    group.add_argument(
        "--split",
        choices=("auto", "given", "hold-out", "folds"),
        default="auto",
        help="given: the lists that come with the data set; hold-out: 60/20/20; folds: "
        "cross-validation; the last two keep artists and near-duplicates together "
        "(default: given where there are lists, else hold-out)",
    )
    group.add_argument(
        "--folds", type=int, default=4, metavar="N", help="how many folds (default: 4)"
    )
    group.add_argument(
        "--fold", type=int, default=0, metavar="K", help="fold to test on, from 0 (default: 0)"
    )
    group.add_argument(
        "--split-seed", type=int, default=0, metavar="N", help="of a random split (default: 0)"
    )


def add_clip_options(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a split and of one of its lists."""
    add_split_options(parser)
    parser.add_argument(
        "--list",
        choices=("train", "valid", "test", "all"),
        help="which list of the split (default: test where lists come with the data set or "
        "--split is given, else all)",
    )


def chosen_split(dataset: "DataSet", args: argparse.Namespace) -> "Split":
    """Return the split that the options choose."""
    from genre_core.datasets.splits import choose

    return choose(dataset, args.split, n_folds=args.folds, fold=args.fold, seed=args.split_seed)


def split_name(dataset: "DataSet", args: argparse.Namespace) -> str:
    """Return the name of the split for a record, e.g. "fold 2 of 4, seed 0"."""
    if args.split == "folds":
        return f"fold {args.fold} of {args.folds}, seed {args.split_seed}"
    if args.split == "given" or (args.split == "auto" and "train" in dataset.splits):
        return "given"
    return f"60/20/20, seed {args.split_seed}"


def chosen_clips(
    dataset: "DataSet", args: argparse.Namespace
) -> "tuple[tuple[Clip, ...], str, str]":
    """Return one clip for each chosen song, its list and the scheme of the lists."""
    from genre_core.datasets.clips import select
    from genre_core.evaluation.score_set import split_text

    name = args.list
    if name is None:
        has_lists = args.split != "auto" or bool(dataset.splits.get("test"))
        name = "test" if has_lists else "all"
    if name == "all":
        ids, scheme = None, ""
    else:
        ids = getattr(chosen_split(dataset, args), name)
        scheme = split_name(dataset, args)
    clips = select(dataset.clips, ids)
    if not clips:
        raise DatasetError(
            f"{dataset.name}: the list {split_text(name, scheme)} has no song with sound."
        )
    return clips, name, scheme


def report_problems(problems: Iterable[str], warnings: Iterable[str] = ()) -> None:
    """List on stderr the songs that were left out, and doubts about others."""
    for kind, sentences in (("left out", problems), ("warning", warnings)):
        lines = [printable(line) for line in sentences]
        for line in lines[:MAX_SHOWN]:
            print(f"{kind}: {line}", file=sys.stderr)
        if len(lines) > MAX_SHOWN:
            print(f"{kind}: {len(lines) - MAX_SHOWN} more", file=sys.stderr)
