"""The accuracy of the network on perturbed sound, on whole songs and in cross-validation."""

from dataclasses import dataclass

import numpy as np

from genre_core.evaluation.bundled import CrossValidation
from genre_core.evaluation.score_set import CROSS_VALIDATION
from genre_core.evaluation.summary import Summary, summarise
from genre_core.evaluation.verdicts import song_scores
from genre_core.markdown import markdown_table
from genre_core.model_card.accuracy import own_length
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.wording import network_name, share_of, songs_correct, unmeasured


@dataclass(frozen=True)
class PerturbationLoss:
    """A perturbation, and the `loss` of accuracy, -1 to 1, on the clips to which it was applied."""

    name: str
    summary: Summary
    loss: float


def losses(facts: CardFacts) -> list[PerturbationLoss]:
    """Return the loss of accuracy by each perturbation."""
    test = facts.own("test")
    if test is None:
        return []
    position = {clip.clip_id: index for index, clip in enumerate(test.clips)}
    results = []
    for item in facts.score_sets.values():
        name = item.provenance.perturbation
        if not name or facts.own("test", name) is not item:
            continue
        seconds = own_length(facts, item)
        ids = [clip.clip_id for clip in item.clips]
        if seconds not in test.frames or not set(ids) <= set(position):
            continue
        correct = song_scores(test.frames[seconds]).argmax(axis=1) == test.labels()
        summary = summarise(item, seconds)
        before = float(correct[[position[clip_id] for clip_id in ids]].mean())
        loss = before - summary.song_accuracy.value
        results.append(PerturbationLoss(name.replace("_", " "), summary, loss))
    return results


def robustness_section(facts: CardFacts) -> str:
    """Return the section "Robustness"."""
    rows = [
        [
            item.name,
            str(item.summary.n_songs),
            item.summary.song_accuracy.in_percent(),
            f"{0.0 - 100 * item.loss:+.1f}",
        ]
        for item in losses(facts)
    ]
    if not rows:
        return unmeasured("changed clips")
    header = ["sound", "n", "by song", "against unchanged, points"]
    table = markdown_table(header, rows, numbers={1, 2, 3})
    return f"The clips of the test list, their sound changed first.\n\n{table}"


def songs_section(facts: CardFacts) -> str:
    """Return the section "Whole songs"."""
    own = facts.own("all")
    if own is None:
        return unmeasured("whole songs")
    seconds = own_length(facts, own)
    rows = []
    for item in (own, *facts.others(own)):
        summary = summarise(item, seconds)
        name = f"`{facts.info.name}`" if item is own else network_name(item)
        rows.append([name, songs_correct(summary), summary.frame_accuracy.in_percent()])
    table = markdown_table(["network", "by song", "by frame"], rows, numbers={1, 2})
    return (
        f"{len(own.clips)} openly licensed songs from elsewhere, frames of {seconds:g} s, "
        f"{own.provenance.trim_seconds or 0:g} s left out at both ends. An illustration, not a "
        f"measure: one song is {100 / len(own.clips):.0f} points.\n\n{table}"
    )


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


def _genres_of_folds(facts: CardFacts, record: CrossValidation) -> str:
    """Return a table of the genres over all folds; nothing where their scores are not at hand."""
    for item in facts.score_sets.values():
        made = item.provenance
        is_it = (made.model, made.dataset) == (facts.info.name, record.dataset)
        if is_it and made.list_name == CROSS_VALIDATION and item.frames:
            matrix = summarise(item, max(item.frames)).song_confusion
            rows = [
                [genre, str(songs.sum()), share_of(int(songs[index]), int(songs.sum()))]
                for index, (genre, songs) in enumerate(zip(item.genres, matrix, strict=True))
                if songs.sum()
            ]
            return "\n\n" + markdown_table(["genre", "n", "correct"], rows, numbers={1, 2})
    return ""


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
