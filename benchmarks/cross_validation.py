"""Train and measure a recipe on every fold of a data set; write what came of it.

    python -m benchmarks.cross_validation DATASET --settings RECIPE.json [--folds 4] [-- OPTIONS]

Artists and near-duplicates are kept together; songs that a data set's own lists leave out are left
out here too. OPTIONS after -- go to `train`, e.g. `-- --threads 2` or
`-- --train-lists train valid --valid-list none`. Stopped, the same command goes on where it was.
With `--only` several processes can share the folds; without it the command then joins them.

Checkpoints stay in the work folder. Two files are kept: the scores of every song by the network
that was trained without it (the page "Test set" opens them), and a record of the folds.
"""

import argparse
import hashlib
import json
import shlex
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import machine
from genre_core.assets import EVALUATIONS_FOLDER
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.config import MAX_FRAME_SECONDS
from genre_core.datasets.readers import load_dataset
from genre_core.errors import GenreError
from genre_core.evaluation.bundled import cross_validation_file
from genre_core.evaluation.metrics import wilson_interval
from genre_core.evaluation.score_file import load_score_set, save_score_set
from genre_core.evaluation.score_set import CROSS_VALIDATION, FrameScores, Provenance, ScoreSet
from genre_core.evaluation.verdicts import song_scores

WORK = Path("runs/cross_validation")


class StepError(GenreError):
    """A step ended with an exit status other than 0; what went wrong it said itself."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a step ended with exit status {status}; the same command goes on")
        self.status = status


def genre_core(arguments: Sequence[str]) -> None:
    """Run `python -m genre_core` as a process of its own, its progress bar and messages shown."""
    status = subprocess.run(
        [sys.executable, "-m", "genre_core", *arguments], check=False
    ).returncode
    if status:
        raise StepError(status)


def read_record(path: Path) -> dict[str, Any]:
    """Read a JSON object that one of our programs wrote; empty where there is none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def train_fold(
    checkpoint: Path, dataset: str, which: Sequence[str], options: Sequence[str]
) -> None:
    """Train one fold, or go on, or leave it where the same command has finished before."""
    arguments = ["train", dataset, "--output", str(checkpoint), *which, *options]
    wanted = {"arguments": arguments, "settings": read_settings(options)}
    noted = checkpoint.with_suffix(".step.json")  # the checkpoint is there from epoch 1 on
    held = read_record(noted)
    finished = held.pop("sha256", None)
    if held == wanted and checkpoint.is_file() and finished == content_hash(checkpoint):
        return
    noted.write_text(json.dumps(wanted), encoding="utf-8")
    genre_core([*arguments, "--resume"] if held == wanted else arguments)
    record = wanted | {"sha256": content_hash(checkpoint)}
    noted.write_text(json.dumps(record), encoding="utf-8")


def content_hash(checkpoint: Path) -> str:
    return load_checkpoint(checkpoint)[1].sha256


def read_settings(options: Sequence[str]) -> dict[str, Any]:
    """Return the content of the recipe among the options, so that a changed one is noticed."""
    return read_record(Path(options[options.index("--settings") + 1]))


def score_fold(checkpoint: Path, dataset: str, which: Sequence[str]) -> ScoreSet:
    """Score the fold's test songs, unless this checkpoint's scores are there."""
    path = checkpoint.with_suffix(".json")
    if path.is_file():
        held = load_score_set(path)
        if held.provenance.model_sha256 == content_hash(checkpoint):
            return held
    arguments = ["evaluate", dataset, "--model", str(checkpoint), "--output", str(path), *which]
    genre_core([*arguments, "--list", "test", "--frame-seconds", f"{MAX_FRAME_SECONDS:g}"])
    return load_score_set(path)


def join(folds: Sequence[ScoreSet], name: str, scheme: str, command: str) -> ScoreSet:
    """Put the folds' songs together: each was scored by the network that never heard it."""
    first = folds[0]
    record = first.provenance
    hashes = "".join(item.provenance.model_sha256 for item in folds)
    frames = {}
    for seconds in first.frames:
        parts = [item.frames[seconds] for item in folds]
        frames[seconds] = FrameScores(
            np.concatenate([part.counts for part in parts]),
            np.concatenate([part.start_seconds for part in parts]),
            np.concatenate([part.scores for part in parts]),
        )
    return ScoreSet(
        name=name,
        genres=first.genres,
        clips=tuple(clip for item in folds for clip in item.clips),
        frames=frames,
        provenance=Provenance(
            command=command,
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            model=record.model,
            model_sha256=hashlib.sha256(hashes.encode()).hexdigest(),
            dataset=record.dataset,
            list_name=CROSS_VALIDATION,
            scheme=scheme,
            trim_seconds=record.trim_seconds,
            problems=tuple(dict.fromkeys(p for item in folds for p in item.provenance.problems)),
        ),
    )


