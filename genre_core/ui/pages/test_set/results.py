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
    score_set : only the songs shown
    frames : at the frame length
    reference : key of the score file that kNN uses; empty without kNN
    digest : differs from that of every other result
    """

    score_set: ScoreSet
    frames: FrameScores
    judged: SongVerdicts
    summary: Summary
    outcomes: Outcomes
    selective: SelectiveCurve
    reference: str
    digest: str


def folder() -> Path:
    """Return where the score files lie: `GENRE_EVALUATIONS`, or those that come with the app."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named) if named else assets.EVALUATIONS_FOLDER


def read_library(state: ScoresState) -> Library:
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


def result_of(library: Library, view: ScoresView) -> Result:
    """Return what the view asks for.

    Raises SettingsError if the reference set of a kNN does not fit.
    """
    reference = reference_key(view, library.score_sets) if view.aggregation == "knn" else ""
    digest = (
        f"{library.digests[view.scores]} {view.frame_seconds:g} {view.aggregation} {view.heard} "
        + (f"{view.k} {view.metric} {reference} {library.digests[reference]}" if reference else "")
    )
    asked = library.score_sets[reference or view.scores]
    return _result(digest, library.score_sets[view.scores], asked, reference, view)


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


def all_lengths(library: Library, view: ScoresView) -> dict[float, Summary]:
    """Return the measures at every frame length, with the aggregation that is shown.

    Lengths at which that cannot be, for a kNN has nobody to ask, are left out.
    """
    summaries = {}
    for seconds in sorted(library.score_sets[view.scores].frames):
        asked = replace(view, frame_seconds=seconds)
        if view.reference not in ("", view.scores, *reference_keys(asked, library.score_sets)):
            continue
        with suppress(SettingsError):
            summaries[seconds] = result_of(library, asked).summary
    return summaries


def overview_references(library: Library, view: ScoresView) -> dict[float, str]:
    """Return the key of the score file that kNN asks, by frame length, where it can ask one."""
    keys = {}
    for seconds in sorted(library.score_sets[view.scores].frames):
        key = reference_key(replace(view, frame_seconds=seconds), library.score_sets)
        if seconds in library.score_sets[key].frames:
            keys[seconds] = key
    return keys


def overview_table(
    library: Library, view: ScoresView, result: Result, references: Mapping[float, str]
) -> pd.DataFrame:
    """Return `evaluation_export.accuracy_table` of the songs that are looked at.

    `references` are those of `overview_references`.
    """
    asked = {
        seconds: result.score_set if key == view.scores else library.score_sets[key]
        for seconds, key in references.items()
    }
    digest = (
        f"{library.digests[view.scores]} {view.heard} {view.k} {view.metric} "
        f"{sorted((seconds, key, library.digests[key]) for seconds, key in references.items())}"
    )
    return _accuracy_table(digest, result.score_set, asked, KnnSettings(view.k, view.metric))


@st.cache_data(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def _accuracy_table(
    digest: str, _score_set: ScoreSet, _asked: Mapping[float, ScoreSet], _settings: KnnSettings
) -> pd.DataFrame:
    return evaluation_export.accuracy_table(_score_set, _asked, _settings)


@st.cache_resource(max_entries=64, show_spinner=False)
def _load(path: str, changed: str) -> ScoreSet:
    return load_score_set(path)


def _default_first(score_sets: dict[str, ScoreSet]) -> dict[str, ScoreSet]:
    """Put the bundled default network's test list first, unchanged sound before changed."""

    def rank(key: str) -> tuple[bool, bool, bool, bool, str]:
        provenance = score_sets[key].provenance
        return (
            key == OWN_KEY,
            bool(provenance.perturbation),
            provenance.list_name != "test",
            provenance.model != DEFAULT_MODEL,
            key,
        )

    return {key: score_sets[key] for key in sorted(score_sets, key=rank)}
