"""Downloads of the result: JSON, CSV and a slide. Each is made on its click."""

from collections.abc import Callable

import streamlit as st

from genre_core.evaluation.surety import Surety
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.export import analysis_record, frames_csv, to_json
from genre_core.plots.slide import slide_png
from genre_core.types import Verdict
from genre_core.ui.components.text import file_stem


def show_downloads(
    song_name: str, verdict: Verdict, surety: Surety | None, recall: Callable[[], SongAnalysis]
) -> None:
    """Show the three buttons; `recall` gives the analysis when one is clicked."""
    stem = file_stem(song_name)
    words = surety.words if surety is not None else ""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Slide (PNG)",
            lambda: slide_png(recall(), verdict, words),
            file_name=f"{stem}-genre.png",
            mime="image/png",
            icon=":material/image:",
            on_click="ignore",
            key="download_png",
        )
        st.download_button(
            "Frames (CSV)",
            lambda: frames_csv(recall(), verdict),
            file_name=f"{stem}-frames.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="download_csv",
        )
        st.download_button(
            "Everything (JSON)",
            lambda: to_json(analysis_record(recall(), verdict), indent=2),
            file_name=f"{stem}-genre.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key="download_json",
        )
