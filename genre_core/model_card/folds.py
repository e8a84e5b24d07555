"""The accuracy by folds, each song scored by a network that was trained without its artist."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from genre_core.evaluation.bundled import CrossValidation
from genre_core.evaluation.score_set import CROSS_VALIDATION, ScoreSet
from genre_core.evaluation.summary import summarise
from genre_core.markdown import markdown_table
from genre_core.model_card.accuracy import own_length
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.notes import DATASET_NOTES
from genre_core.model_card.wording import share_of, unmeasured

FOLDS_COMMAND = "python -m benchmarks.more_folds"


def cross_validation_section(facts: CardFacts) -> str:
    """Return the section "Cross-validation"."""
    record = facts.cross_validation
    if record is None:
        return "Not done."
    folds = record.folds
    rows = [
        [str(fold.fold), str(fold.n_songs), share_of(fold.n_right, fold.n_songs)] for fold in folds
    ]
    shares = np.array([fold.n_right / fold.n_songs for fold in folds])
    n_songs = sum(fold.n_songs for fold in folds)
    if is_same_recipe(facts):
        recipe = "with the same recipe"
    elif is_last_stage(facts):
        recipe = (
            "with the last stage of the same recipe, the only one with labels; the stages before "
            "it are those of this checkpoint, and had its training songs without their labels"
        )
    else:
        recipe = "with another recipe than this checkpoint"
    table = markdown_table(["fold", "n", "correct"], rows, numbers={0, 1, 2})
    return (
        f"{len(folds)} folds over {n_songs} songs, artists and near-duplicates kept together. Each "
        f"song was scored by the network that was trained without its fold, {recipe}: "
        f"{share_of(sum(fold.n_right for fold in folds), n_songs)}. Over the folds "
        f"{100 * shares.mean():.1f} % with a standard deviation of "
        f"{100 * shares.std(ddof=1):.1f} points.\n\n{table}{_genres_of_folds(facts, record)}"
    )


def elsewhere_section(facts: CardFacts) -> str:
    """Return the section "Songs from elsewhere, by folds"."""
    home = str(facts.info.training.get("dataset", ""))
    every = _scores_of_folds(facts)
    folds = next((item for item in every if item.provenance.dataset != home), None)
    if folds is None:
        return unmeasured("folds of songs from elsewhere", FOLDS_COMMAND)
    made, seconds = folds.provenance, own_length(facts, folds)
    summary = summarise(folds, seconds)
    lines = [
        f"{len(folds.clips)} songs of {made.dataset}, {made.scheme}. Each was scored by the "
        "network whose last stage was trained without its fold, in frames of "
        f"{seconds:g} s: {share_of(int(np.trace(summary.song_confusion)), summary.n_songs)}, "
        f"expected calibration error {summary.calibration_error:.3f}.",
        *DATASET_NOTES.get(made.dataset, ()),
    ]
    without_labels = [each for each in facts.stages_settings if each.get("task") == "maps"]
    if any(_learns_from(stage, made.dataset) for stage in without_labels):
        lines.append(
            "The stages before the last are the same for all folds, and had these songs without "
            "their labels."
        )
    if _learns_from(facts.info.training.get("settings", {}), made.dataset):
        lines.append("The network of this card has learnt from these songs, with their labels.")
    lines.append(f"Command: `{made.command}`.")
    text = "\n".join(f"- {line}" for line in lines)
    return f"{text}\n\n{_lengths_table(folds)}\n\n{genres_table(folds, seconds)}"


def genres_table(scores: ScoreSet, frame_seconds: float) -> str:
    """Return the songs of each genre that occurs, and how many are correct, with intervals."""
    matrix = summarise(scores, frame_seconds).song_confusion
    rows = [
        [genre, str(songs.sum()), share_of(int(songs[index]), int(songs.sum()))]
        for index, (genre, songs) in enumerate(zip(scores.genres, matrix, strict=True))
        if songs.sum()
    ]
    return markdown_table(["genre", "n", "correct"], rows, numbers={1, 2})


def _lengths_table(scores: ScoreSet) -> str:
    rows = []
    for seconds in sorted(scores.frames):
        summary = summarise(scores, seconds)
        correct = share_of(int(np.trace(summary.song_confusion)), summary.n_songs)
        by_frame = summary.frame_accuracy.in_percent()
        rows.append([f"{seconds:g} s", by_frame, correct, f"{summary.calibration_error:.3f}"])
    header = ["frame", "by frame", "by song", "calibration error"]
    return markdown_table(header, rows, numbers=set(range(len(header))))


def _scores_of_folds(facts: CardFacts) -> list[ScoreSet]:
    return [
        item
        for item in facts.score_sets.values()
        if item.provenance.model == facts.info.name
        and item.provenance.list_name == CROSS_VALIDATION
        and item.frames
    ]


def _genres_of_folds(facts: CardFacts, record: CrossValidation) -> str:
    """Return a table of the genres over all folds; nothing where their scores are not at hand."""
    tables = (
        "\n\n" + genres_table(item, max(item.frames))
        for item in _scores_of_folds(facts)
        if item.provenance.dataset == record.dataset
    )
    return next(tables, "")


def _learns_from(settings: Mapping[str, Any], dataset: str) -> bool:
    """Return whether a stage has the songs of that data set."""
    return any(Path(more).parent.name == dataset for more in settings.get("more", ()))


def is_last_stage(facts: CardFacts) -> bool:
    """Return whether the cross-validation trained the last stage alone of this checkpoint's."""
    record = facts.cross_validation
    if record is None or record.stages or not facts.stages:
        return False
    own = facts.info.training.get("settings", {})
    return {**record.settings, "init": ""} == {**own, "init": ""}


def is_same_recipe(facts: CardFacts) -> bool:
    """Return whether the cross-validation used the settings of this checkpoint."""
    record = facts.cross_validation
    return (
        record is not None
        and record.settings == facts.info.training.get("settings", {})
        and record.stages == facts.stages_settings
        and list(record.stages)
        == [stage["settings"] for stage in facts.info.training.get("stages", [])]
    )
