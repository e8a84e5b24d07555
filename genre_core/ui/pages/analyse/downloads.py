"""Downloads of the result: JSON, CSV and a slide. Each is made on its click."""

import streamlit as st

from genre_core.inference.aggregate import confidence_in_words
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.export import analysis_record, frames_csv, to_json
from genre_core.plots.slide import slide_png
from genre_core.types import Verdict
from genre_core.ui.components.text import file_stem


def show_downloads(analysis: SongAnalysis, verdict: Verdict) -> None:
    """Show the three buttons."""
    stem = file_stem(analysis.waveform.receipt.name)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Slide (PNG)",
            lambda: slide_png(analysis, verdict, confidence_in_words(verdict)),
            file_name=f"{stem}-genre.png",
            mime="image/png",
            icon=":material/image:",
            on_click="ignore",
            key="download_png",
        )
        st.download_button(
            "Frames (CSV)",
            lambda: frames_csv(analysis, verdict),
            file_name=f"{stem}-frames.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="download_csv",
        )
        st.download_button(
            "Everything (JSON)",
            lambda: to_json(analysis_record(analysis, verdict), indent=2),
            file_name=f"{stem}-genre.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key="download_json",
        )
