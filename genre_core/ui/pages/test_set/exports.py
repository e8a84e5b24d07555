"""Downloads of the results. Each file is made on its click."""

from functools import partial
from typing import get_args

import pandas as pd
import streamlit as st

from genre_core.audio.perturbations import change_name
from genre_core.evaluation import export as evaluation_export
from genre_core.evaluation.score_file import dump_score_set
from genre_core.evaluation.score_set import ScoreSet
from genre_core.inference.export import to_json
from genre_core.plots.confusion_print import PrintFormat, confusion_pair_file
from genre_core.ui.components.download import download
from genre_core.ui.components.text import file_stem
from genre_core.ui.pages.test_set.link import ScoresView
from genre_core.ui.pages.test_set.results import Result
from genre_core.ui.pages.test_set.section import section
from genre_core.ui.pages.test_set.words import METRIC_NAMES
from genre_core.ui.words import IN_A_SENTENCE, count, percent


def exports(view: ScoresView, result: Result, whole: ScoreSet) -> None:
    """Show the download buttons.

    `whole` has all songs, frame lengths and scores: what "Your own test set" opens again.
    """
    section(
        "Keep it",
        "Both matrices on one page as a paper prints them, readable in grey; the numbers for a "
        "spreadsheet; everything as data; the scores, which open again under “Your own test set”. "
        "The address of this page holds the whole view: send it "
        "to show somebody what you see.",
    )
    provenance = result.score_set.provenance
    stem = file_stem(f"{provenance.model}-{result.score_set.name}", 60)
    stem = "-".join([stem, f"{view.frame_seconds:g}s", view.aggregation]).replace("_", "-")
    with st.container(horizontal=True, gap="small"):
        for file_format in get_args(PrintFormat):
            download(
                f"Matrices ({file_format.upper()})",
                partial(_figure, view, result, file_format),
                file_name=f"{stem}.{file_format}",
                icon=":material/image:",
                key=f"ts_download_{file_format}",
            )
        download(
            "Matrices (CSV)",
            lambda: evaluation_export.matrices_csv(result.summary, result.score_set.genres),
            file_name=f"{stem}-matrices.csv",
            icon=":material/table:",
            key="ts_download_matrices",
        )
        download(
            "Songs (CSV)",
            lambda: evaluation_export.songs_csv(_table(result)),
            file_name=f"{stem}-songs.csv",
            icon=":material/table:",
            key="ts_download_songs",
        )
        download(
            "Everything (JSON)",
            lambda: _json(view, result),
            file_name=f"{stem}.json",
            icon=":material/data_object:",
            key="ts_download_json",
        )
        download(
            "Scores (JSON)",
            lambda: dump_score_set(whole),
            file_name=f"{file_stem(f'{provenance.model}-{whole.name}', 60)}-scores.json",
            icon=":material/refresh:",
            key="ts_download_scores",
        )


def _table(result: Result) -> pd.DataFrame:
    return evaluation_export.songs_table(result.score_set, result.frames, result.verdicts.by_song)


def _figure(view: ScoresView, result: Result, file_format: PrintFormat) -> bytes:
    return confusion_pair_file(
        result.summary.frame_confusion,
        result.summary.song_confusion,
        result.score_set.genres,
        caption(view, result),
        file_format,
    )


def caption(view: ScoresView, result: Result) -> str:
    """Return what stands under the figure: enough to know what was measured, and how."""
    provenance, summary = result.score_set.provenance, result.summary
    changed = f", {change_name(provenance.perturbation)}" if provenance.perturbation else ""
    knn = f" (k = {view.k}, {METRIC_NAMES[view.metric]})" if view.aggregation == "knn" else ""
    return (
        f"{provenance.model} ({provenance.model_sha256[:8]}) on {provenance.dataset}, "
        f"{provenance.split}{changed}: "
        f"{count(summary.n_songs, 'song')}, "
        f"{count(summary.n_frames, 'frame')} of {view.frame_seconds:g} s. "
        f"Frames combined by {IN_A_SENTENCE[view.aggregation]}{knn}. "
        f"Right: {percent(summary.frame_accuracy.value, 2)} of the frames, "
        f"{percent(summary.song_accuracy.value, 2)} of the songs."
    )


def _json(view: ScoresView, result: Result) -> str:
    knn = (
        {"k": view.k, "metric": view.metric, "reference": result.reference}
        if view.aggregation == "knn"
        else {}
    )
    record = evaluation_export.results_record(
        result.score_set,
        result.summary,
        _table(result),
        frame_seconds=view.frame_seconds,
        aggregation=view.aggregation,
        heard="all",
        **knn,
    )
    return to_json(record, indent=1)
