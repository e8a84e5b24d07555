"""Train a recipe on every fold of a data set; score each song by the network trained without it.

Artists and near-duplicates stay together. Songs that a data set's own lists omit are left out.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.config import MAX_FRAME_SECONDS
from genre_core.datasets.clips import DataSet, select
from genre_core.datasets.splits import choose
from genre_core.errors import GenreError
from genre_core.evaluation.bundled import CrossValidation, Fold
from genre_core.evaluation.score_file import load_score_set, save_score_set
from genre_core.evaluation.score_set import CROSS_VALIDATION, FrameScores, Provenance, ScoreSet
from genre_core.evaluation.scoring import SongList, score_dataset
from genre_core.evaluation.song_frames import CutSettings
from genre_core.evaluation.verdicts import song_scores
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.training.fit import TrainedNetwork
from genre_core.training.run import train
from genre_core.training.run_record import machine


def run_fold(
    dataset: DataSet,
    folder: Path,
    number: int,
    n_folds: int,
    seed: int,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    **arguments: Any,
) -> tuple[TrainedNetwork, ScoreSet]:
    """Train one fold and score its test songs, in frames of 29.12 s.

    A fold whose files exist already is read from them. Raises GenreError or TrainingStopped as
    `train` does.

    Parameters
    ----------
    folder : for the checkpoint and the scores of each fold
    number : of the fold, from 0
    seed : of the split
    on_progress : called with (songs scored, songs)
    arguments : more for `training.run.train`
    """
    split = choose(dataset, "folds", n_folds=n_folds, fold=number, seed=seed)
    scheme = f"fold {number} of {n_folds}, seed {seed}"
    network = train(
        dataset,
        output=folder / f"fold{number}.safetensors",
        split=split,
        split_name=scheme,
        resume=True,
        restart=True,
        **arguments,
    )
    path = folder / f"fold{number}.json"
    saved = _scores_of(path, network.info.sha256)
    if saved is not None:
        return network, saved
    clips = select(dataset.clips, split.test)
    command = arguments.get("command", "")
    songs = SongList(path.stem, dataset.name, "test", scheme, command, dataset.problems)
    recognizer = GenreRecognizer(network.model, network.info)
    scores = score_dataset(recognizer, clips, songs, CutSettings((MAX_FRAME_SECONDS,)), on_progress)
    save_score_set(path, scores)
    return network, scores


def join_folds(folds: Sequence[ScoreSet], name: str, scheme: str, command: str) -> ScoreSet:
    """Join the scores of all folds; each song was scored by the network trained without it.

    Parameters
    ----------
    name : of the joined scores
    scheme : e.g. "4 folds, seed 0"
    """
    first = folds[0]
    hashes = "".join(fold.provenance.model_sha256 for fold in folds)
    frames = {}
    for seconds in first.frames:
        parts = [fold.frames[seconds] for fold in folds]
        frames[seconds] = FrameScores(
            np.concatenate([part.counts for part in parts]),
            np.concatenate([part.start_seconds for part in parts]),
            np.concatenate([part.scores for part in parts]),
        )
    problems = dict.fromkeys(text for fold in folds for text in fold.provenance.problems)
    warnings = dict.fromkeys(text for fold in folds for text in fold.provenance.warnings)
    provenance: Provenance = replace(
        first.provenance,
        command=command,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        model_sha256=hashlib.sha256(hashes.encode()).hexdigest(),
        list_name=CROSS_VALIDATION,
        scheme=scheme,
        problems=tuple(problems),
        warnings=tuple(warnings),
    )
    clips = tuple(clip for fold in folds for clip in fold.clips)
    return ScoreSet(name, first.genres, clips, frames, provenance)


def fold_of(number: int, network: TrainedNetwork, scores: ScoreSet) -> Fold:
    """Return the entry of one fold in the record of a cross-validation."""
    training = network.info.training
    predicted = song_scores(scores.frames[MAX_FRAME_SECONDS]).argmax(axis=1)
    return Fold(
        fold=number,
        n_songs=len(scores.clips),
        n_right=int((predicted == scores.labels()).sum()),
        checkpoint_sha256=network.info.sha256,
        best_epoch=training["best_epoch"],
        valid_accuracy=training["valid_accuracy"],
        training_seconds=round(sum(epoch.seconds for epoch in network.history), 1),
    )


def record_of(
    folds: Sequence[Fold], network: TrainedNetwork, dataset: str, scheme: str, command: str
) -> CrossValidation:
    """Return the record of all folds; `network` is that of one of them."""
    training = network.info.training
    return CrossValidation(
        command=command,
        dataset=dataset,
        scheme=scheme,
        machine=machine(),
        train_lists=tuple(training["train_lists"]),
        settings=dict(training["settings"]),
        folds=tuple(folds),
        stages=tuple(stage["settings"] for stage in training.get("stages", ())),
    )


def _scores_of(path: Path, sha256: str) -> ScoreSet | None:
    """Return the scores in a file if this network made them."""
    try:
        scores = load_score_set(path)
    except GenreError:
        return None  # missing, or half a file
    return scores if scores.provenance.model_sha256 == sha256 else None
