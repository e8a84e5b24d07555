"""`python -m genre_core evaluations`: measure a network on every test set, then write its card."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from genre_core.cli.progress import progress_bar
from genre_core.cli.text import command_line

if TYPE_CHECKING:
    from genre_core.evaluation.jobs import Job

DATA = Path("../shared/data")
README = Path("README.md")
PARTS = ("test", "valid", "songs", "perturbed", "unlike", "coarse")
DESCRIPTION = """\
Measure a network on every test set, write the score files, then the card and the README's numbers.

Scored are the test and validation lists of gtzan/ and the whole songs of songs/, in frames of 3, 5,
10 and 29.12 s, the test list's sound changed in seven ways, one channel of the whole songs, and the
test list's coarse pictures (gtzan/logmel_u8.npz). The published network is scored on the same lists
and songs, unchanged, in frames of 29.12 s alone, for which it was made. Measured too is how far
speech, noise, tones, silence and other music lie from the network's training songs.

A file of the same network, songs and settings is not measured again, so an interrupted run can
continue. --force measures it all the same, which is needed after a change of the code that decodes,
cuts or scores.
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register the subcommand."""
    parser = subparsers.add_parser(
        "evaluations",
        help="measure a network on every test set and write its card",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--model", metavar="NAME|PATH", help="(default: the one that comes with the program)"
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=DATA,
        metavar="FOLDER",
        help=f"with gtzan/, songs/ and weights/ (default: {DATA})",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=list(PARTS),
        metavar="PART",
        help=f"of {', '.join(PARTS)} (default: all)",
    )
    parser.add_argument(
        "--no-ancestor", action="store_true", help="leave the published network out"
    )
    parser.add_argument("--force", action="store_true", help="measure what is up to date too")
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="(default: assets/evaluations)"
    )
    parser.add_argument("--no-card", action="store_true", help="leave card and README as they are")


def run(args: argparse.Namespace) -> int:
    """Measure the networks and write the card; return 0."""
    # Imported here: torch takes seconds, and --help should not.
    from genre_core.assets import EVALUATIONS_FOLDER
    from genre_core.cli import card
    from genre_core.cli.model_option import load_recognizer, model_path
    from genre_core.evaluation.jobs import is_current, run_job
    from genre_core.evaluation.summary import summarise

    args.output = args.output or EVALUATIONS_FOLDER
    command = command_line()
    genres = None
    for path in _networks(args):
        recognizer = load_recognizer(path)
        genres = genres or recognizer.info.genres
        for job in _jobs(args, recognizer.info.name, genres, is_ancestor=path != args.model):
            if not args.force and is_current(job, recognizer):
                print(f"{job.path.name}: up to date")
                continue
            with progress_bar(job.path.name, "song") as show:
                scores = run_job(job, recognizer, command, show)
            accuracy = summarise(scores, max(scores.frames)).song_accuracy
            print(f"{job.path.name}: {accuracy.value:.1%} of {len(scores.clips)} songs", flush=True)
    if "unlike" in args.only:
        _measure_unlike(args, command)
    if "coarse" in args.only:
        _measure_coarse(args, command)
    if "test" in args.only:
        print("this was a look at the test list: log what it decides in the .looks.json")
    if args.no_card:
        return 0
    readme = README if args.model is None and README.is_file() else None
    return card.run(
        argparse.Namespace(
            model=str(model_path(args.model)),
            evaluations=args.output,
            output=None,
            readme=readme,
        )
    )


def _measure_unlike(args: argparse.Namespace, command: str) -> None:
    """Measure how far sounds that are none of its genres lie from the network's training songs."""
    import tempfile

    from genre_core.cli.model_option import load_recognizer
    from genre_core.datasets.clips import select, with_labels
    from genre_core.datasets.readers import load_dataset
    from genre_core.datasets.splits import given
    from genre_core.errors import DatasetError
    from genre_core.evaluation.bundled import unlike_file
    from genre_core.evaluation.unlike import load_unlike, measure_unlike, save_unlike
    from genre_core.evaluation.unlike_sounds import artificial_clips, recorded_clips

    recognizer = load_recognizer(args.model)
    path = unlike_file(recognizer.info.name, args.output)
    missing = [name for name in ("unlabelled", "not_music") if not (args.data / name).is_dir()]
    if recognizer.checkpoint.familiarity is None or missing:
        why = f"there is no {missing[0]}/" if missing else "the checkpoint has no training songs"
        print(f"{path.name} is left out: {why}", file=sys.stderr)
        return
    try:
        if load_unlike(path).model_sha256 == recognizer.info.sha256 and not args.force:
            print(f"{path.name}: up to date")
            return
    except DatasetError:
        pass  # missing, or half a file
    dataset = with_labels(load_dataset(args.data / "gtzan"), recognizer.info.genres)
    known = select(dataset.clips, given(dataset).test)
    with tempfile.TemporaryDirectory() as folder, progress_bar(path.name, "sound") as show:
        groups = {**recorded_clips(args.data), **artificial_clips(Path(folder))}
        record = measure_unlike(recognizer, known, groups, command, show)
    save_unlike(path, record)
    print(f"{path.name}: {len(record.groups)} kinds of other sounds")


