"""What the network names the clips of the test list that exist as coarse pictures only."""

import numpy as np

from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.verdicts import song_scores
from genre_core.markdown import markdown_table
from genre_core.model_card.accuracy import own_length
from genre_core.model_card.facts import CardFacts
from genre_core.model_card.wording import FEW_CLIPS, share_of, unmeasured


def coarse_section(facts: CardFacts) -> str:
    """Return the section "Coarse clips"."""
    coarse = facts.coarse
    if coarse is None:
        return unmeasured("coarse pictures of the test list")
    test = facts.own("test")
    with_sound = {} if test is None else _correct(facts, test)
    pictures = _correct(facts, coarse)
    alone = {clip_id for clip_id in pictures if clip_id not in with_sound}
    labels = {clip.clip_id: clip.label for clip in coarse.clips}
    rows = []
    for genre in coarse.genres:
        own = [pictures[clip_id] for clip_id in sorted(alone) if labels[clip_id] == genre]
        if len(own) >= FEW_CLIPS:
            rows.append([genre, str(len(own)), share_of(sum(own), len(own))])
    table = markdown_table(["genre", "n", "correct"], rows, numbers={1, 2}) if rows else ""
    n_correct = sum(pictures[clip_id] for clip_id in alone)
    text = (
        f"{len(alone)} clips of the test list without sound, from coarse pictures: "
        f"{share_of(n_correct, len(alone))}. They are no part of any other number of this card.\n\n"
        f"{table}\n\n"
        "A picture is interpolated to the bands and columns of the network's input "
        "(`genre_core/features/coarse.py`). It has a point every 77 ms, the input a column every "
        f"{1_000 * facts.info.features.column_seconds:.0f} ms. What lies between its points is "
        "lost, so it is much smoother in time than any song."
    )
    both = [clip_id for clip_id in pictures if clip_id in with_sound]
    if not both:
        return text
    return (
        f"{text} Of the {len(both)} clips of the list that have a picture and sound, the network "
        f"names {sum(pictures[each] for each in both)} correctly from the picture and "
        f"{sum(with_sound[each] for each in both)} from the sound."
    )


def _correct(facts: CardFacts, scores: ScoreSet) -> dict[str, bool]:
    """Return whether each clip is named correctly, by clip id."""
    named = song_scores(scores.frames[own_length(facts, scores)]).argmax(axis=1)
    is_correct = np.equal(named, scores.labels()).tolist()
    return {clip.clip_id: ok for clip, ok in zip(scores.clips, is_correct, strict=True)}
