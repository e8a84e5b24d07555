"""The score files and what is computed from them, kept for all sessions. No network runs here."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from genre_core import assets
from genre_core.checkpoints.bundled import DEFAULT_MODEL
from genre_core.errors import DatasetError, SettingsError
from genre_core.evaluation import (
    export as evaluation_export,
)
from genre_core.evaluation.coverage import SelectiveCurve, selective_curve
from genre_core.evaluation.knn import KnnSettings
from genre_core.evaluation.listening_curve import Hits, hits_by_length
from genre_core.evaluation.metrics import PairedTest, mcnemar
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import FrameScores, ScoreSet
from genre_core.evaluation.summary import Summary, measure, of_kinds
from genre_core.evaluation.verdicts import Outcomes, SongVerdicts, outcomes, song_verdicts
from genre_core.ui.pages.test_set.link import OWN_KEY, ScoresView, reference_key, reference_keys
from genre_core.ui.pages.test_set.state import ScoresState

FOLDER_VARIABLE = "GENRE_EVALUATIONS"  # environment variable: another folder of score files
_MAX_RESULTS = 64
_TTL = "2h"


@dataclass(frozen=True)
class Library:
    """The score files there are, by key, and a sentence for each that cannot be read."""

    score_sets: dict[str, ScoreSet]
    digests: dict[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Result:
    """One test set at one frame length and aggregation.

    Attributes
    ----------
    score_set : ScoreSet
        Only the songs that are looked at.
    frames : FrameScores
        At the frame length.
    judged : SongVerdicts
    summary : Summary
    outcomes : Outcomes
    selective : SelectiveCurve
    reference : str
        Key of the score file that kNN asks; empty where nothing is asked.
    digest : str
        Tells it from every other result.
    """

    score_set: ScoreSet
    frames: FrameScores
    judged: SongVerdicts
    summary: Summary
    outcomes: Outcomes
    selective: SelectiveCurve
    reference: str
    digest: str


@dataclass(frozen=True)
class Rival:
    """Another network on the same songs.

    Attributes
    ----------
    name : str
    test : PairedTest or None
        None where they cannot be compared fairly.
    why_not : str
        The reason for that, as a clause.
    """

    name: str
    test: PairedTest | None
    why_not: str = ""


def folder() -> Path:
    """Return where the score files lie: `GENRE_EVALUATIONS`, or those that come with the app."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else assets.EVALUATIONS_FOLDER


def library(state: ScoresState) -> Library:
    """Read the score files; this session's own comes last."""
    score_sets, digests, problems = {}, {}, []
    for path in sorted(folder().glob("*.json")):
        try:
            changed = f"{path} {path.stat().st_mtime_ns}"
            score_sets[path.stem] = _load(str(path), changed)
            digests[path.stem] = changed
        except (DatasetError, OSError) as error:
            problems.append(str(error))
    if state.own is not None:
        score_sets[OWN_KEY] = state.own
        digests[OWN_KEY] = state.own_digest
    return Library(_default_first(score_sets), digests, tuple(problems))


def result(shelf: Library, view: ScoresView) -> Result:
    """Return what the view asks for.

    Raises
    ------
    SettingsError
        If the reference set of a kNN does not fit.
    """
    reference = reference_key(view, shelf.score_sets) if view.aggregation == "knn" else ""
    digest = (
        f"{shelf.digests[view.scores]} {view.frame_seconds:g} {view.aggregation} {view.heard} "
        + (f"{view.k} {view.metric} {reference} {shelf.digests[reference]}" if reference else "")
    )
    asked = shelf.score_sets[reference or view.scores]
    return _result(digest, shelf.score_sets[view.scores], asked, reference, view)


