"""The score files and what is computed from them, kept for all sessions. No network runs here."""

import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from genre_core import evaluation, evaluation_export, evaluation_files
from genre_core.errors import DatasetError
from genre_core.evaluation import Outcomes, PairedTest, Summary
from genre_core.judging import Judged, judge
from genre_core.knn import KnnSettings
from genre_core.listening_length import Hits, hits_by_length
from genre_core.recognizer import DEFAULT_MODEL
from genre_core.score_set import FrameScores, ScoreSet, load_score_set
from genre_core.selective import SelectiveCurve, selective_curve
from genre_core.ui.components.test_set.state import OWN_KEY, TestSetState
from genre_core.ui.scores_view import ScoresView

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
    judged : Judged
    summary : Summary
    outcomes : Outcomes
    selective : SelectiveCurve
    digest : str
        Tells it from every other result.
    """

    score_set: ScoreSet
    frames: FrameScores
    judged: Judged
    summary: Summary
    outcomes: Outcomes
    selective: SelectiveCurve
    digest: str


def folder() -> Path:
    """Return where the score files lie: `GENRE_EVALUATIONS`, or those that come with the app."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else evaluation_files.EVALUATIONS_FOLDER


def library(state: TestSetState) -> Library:
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
    reference = view.reference or view.scores
    is_knn = view.aggregation == "knn"
    knn = KnnSettings(view.k, view.metric)
    digest = (
        f"{shelf.digests[view.scores]} {view.frame_seconds:g} {view.aggregation} {view.heard} "
        + (f"{knn} {shelf.digests[reference]}" if is_knn else "")
    )
    return _result(digest, shelf.score_sets[view.scores], shelf.score_sets[reference], view)


@st.cache_resource(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def _result(digest: str, _score_set: ScoreSet, _reference: ScoreSet, _view: ScoresView) -> Result:
    chosen, view = _score_set, _view
    reference = _reference
    if view.heard:
        chosen = evaluation.of_kinds(chosen, [view.heard])
        if reference is _score_set:
            reference = chosen
    frames = chosen.frames[view.frame_seconds]
    knn = KnnSettings(view.k, view.metric)
    judged = judge(chosen, view.frame_seconds, view.aggregation, reference, knn)
    labels = chosen.labels()
    return Result(
        score_set=chosen,
        frames=frames,
        judged=judged,
        summary=evaluation.measure(labels, frames, judged.by_song, chosen.genres),
        outcomes=evaluation.outcomes(labels, frames, judged.by_song),
        selective=selective_curve(labels, judged.by_song),
        digest=digest,
    )


@st.cache_resource(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def hits(digest: str, _found: Result) -> Hits:
    """Return how often each song is right from 1, 2, ... of its frames."""
    return hits_by_length(_found.score_set.labels(), _found.judged.evidence, _found.frames.counts)


@st.cache_data(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def accuracy_table(
    digest: str, _score_set: ScoreSet, _reference: ScoreSet, knn: KnnSettings
) -> pd.DataFrame:
    """Return `evaluation_export.accuracy_table`."""
    return evaluation_export.accuracy_table(_score_set, _reference, knn)


def rivals(shelf: Library, view: ScoresView) -> dict[str, PairedTest]:
    """Compare with every other network that judged the same songs in the same way.

    Returns
    -------
    dict of str to PairedTest
        By the other network's name; "first" is the one that is shown.
    """
    own = shelf.score_sets[view.scores]
    ids = [clip.clip_id for clip in own.clips]
    found: dict[str, PairedTest] = {}
    for key, other in shelf.score_sets.items():
        if (
            key == view.scores
            or view.frame_seconds not in other.frames
            or other.genres != own.genres
            or other.provenance.model_sha256 == own.provenance.model_sha256
            or other.provenance.perturbation != own.provenance.perturbation
            or [clip.clip_id for clip in other.clips] != ids
            or view.aggregation == "knn"
        ):
            continue
        songs = [result(shelf, _of(view, each)) for each in (view.scores, key)]
        first, second = (each.judged.by_song.argmax(axis=1) for each in songs)
        found[other.provenance.model] = evaluation.mcnemar(
            songs[0].score_set.labels(), first, second
        )
    return found


def _of(view: ScoresView, key: str) -> ScoresView:
    return ScoresView(
        scores=key,
        frame_seconds=view.frame_seconds,
        aggregation=view.aggregation,
        heard=view.heard,
    )


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
            not told.split.startswith("test"),
            told.model != DEFAULT_MODEL,
            key,
        )

    return {key: score_sets[key] for key in sorted(score_sets, key=rank)}
