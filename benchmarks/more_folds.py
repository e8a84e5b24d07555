"""Accuracy on songs from elsewhere, by artists that the network has not learnt from.

    python -m benchmarks.more_folds ../shared/data/gtzan \\
        --more ../shared/data/songs_more/songs.csv \\
        --recipe assets/models/gtzan10.recipe.json --trunk runs/gtzan10.stage2.safetensors

The last stage of a recipe is trained on the data set and three of four folds of the other songs,
artists kept together, and names the songs of the fourth. The trunk is that of the stages before.
They learn without labels, and hear all songs. Only songs with a sure label count.
"""

import argparse
import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.cli.train import prepare_torch
from genre_core.config import MAX_FRAME_SECONDS
from genre_core.datasets.clips import Clip
from genre_core.datasets.feature_cache import DEFAULT_DIRECTORY
from genre_core.datasets.readers import load_dataset
from genre_core.datasets.splits import given
from genre_core.evaluation.calibration import expected_calibration_error
from genre_core.evaluation.metrics import wilson_interval
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.scoring import SongList, score_dataset
from genre_core.evaluation.song_frames import CutSettings
from genre_core.evaluation.verdicts import song_scores
from genre_core.experiments.sources import N_FOLDS, Sources, sure_ids
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.training.cross_validation import join_folds
from genre_core.training.run import train
from genre_core.training.settings import TrainingSettings, read_stages

FRAME_SECONDS = (3.0, MAX_FRAME_SECONDS)


def main() -> None:
    """Train and score every fold; print a table of what each genre and frame length reach."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", help="with lists train and valid")
    for name in ("more", "recipe", "trunk"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("runs/more_folds"))
    parser.add_argument("--cache", default=DEFAULT_DIRECTORY)
    args = parser.parse_args()
    prepare_torch("cpu", 1)
    dataset, elsewhere = load_dataset(args.dataset), load_dataset(args.more)
    sources = Sources((), (), elsewhere.clips, sure_ids(args.more))
    _, trunk = load_checkpoint(args.trunk)
    settings = TrainingSettings.from_record(read_stages(args.recipe)[-1])
    args.work.mkdir(parents=True, exist_ok=True)
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
            cache=args.cache,
            resume=True,
            restart=True,
        )
        clips = [elsewhere.clips[index] for index in test_on]
        songs = SongList(f"fold{number}", elsewhere.name)
        recognizer = GenreRecognizer(network.model, network.info)
        parts.append(score_dataset(recognizer, clips, songs, CutSettings(FRAME_SECONDS)))
        print(f"fold {number} of {N_FOLDS} is done", flush=True)
    scores = join_folds(parts, elsewhere.name, f"{N_FOLDS} folds", "")
    for seconds in FRAME_SECONDS:
        _report(scores, seconds, sources.sure)


def _write(clips: Sequence[Clip], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("path", "label", "artist", "title"))
        for clip in clips:
            table.writerow((clip.path.resolve(), clip.label, clip.artist, clip.title))


def _report(songs: ScoreSet, seconds: float, sure: frozenset[str]) -> None:
    is_sure = np.array([clip.clip_id in sure for clip in songs.clips])
    labels = songs.labels()[is_sure]
    scores = song_scores(songs.frames[seconds])[is_sure]
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