def _measure_coarse(args: argparse.Namespace, command: str) -> None:
    """Score the coarse pictures of the test list."""
    from genre_core.cli.model_option import load_recognizer
    from genre_core.errors import DatasetError
    from genre_core.evaluation.bundled import coarse_file
    from genre_core.evaluation.coarse import PICTURES, score_coarse
    from genre_core.evaluation.score_file import load_score_set, save_score_set

    recognizer, gtzan = load_recognizer(args.model), args.data / "gtzan"
    path = coarse_file(recognizer.info.name, gtzan.resolve().name, "test", args.output)
    if not (gtzan / PICTURES).is_file():
        print(f"{path.name} is left out: there is no {gtzan / PICTURES}", file=sys.stderr)
        return
    try:
        scores = load_score_set(path)
        if scores.provenance.model_sha256 == recognizer.info.sha256 and not args.force:
            print(f"{path.name}: up to date")
            return
    except DatasetError:
        pass  # missing, or half a file
    with progress_bar(path.name, "clip") as show:
        scores = score_coarse(recognizer, gtzan, "test", path.stem, command, show)
    save_score_set(path, scores)
    print(f"{path.name}: {len(scores.clips)} coarse pictures")


def ancestor_path(data: Path) -> Path:
    """Return the path of the published ten-genre network in a folder of data."""
    from genre_core.checkpoints.loading import PUBLISHED

    return data / "weights" / f"{PUBLISHED}.h5"


def _networks(args: argparse.Namespace) -> list[str | None]:
    """Return the networks to measure, by name or path, the published one last."""
    if args.no_ancestor:
        return [args.model]
    ancestor = ancestor_path(args.data)
    if ancestor.is_file():
        return [args.model, str(ancestor)]
    print(f"{ancestor} is missing: the published network is not measured", file=sys.stderr)
    return [args.model]


def _jobs(
    args: argparse.Namespace, name: str, genres: tuple[str, ...], *, is_ancestor: bool
) -> "list[Job]":
    """Return the jobs of one network.

    The ancestor is not measured on changed sound, nor in frames that it was not made for, which
    saves half an hour.
    """
    from genre_core.audio.perturbations import ONE_CHANNEL
    from genre_core.config import MAX_FRAME_SECONDS
    from genre_core.datasets.clips import with_labels
    from genre_core.datasets.readers import load_dataset
    from genre_core.evaluation.jobs import list_jobs, songs_job
    from genre_core.evaluation.song_frames import FRAME_LENGTHS

    apart = {"unlike", "coarse"} | ({"perturbed"} if is_ancestor else set())
    parts = [part for part in args.only if part not in apart]
    lengths = (MAX_FRAME_SECONDS,) if is_ancestor else FRAME_LENGTHS
    jobs: list[Job] = []
    if set(parts) - {"songs"}:
        dataset = with_labels(load_dataset(args.data / "gtzan"), genres)
        jobs += list_jobs(dataset, name, args.output, parts, lengths)
    for part, own_lengths, change in (
        ("songs", lengths, ""),
        ("perturbed", (MAX_FRAME_SECONDS,), ONE_CHANNEL),
    ):
        if part in parts:
            songs = with_labels(load_dataset(args.data / "songs" / "index.csv"), genres)
            jobs.append(songs_job(songs, name, args.output, own_lengths, change))
    return jobs
