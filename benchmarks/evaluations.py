"""Score every test set again, write assets/evaluations/, then the card and the README's numbers.

    python -m benchmarks.evaluations [--model NAME|PATH] [--data FOLDER] [--only PART ...] [--force]

Measures the bundled network on the test and validation lists and on whole songs, in frames of 3, 5,
10 and 29.12 s, and on the test list's real audio, changed in six ways; and the published network
beside it on the same lists and songs, in frames of 29.12 s alone, for which it was made. A file
that holds the same network, songs and settings is left as it is, so that an interrupted run goes on
where it was: --force measures all the same, and is needed where the code that decodes, cuts or
hears has changed.
"""

import argparse
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from genre_core import cli
from genre_core.assets import EVALUATIONS_FOLDER
from genre_core.audio.perturbations import PERTURBATIONS
from genre_core.checkpoints.loading import PUBLISHED
from genre_core.cli.model_option import load_recognizer, model_path
from genre_core.config import MAX_FRAME_SECONDS, FrameSettings
from genre_core.datasets.clips import Clip, DataSet, best_sources, select, with_labels
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.splits import given
from genre_core.errors import GenreError
from genre_core.evaluation.bundled import score_file
from genre_core.evaluation.score_file import load_score_set, save_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import SongList, score_dataset
from genre_core.evaluation.song_frames import FRAME_LENGTHS, CutSettings
from genre_core.evaluation.summary import summarise
from genre_core.inference.recognizer import GenreRecognizer

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
ANCESTOR = f"{PUBLISHED}.h5"
PARTS = ("test", "valid", "songs", "perturbed")
INTERRUPTED = 130


@dataclass(frozen=True)
class Job:
    """One score file to make: these clips, heard in this way."""

    path: Path
    dataset: str
    list_name: str
    scheme: str
    clips: tuple[Clip, ...]
    problems: tuple[str, ...]
    frame_lengths: tuple[float, ...] = FRAME_LENGTHS
    trim_seconds: float | None = None
    perturbation: str = ""


def list_jobs(
    dataset: DataSet,
    model: str,
    folder: Path,
    parts: Sequence[str],
    frame_lengths: tuple[float, ...] = FRAME_LENGTHS,
) -> list[Job]:
    """Return the jobs on the lists of a data set that comes with lists."""
    split = given(dataset)
    jobs = []
    for which, ids in (("test", split.test), ("valid", split.valid)):
        clips = best_sources(select(dataset.clips, ids), ("audio", "converted"))
        path = score_file(model, dataset.name, which, folder=folder)
        problems = tuple(item for item in dataset.problems if item.partition(":")[0] in set(ids))
        job = Job(path, dataset.name, which, "given", clips, problems, frame_lengths)
        if which in parts:
            jobs.append(job)
        audio = tuple(clip for clip in clips if clip.kind == "audio")
        if which == "test" and "perturbed" in parts and audio:
            jobs += [
                Job(
                    score_file(model, dataset.name, which, name, folder),
                    dataset.name,
                    job.list_name,
                    job.scheme,
                    audio,
                    (),
                    (MAX_FRAME_SECONDS,),
                    perturbation=name,
                )
                for name in PERTURBATIONS
            ]
    return jobs


def songs_job(
    dataset: DataSet,
    model: str,
    folder: Path,
    frame_lengths: tuple[float, ...] = FRAME_LENGTHS,
) -> Job:
    """Return the job on whole songs, cut as the app cuts them."""
    return Job(
        score_file(model, "songs", "all", folder=folder),
        "songs",
        "all",
        "",
        dataset.clips,
        dataset.problems,
        frame_lengths,
        trim_seconds=FrameSettings().trim_seconds,
    )


