"""How often verdicts of the network in use are right, by the score files that come with it."""

from pathlib import Path

import streamlit as st

from genre_core import assets
from genre_core.errors import DatasetError
from genre_core.evaluation.bundled import read_score_files
from genre_core.evaluation.score_set import ScoreSet
from genre_core.evaluation.surety import Surety, SuretyCurve, fit_surety
from genre_core.inference.analysis import SongAnalysis
from genre_core.types import ModelInfo, Verdict

_MAX_CURVES = 64


def surety(analysis: SongAnalysis, verdict: Verdict) -> Surety | None:
    """Return how sure a verdict on a song is; None where that was not measured."""
    folder = assets.EVALUATIONS_FOLDER
    changed = tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*.json")))
    seconds = analysis.frames.frame_seconds
    curve = _curve(analysis.model, verdict.aggregation, seconds, folder, changed)
    return curve.surety(verdict) if curve is not None else None


@st.cache_data(max_entries=_MAX_CURVES, show_spinner=False)
def _curve(
    model: ModelInfo,
    aggregation: str,
    frame_seconds: float,
    folder: Path,
    changed_ns: tuple[int, ...],
) -> SuretyCurve | None:
    return fit_surety(_score_sets(folder, changed_ns), model, aggregation, frame_seconds)


@st.cache_resource(max_entries=2, show_spinner=False)
def _score_sets(folder: Path, changed_ns: tuple[int, ...]) -> tuple[ScoreSet, ...]:
    try:
        return tuple(read_score_files(folder).values())
    except DatasetError:
        return ()  # the page "Test set" says what is wrong
