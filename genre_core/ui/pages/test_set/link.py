"""What a link to the page "Test set" says.

`?scores=mine.gtzan-test&t=10&agg=knn&k=15&metric=hellinger&ref=mine.gtzan-valid
&cells=count&order=alike&by=song&true=rock&named=country&song=rock.00012`: the score file, the frame
length in seconds, how frames are combined, what the cells of the matrices show and in
which order, the open cell and the open song; `show=averaging` opens a tab, and `part=own` shows
the way to a test set of one's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from genre_core.evaluation.knn import METRICS, MOST_NEIGHBOURS
from genre_core.evaluation.metrics import Shares
from genre_core.evaluation.score_set import ScoreSet
from genre_core.ui import url

Unit = Literal["song", "frame"]
Part = Literal["results", "own"]
Order = Literal["name", "alike"]
Tab = Literal["songs", "averaging", "sure", "genres", "limits", "files"]

OWN_KEY = "own"  # key of the session's own score set, in links and in the choice


@dataclass(frozen=True)
class ScoresView:
    """The settings of the page.

    Attributes
    ----------
    scores : key of the score file; empty for the first
    frame_seconds : 0 for the default of the file
    aggregation : a key of `aggregate.AGGREGATES`, or "knn"
    k, metric, reference : of kNN; `reference` is the key of a score file, empty for the fair one if
        there is one, see `reference_key`
    cells : what the cells of the matrices show: percent of the true genre, of the named one, or
        counts
    order : of the genres in the matrices: as the network has them, or those side by side that are
        taken for one another
    unit : of which matrix the open cell is
    true, named : the open cell; empty for none
    song : id of the open song; empty for none
    tab : the tab below the matrices
    part : what the page shows: results, or the way to a test set of one's own
    """

    scores: str = ""
    frame_seconds: float = 0.0
    aggregation: str = "mean"
    k: int = 15
    metric: str = "hellinger"
    reference: str = ""
    cells: Shares = "row"
    order: Order = "name"
    unit: Unit = "song"
    true: str = ""
    named: str = ""
    song: str = ""
    tab: Tab = "songs"
    part: Part = "results"

    def without_cell(self) -> "ScoresView":
        """Return the view with no cell and no song open."""
        return replace(self, unit="song", true="", named="", song="")


PARAMETERS: dict[str, url.Parameter] = {
    "scores": url.text("scores"),
    "t": url.number("frame_seconds"),
    "agg": url.named("aggregation", {**url.AGGREGATIONS, "knn": "knn"}),
    "k": url.between("k", int, 1, MOST_NEIGHBOURS),
    "metric": url.one_of("metric", METRICS),
    "ref": url.text("reference"),
    "cells": url.one_of("cells", get_args(Shares)),
    "order": url.one_of("order", get_args(Order)),
    "by": url.one_of("unit", get_args(Unit)),
    "true": url.text("true"),
    "named": url.text("named"),
    "song": url.text("song"),
    "show": url.one_of("tab", get_args(Tab)),
    "part": url.one_of("part", get_args(Part)),
}


def default_frame_seconds(score_set: ScoreSet) -> float:
    """Return the longest frame length at which most songs have frames to average."""
    several = [s for s, frames in score_set.frames.items() if np.median(frames.counts) >= 2]
    return max(several, default=max(score_set.frames))


def fit_view(
    view: ScoresView, score_sets: Mapping[str, ScoreSet]
) -> tuple[ScoresView, tuple[str, ...]]:
    """Fit a view to the score sets that there are.

    Returns the view and a plain, unescaped sentence for every change. `score_sets` holds at least
    one, by its key.
    """
    notes: list[str] = []
    if view.scores not in score_sets:
        if view.scores == OWN_KEY:
            notes.append(
                "The link is about a test set of somebody’s own, which only their session has: "
                "open its result file under “Your own test set”."
            )
        elif view.scores:
            notes.append(f"The link asks for the scores “{view.scores}”: there are none.")
            view = view.without_cell()
        view = replace(view, scores=next(iter(score_sets)))
    score_set = score_sets[view.scores]
    if view.frame_seconds not in score_set.frames:
        seconds = default_frame_seconds(score_set)
        if view.frame_seconds:
            seconds = min(score_set.frames, key=lambda s: abs(s - view.frame_seconds))
            notes.append(
                f"There are no scores for frames of {view.frame_seconds:g} s: "
                f"set to {seconds:g} s, the nearest."
            )
        view = replace(view, frame_seconds=seconds)
    if view.reference not in ("", view.scores, *reference_keys(view, score_sets)):
        missing, view = view.reference, replace(view, reference="")
        notes.append(
            f"“{missing}” cannot be the reference set for frames of {view.frame_seconds:g} s: "
            f"“{reference_key(view, score_sets)}” is."
        )
    for genre in (view.true, view.named):
        if genre and genre not in score_set.genres:
            notes.append(f"There is no genre “{genre}” here: no cell is open.")
            view = view.without_cell()
    if bool(view.true) != bool(view.named):
        view = view.without_cell()
    if view.song and all(clip.clip_id != view.song for clip in score_set.clips):
        notes.append(f"There is no song “{view.song}” here.")
        view = replace(view, song="")
    return view, tuple(notes)


def reference_keys(view: ScoresView, score_sets: Mapping[str, ScoreSet]) -> list[str]:
    """Return the keys of the other score files that can be a kNN's reference set.

    They are of the same network and genres and have the frame length.
    """
    own = score_sets[view.scores]
    return [
        key
        for key, other in score_sets.items()
        if key != view.scores
        and other.genres == own.genres
        and other.provenance.model_sha256 == own.provenance.model_sha256
        and not other.provenance.perturbation
        and view.frame_seconds in other.frames
    ]


def reference_key(view: ScoresView, score_sets: Mapping[str, ScoreSet]) -> str:
    """Return the key of the score file whose songs a kNN uses.

    It is the one that was chosen; else a validation list, the same data set's first, for the
    network was neither trained nor tested on it; else the songs themselves.
    """
    if view.reference:
        return view.reference
    own = score_sets[view.scores]
    if is_validation(own):
        return view.scores
    fair = [key for key in reference_keys(view, score_sets) if is_validation(score_sets[key])]
    dataset = own.provenance.dataset
    return min(
        fair,
        key=lambda key: score_sets[key].provenance.dataset != dataset,
        default=view.scores,
    )


def is_validation(score_set: ScoreSet) -> bool:
    """Return whether its songs are those of a validation list."""
    return score_set.provenance.list_name == "valid"
