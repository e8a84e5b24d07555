"""The accuracy of the network on perturbed sound and on whole songs."""

from dataclasses import dataclass

from genre_core.audio.perturbations import change_name
from genre_core.evaluation.summary import Summary, summarise
from genre_core.evaluation.verdicts import song_scores
from genre_core.markdown import markdown_table
from genre_core.model_card.accuracy import own_length
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.wording import network_name, songs_correct, unmeasured

LISTS = {"test": "test list", "all": "whole songs"}


@dataclass(frozen=True)
class PerturbationLoss:
    """What a perturbation costs.

    Attributes
    ----------
    name : of the sound, for a reader
    list_name : a key of `LISTS`
    loss : of accuracy, -1 to 1, on the clips to which it was applied
    """

    name: str
    list_name: str
    summary: Summary
    loss: float


def losses(facts: CardFacts) -> list[PerturbationLoss]:
    """Return the loss of accuracy by each perturbation, on the test list and on whole songs."""
    results = []
    for item in facts.score_sets.values():
        name, list_name = item.provenance.perturbation, item.provenance.list_name
        if not name or list_name not in LISTS or facts.own(list_name, name) is not item:
            continue
        unchanged = facts.own(list_name)
        if unchanged is None:
            continue
        position = {clip.clip_id: index for index, clip in enumerate(unchanged.clips)}
        seconds = own_length(facts, item)
        ids = [clip.clip_id for clip in item.clips]
        if seconds not in unchanged.frames or not set(ids) <= set(position):
            continue
        correct = song_scores(unchanged.frames[seconds]).argmax(axis=1) == unchanged.labels()
        summary = summarise(item, seconds)
        before = float(correct[[position[clip_id] for clip_id in ids]].mean())
        loss = before - summary.song_accuracy.value
        results.append(PerturbationLoss(change_name(name), list_name, summary, loss))
    return results


def robustness_section(facts: CardFacts) -> str:
    """Return the section "Robustness"."""
    rows = [
        [
            item.name,
            LISTS[item.list_name],
            str(item.summary.n_songs),
            item.summary.song_accuracy.in_percent(),
            f"{0.0 - 100 * item.loss:+.1f}",
        ]
        for item in losses(facts)
    ]
    if not rows:
        return unmeasured("changed clips")
    header = ["sound", "of", "n", "by song", "against unchanged, points"]
    table = markdown_table(header, rows, numbers={2, 3, 4})
    return f"Songs, their sound changed first.\n\n{table}"


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