def fold_record(number: int, scored: ScoreSet, checkpoint: Path) -> dict[str, Any]:
    """Return what is kept of one fold."""
    training = load_checkpoint(checkpoint)[1].training
    named = song_scores(scored.frames[MAX_FRAME_SECONDS]).argmax(axis=1)
    return {
        "fold": number,
        "n_songs": len(scored.clips),
        "n_right": int((named == scored.labels()).sum()),
        "checkpoint_sha256": scored.provenance.model_sha256,
        "best_epoch": training["best_epoch"],
        "valid_accuracy": training["valid_accuracy"],
        "training_seconds": read_record(checkpoint.with_suffix(".run.json")).get("seconds"),
    }


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    command = shlex.join(["python", "-m", "benchmarks.cross_validation", *arguments])
    options: list[str] = []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, options = arguments[:cut], arguments[cut + 1 :]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cross_validation", description=__doc__
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("dataset", metavar="DATASET", help="folder, .csv or .npz")
    parser.add_argument("--settings", required=True, metavar="FILE", help="recipe: as for train")
    parser.add_argument("--name", default="crnn", help="of the network (default: crnn)")
    parser.add_argument("--folds", type=int, default=4, metavar="N", help="(default: 4)")
    parser.add_argument(
        "--only", type=int, nargs="+", metavar="N", help="train and score these folds, from 0"
    )
    parser.add_argument("--split-seed", type=int, default=0, metavar="N", help="(default: 0)")
    parser.add_argument("--work", type=Path, default=WORK, metavar="FOLDER", help=f"({WORK})")
    parser.add_argument("--output", type=Path, default=EVALUATIONS_FOLDER, metavar="FOLDER")
    args = parser.parse_args(arguments)
    try:
        return run(args, options, command)
    except StepError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.status
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on", file=sys.stderr)
        return 130


def run(args: argparse.Namespace, options: Sequence[str], command: str) -> int:
    """Train and score every fold, write the two files and print the result."""
    dataset = load_dataset(args.dataset).name
    folder = args.work / f"{args.name}.{dataset}-{args.folds}-folds-seed{args.split_seed}"
    folder.mkdir(parents=True, exist_ok=True)
    training = ["--name", args.name, "--settings", args.settings, *options]
    folds, records = [], []
    for number in args.only or range(args.folds):
        print(f"fold {number} of {args.folds}", flush=True)
        which = ["--split", "folds", "--folds", str(args.folds), "--fold", str(number)]
        which += ["--split-seed", str(args.split_seed)]
        checkpoint = folder / f"fold{number}.safetensors"
        train_fold(checkpoint, args.dataset, which, training)
        scored = score_fold(checkpoint, args.dataset, which)
        folds.append(scored)
        records.append(fold_record(number, scored, checkpoint))
        print(f"  {records[-1]['n_right']} of {len(scored.clips)} right", flush=True)
    if args.only:
        return 0
    path = cross_validation_file(args.name, dataset, args.folds, args.output)
    scheme = f"{args.folds} folds, seed {args.split_seed}"
    scores_path = path.parent.parent / path.name
    save_score_set(scores_path, join(folds, path.stem, scheme, command))
    info = load_checkpoint(folder / "fold0.safetensors")[1]
    record = {
        "command": command,
        "dataset": dataset,
        "scheme": scheme,
        "machine": machine(),
        "train_lists": info.training["train_lists"],
        "settings": info.training["settings"],
        "parts": {
            part: trained["settings"] for part, trained in info.training.get("parts", {}).items()
        },
        "folds": records,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    n_right, n_songs = (sum(fold[key] for fold in records) for key in ("n_right", "n_songs"))
    found = wilson_interval(n_right, n_songs)
    print(f"{n_right} of {n_songs} = {found.value:.1%} ({found.low:.1%} - {found.high:.1%})")
    print(f"{scores_path}\n{path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
