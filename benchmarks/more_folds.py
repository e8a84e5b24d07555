"""Accuracy on songs from elsewhere, by artists that the network has not learnt from.

    python -m benchmarks.more_folds ../shared/data/gtzan \\
        --more ../shared/data/songs_more/songs.csv \\
        --recipe assets/models/gtzan10.recipe.json --trunk runs/gtzan10.stage2.safetensors

The last stage of a recipe is trained on the data set and three of four folds of the other songs,
artists kept together, and names the songs of the fourth. The trunk is that of the stages before.
They learn without labels, and hear all songs. Only songs with a sure label count. Their scores go
into a score file; the page takes from it how often the network is right at which confidence.
"""

import argparse
import csv
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from genre_core.assets import EVALUATIONS_FOLDER
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.cli.train import prepare_torch
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import DEFAULT_DIRECTORY
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.splits import given
from genre_core.evaluation.bundled import score_file
from genre_core.evaluation.calibration import expected_calibration_error
from genre_core.evaluation.metrics import wilson_interval
from genre_core.evaluation.score_file import save_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import SongList, score_dataset
from genre_core.evaluation.verdicts import song_scores
from genre_core.experiments.sources import N_FOLDS, Sources, sure_ids
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.training.cross_validation import join_folds
from genre_core.training.run import train
from genre_core.training.settings import TrainingSettings, read_stages


def main() -> None:
    """Train and score every fold; print a table of what each genre and frame length reach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", help="with lists train and valid")
    for name in ("more", "recipe", "trunk"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--name", default="gtzan10", help="of the network")
    parser.add_argument("--output", type=Path, default=EVALUATIONS_FOLDER, metavar="FOLDER")
    parser.add_argument("--work", type=Path, default=Path("runs/more_folds"))
    parser.add_argument("--cache", default=DEFAULT_DIRECTORY)
    args = parser.parse_args()
    prepare_torch("cpu", 1)
    dataset, elsewhere = load_dataset(args.dataset), load_dataset(args.more)
    sources = Sources((), (), elsewhere.clips, sure_ids(args.more))
    _, trunk = load_checkpoint(args.trunk)
    settings = TrainingSettings.from_record(read_stages(args.recipe)[-1])
    args.work.mkdir(parents=True, exist_ok=True)
    name = args.more.resolve().parent.name
    parts = []
    for number, (train_on, test_on) in enumerate(sources.folds):
        others = args.work.resolve() / f"without{number}.csv"
        _write([elsewhere.clips[index] for index in train_on], others)
        network = train(
            dataset,
            replace(settings, init=str(args.trunk), more=(str(others),)),
            args.work / f"fold{number}.safetensors",
            split=given(dataset),
            features=trunk.features,
            name=args.name,
            cache=args.cache,
            resume=True,
            restart=True,
        )
        clips = [elsewhere.clips[i] for i in test_on if elsewhere.clips[i].clip_id in sources.sure]
        songs = SongList(f"fold{number}", name)
        parts.append(score_dataset(GenreRecognizer(network.model, network.info), clips, songs))
        print(f"fold {number} of {N_FOLDS} is done", flush=True)
    command = shlex.join(["python", "-m", "benchmarks.more_folds", *sys.argv[1:]])
    path = score_file(args.name, name, f"{N_FOLDS}-folds", folder=args.output)
    scores = join_folds(parts, path.stem, f"{N_FOLDS} folds by artist", command)
    save_score_set(path, scores)
    for seconds in scores.frames:
        _report(scores, seconds)


def _write(clips: Sequence[Clip], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", "label", "artist", "title"))
        for clip in clips:
            table.writerow((clip.path.resolve(), clip.label, clip.artist, clip.title))


def _report(songs: ScoreSet, seconds: float) -> None:
    labels = songs.labels()
    scores = song_scores(songs.frames[seconds])
    is_right = scores.argmax(axis=1) == labels
    error = expected_calibration_error(labels, scores)
    print(f"frames of {seconds:g} s, calibration error {error:.3f}")
    print("| genre | correct | accuracy |\n| --- | --- | --- |")
    rows = [("all", np.ones(len(labels), dtype=bool))]
    rows += [(songs.genres[genre], labels == genre) for genre in np.unique(labels)]
    for name, own in rows:
        n_right, n = int(is_right[own].sum()), int(own.sum())
        print(f"| {name} | {n_right} of {n} | {wilson_interval(n_right, n).in_percent()} |")


if __name__ == "__main__":
    main()
