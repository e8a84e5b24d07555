"""The score files and what is computed from them, cached for all sessions. No network runs here."""

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
from genre_core.evaluation import export as evaluation_export
from genre_core.evaluation.coverage import SelectiveCurve, selective_curve
from genre_core.evaluation.knn import KnnSettings
from genre_core.evaluation.listening_curve import Hits, hits_by_length
from genre_core.evaluation.score_file import load_score_set
from genre_core.evaluation.score_set import FrameScores, ScoreSet
from genre_core.evaluation.summary import Summary, measure
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
    verdicts: SongVerdicts
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
    digest = f"{library.digests[view.scores]} {view.frame_seconds:g} {view.aggregation} " + (
        f"{view.k} {view.metric} {reference} {library.digests[reference]}" if reference else ""
    )
    score_set = library.score_sets[view.scores]
    neighbours = library.score_sets[reference or view.scores]
    return _result(digest, score_set, neighbours, reference, view)


@st.cache_resource(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def _result(
    digest: str, _score_set: ScoreSet, _neighbours: ScoreSet, _reference: str, _view: ScoresView
) -> Result:
    view = _view
    frames = _score_set.frames[view.frame_seconds]
    knn = KnnSettings(view.k, view.metric)
    verdicts = song_verdicts(_score_set, view.frame_seconds, view.aggregation, _neighbours, knn)
    labels = _score_set.labels()
    return Result(
        score_set=_score_set,
        frames=frames,
        verdicts=verdicts,
        summary=measure(labels, frames, verdicts.by_song, _score_set.genres),
        outcomes=outcomes(labels, frames, verdicts.by_song),
        selective=selective_curve(labels, verdicts.by_song),
        reference=_reference,
        digest=digest,
    )


@st.cache_resource(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def hits(digest: str, _of: Result) -> Hits:
    """Return how often each song is right from 1, 2, ... of its frames."""
    labels, evidence = _of.score_set.labels(), _of.verdicts.evidence
    return hits_by_length(labels, evidence, _of.frames.counts)


def all_lengths(library: Library, view: ScoresView) -> dict[float, Summary]:
    """Return the measures at every frame length, with the aggregation that is shown.

    Lengths at which kNN has no reference songs are left out.
    """
    summaries = {}
    for seconds in sorted(library.score_sets[view.scores].frames):
        at_length = replace(view, frame_seconds=seconds)
        if view.reference not in ("", view.scores, *reference_keys(at_length, library.score_sets)):
            continue
        with suppress(SettingsError):
            summaries[seconds] = result_of(library, at_length).summary
    return summaries


def overview_references(library: Library, view: ScoresView) -> dict[float, str]:
    """Return the key of the score file that kNN uses, by frame length, where there is one."""
    keys = {}
    for seconds in sorted(library.score_sets[view.scores].frames):
        key = reference_key(replace(view, frame_seconds=seconds), library.score_sets)
        if seconds in library.score_sets[key].frames:
            keys[seconds] = key
    return keys


def overview_table(
    library: Library, view: ScoresView, result: Result, references: Mapping[float, str]
) -> pd.DataFrame:
    """Return `evaluation_export.accuracy_table` of the songs shown.

    `references` are those of `overview_references`.
    """
    neighbours = {
        seconds: result.score_set if key == view.scores else library.score_sets[key]
        for seconds, key in references.items()
    }
    digest = (
        f"{library.digests[view.scores]} {view.k} {view.metric} "
        f"{sorted((seconds, key, library.digests[key]) for seconds, key in references.items())}"
    )
    return _accuracy_table(digest, result.score_set, neighbours, KnnSettings(view.k, view.metric))


@st.cache_data(max_entries=_MAX_RESULTS, ttl=_TTL, show_spinner=False)
def _accuracy_table(
    digest: str,
    _score_set: ScoreSet,
    _neighbours: Mapping[float, ScoreSet],
    _settings: KnnSettings,
) -> pd.DataFrame:
    return evaluation_export.accuracy_table(_score_set, _neighbours, _settings)


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