@st.cache_resource(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def _result(
    digest: str, _score_set: ScoreSet, _asked: ScoreSet, _reference: str, _view: ScoresView
) -> Result:
    view = _view
    chosen = of_kinds(_score_set, [view.heard]) if view.heard else _score_set
    asked = chosen if _asked is _score_set else _asked
    frames = chosen.frames[view.frame_seconds]
    knn = KnnSettings(view.k, view.metric)
    judged = song_verdicts(chosen, view.frame_seconds, view.aggregation, asked, knn)
    labels = chosen.labels()
    return Result(
        score_set=chosen,
        frames=frames,
        judged=judged,
        summary=measure(labels, frames, judged.by_song, chosen.genres),
        outcomes=outcomes(labels, frames, judged.by_song),
        selective=selective_curve(labels, judged.by_song),
        reference=_reference,
        digest=digest,
    )


@st.cache_resource(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def hits(digest: str, _found: Result) -> Hits:
    """Return how often each song is right from 1, 2, ... of its frames."""
    return hits_by_length(_found.score_set.labels(), _found.judged.evidence, _found.frames.counts)


def all_lengths(shelf: Library, view: ScoresView) -> dict[float, Summary]:
    """Return the measures at every frame length, with the aggregation that is shown.

    Lengths at which that cannot be, for a kNN has nobody to ask, are left out.
    """
    found = {}
    for seconds in sorted(shelf.score_sets[view.scores].frames):
        asked = replace(view, frame_seconds=seconds)
        if view.reference not in ("", view.scores, *reference_keys(asked, shelf.score_sets)):
            continue
        with suppress(SettingsError):
            found[seconds] = result(shelf, asked).summary
    return found


def overview_references(shelf: Library, view: ScoresView) -> dict[float, str]:
    """Return the key of the score file that kNN asks, by frame length, where it can ask one."""
    found = {}
    for seconds in sorted(shelf.score_sets[view.scores].frames):
        key = reference_key(replace(view, frame_seconds=seconds), shelf.score_sets)
        if seconds in shelf.score_sets[key].frames:
            found[seconds] = key
    return found


def overview_table(
    shelf: Library, view: ScoresView, found: Result, references: Mapping[float, str]
) -> pd.DataFrame:
    """Return `evaluation_export.accuracy_table` of the songs that are looked at.

    Parameters
    ----------
    shelf, view, found
    references : mapping of float to str
        As `overview_references` returns them.
    """
    asked = {
        seconds: found.score_set if key == view.scores else shelf.score_sets[key]
        for seconds, key in references.items()
    }
    digest = (
        f"{shelf.digests[view.scores]} {view.heard} {view.k} {view.metric} "
        f"{sorted((seconds, key, shelf.digests[key]) for seconds, key in references.items())}"
    )
    return _accuracy_table(digest, found.score_set, asked, KnnSettings(view.k, view.metric))


@st.cache_data(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def _accuracy_table(
    digest: str, _score_set: ScoreSet, _asked: Mapping[float, ScoreSet], _settings: KnnSettings
) -> pd.DataFrame:
    return evaluation_export.accuracy_table(_score_set, _asked, _settings)


def against_mean(shelf: Library, view: ScoresView, found: Result) -> PairedTest | None:
    """Compare with the mean over the frames of the same songs; None if it is the mean.

    Returns
    -------
    PairedTest or None
        "first" is the aggregation that is shown.
    """
    if view.aggregation == "mean":
        return None
    mean = result(shelf, replace(view, aggregation="mean"))
    return _paired(found, mean)


def rivals(shelf: Library, view: ScoresView, found: Result) -> list[Rival]:
    """Compare with every other network that judged the same songs in the same way.

    Returns
    -------
    list of Rival
        In their tests "first" is the network that is shown; one without scores of this frame
        length is there without a test. A kNN of another network asks that
        network's own scores of the same reference songs.
    """
    own = shelf.score_sets[view.scores]
    songs = _songs(own)
    others: list[Rival] = []
    for key, other in shelf.score_sets.items():
        if (
            key == view.scores
            or other.genres != own.genres
            or other.provenance.model_sha256 == own.provenance.model_sha256
            or other.provenance.perturbation != own.provenance.perturbation
            or _songs(other) != songs
        ):
            continue
        name = other.provenance.model
        if view.frame_seconds not in other.frames:
            others.append(Rival(name, None, f"it was scored {_only_lengths(other)}"))
            continue
        theirs = replace(view, scores=key, reference="")
        if found.reference:
            theirs = replace(theirs, reference=_counterpart(shelf, view, found, key))
            if not theirs.reference:
                reason = "its scores of the reference set of kNN are not here"
                others.append(Rival(name, None, reason))
                continue
        others.append(Rival(name, _paired(found, result(shelf, theirs))))
    return others


def _only_lengths(score_set: ScoreSet) -> str:
    lengths = " and ".join(f"{seconds:g} s" for seconds in sorted(score_set.frames))
    return f"in frames of {lengths} only"


def _counterpart(shelf: Library, view: ScoresView, found: Result, rival: str) -> str:
    """Return the key of a rival's scores of the songs that kNN asks; empty if there are none."""
    if found.reference == view.scores:
        return rival
    asked = _songs(shelf.score_sets[found.reference])
    keys = reference_keys(replace(view, scores=rival), shelf.score_sets)
    return next((key for key in keys if _songs(shelf.score_sets[key]) == asked), "")


def _paired(first: Result, second: Result) -> PairedTest:
    named = (each.judged.by_song.argmax(axis=1) for each in (first, second))
    return mcnemar(first.score_set.labels(), *named)


def _songs(score_set: ScoreSet) -> list[tuple[str, str, str]]:
    return [(clip.clip_id, clip.label, clip.kind) for clip in score_set.clips]


@st.cache_resource(max_entries=64, show_spinner=False)
def _load(path: str, changed: str) -> ScoreSet:
    return load_score_set(path)


def _default_first(score_sets: dict[str, ScoreSet]) -> dict[str, ScoreSet]:
    """Put the bundled default network's test list first, unchanged sound before changed."""

    def rank(key: str) -> tuple[bool, bool, bool, bool, str]:
        told = score_sets[key].provenance
        return (
            key == OWN_KEY,
            bool(told.perturbation),
            told.list_name != "test",
            told.model != DEFAULT_MODEL,
            key,
        )

    return {key: score_sets[key] for key in sorted(score_sets, key=rank)}