def is_current(job: Job, recognizer: GenreRecognizer) -> bool:
    """Return whether the job's file holds what the job would write."""
    if not job.path.is_file():
        return False
    try:
        held = load_score_set(job.path)
    except GenreError:
        return False  # half a file, or of an older format
    record = held.provenance
    wanted = (
        recognizer.info.sha256,
        job.dataset,
        job.list_name,
        job.scheme,
        job.trim_seconds,
        job.perturbation,
    )
    have = (
        record.model_sha256,
        record.dataset,
        record.list_name,
        record.scheme,
        record.trim_seconds,
        record.perturbation,
    )
    unread = {problem.partition(":")[0] for problem in record.problems}
    scored = [clip.clip_id for clip in held.clips]
    return (
        have == wanted
        and sorted(held.frames) == sorted(job.frame_lengths)
        and scored == [clip.clip_id for clip in job.clips if clip.clip_id not in unread]
        and [clip.kind for clip in held.clips]
        == [clip.kind for clip in job.clips if clip.clip_id not in unread]
    )


def do(job: Job, recognizer: GenreRecognizer, command: str) -> ScoreSet:
    """Score the job's clips and write its file."""
    with tqdm(total=len(job.clips), desc=job.path.name, unit="song", disable=None) as bar:

        def show(done: int, total: int) -> None:
            bar.update(done - bar.n)

        scored = score_dataset(
            recognizer,
            job.clips,
            SongList(
                job.path.stem, job.dataset, job.list_name, job.scheme, command, tuple(job.problems)
            ),
            CutSettings(tuple(job.frame_lengths), job.trim_seconds, job.perturbation),
            show,
        )
    save_score_set(job.path, scored)
    return scored


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluations", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--model", metavar="NAME|PATH", help="(default: crnn)")
    parser.add_argument(
        "--data", type=Path, default=DATA, metavar="FOLDER", help="with gtzan/, songs/, weights/"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PARTS,
        default=list(PARTS),
        metavar="PART",
        help=f"of {', '.join(PARTS)} (default: all)",
    )
    parser.add_argument("--no-ancestor", action="store_true", help="leave the published one out")
    parser.add_argument("--force", action="store_true", help="measure what is up to date too")
    parser.add_argument("--output", type=Path, default=EVALUATIONS_FOLDER, metavar="FOLDER")
    parser.add_argument("--no-card", action="store_true", help="leave card and README as they are")
    args = parser.parse_args(argv)
    given_arguments = sys.argv[1:] if argv is None else argv
    command = shlex.join(["python", "-m", "benchmarks.evaluations", *given_arguments])
    try:
        run(args, command)
        if "test" in args.only:
            print("this was a look at the test list: log what it decides in the .looks.json")
        if args.no_card:
            return 0
        card = ["card", str(model_path(args.model)), "--evaluations", str(args.output)]
        readme = ["--readme", str(ROOT / "README.md")] if args.model is None else []
        return cli.main([*card, *readme])
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; the same command goes on", file=sys.stderr)
        return INTERRUPTED


def run(args: argparse.Namespace, command: str) -> None:
    """Do every job of every network that is not up to date, and say how each came out."""
    networks = [load_recognizer(args.model)]
    ancestor = args.data / "weights" / ANCESTOR
    if args.no_ancestor:
        pass
    elif ancestor.is_file():
        networks.append(load_recognizer(str(ancestor)))
    else:
        print(f"{ancestor} is missing: the published network is not measured", file=sys.stderr)
    genres = networks[0].info.genres
    for number, recognizer in enumerate(networks):
        is_ancestor = number > 0
        # What it bears is not asked, nor what it hears in frames that it was not made for: those
        # would cost half an hour.
        parts = [part for part in args.only if not is_ancestor or part != "perturbed"]
        lengths = (MAX_FRAME_SECONDS,) if is_ancestor else FRAME_LENGTHS
        name = recognizer.info.name
        jobs: list[Job] = []
        if set(parts) - {"songs"}:
            dataset = with_labels(load_dataset(args.data / "gtzan"), genres)
            jobs += list_jobs(dataset, name, args.output, parts, lengths)
        if "songs" in parts:
            songs = with_labels(load_dataset(args.data / "songs" / "index.csv"), genres)
            jobs.append(songs_job(songs, name, args.output, lengths))
        for job in jobs:
            if not args.force and is_current(job, recognizer):
                print(f"{job.path.name}: up to date")
                continue
            scored = do(job, recognizer, command)
            found = summarise(scored, max(scored.frames)).song_accuracy
            print(f"{job.path.name}: {found.value:.1%} of {len(scored.clips)} songs", flush=True)


if __name__ == "__main__":
    sys.exit(main())
