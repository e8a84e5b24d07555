"""Files to keep: a report, a sheet for class, pictures and data. Each is made on its click."""

from collections.abc import Callable, Sequence

import streamlit as st

from genre_core.evaluation.surety import Surety
from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.export import analysis_record, frames_csv, to_json
from genre_core.plots.class_sheet import class_sheet_html
from genre_core.plots.report import MAX_SOUND_BYTES, Sound, report_html
from genre_core.plots.slide import card_png, slide_png
from genre_core.types import Verdict
from genre_core.ui import services
from genre_core.ui.components.download import download
from genre_core.ui.components.text import file_stem
from genre_core.ui.media import mime_of
from genre_core.ui.songs import Song


@st.fragment  # the switch redraws the buttons alone
def show_downloads(
    song: Song,
    verdict: Verdict,
    surety: Surety | None,
    remarks: Sequence[str],
    recall: Callable[[], SongAnalysis],
) -> None:
    """Show the buttons; `recall` gives the analysis when one is clicked."""
    stem = file_stem(song.name)
    words = surety.words if surety is not None else ""
    sound = _sound_of(song)
    with_sound = sound is not None and st.toggle(
        f"Put the sound into the report ({len(song.data) / 2**20:.1f} MB)",
        key="report_sound",
        help="Without it the report is small. Mind who may have the song.",
    )

    def report() -> str:
        return report_html(
            recall(), verdict, words, song.name, remarks, sound if with_sound else None
        )

    with st.container(horizontal=True, gap="small"):
        download(
            "Report with sound (HTML)" if with_sound else "Report (HTML)",
            report,
            file_name=f"{stem}-report.html",
            icon=":material/article:",
            key="download_report",
        )
        download(
            "Sheet for class (HTML)",
            lambda: class_sheet_html(recall(), verdict, song.name),
            file_name=f"{stem}-class.html",
            icon=":material/print:",
            key="download_class",
        )
        download(
            "Card (PNG)",
            lambda: card_png(recall(), verdict, words, song.name, services.file_facts(song).cover),
            file_name=f"{stem}-card.png",
            icon=":material/share:",
            key="download_card",
        )
        download(
            "Slide (PNG)",
            lambda: slide_png(recall(), verdict, words, song.name),
            file_name=f"{stem}-genre.png",
            icon=":material/image:",
            key="download_png",
        )
        download(
            "Frames (CSV)",
            lambda: frames_csv(recall(), verdict),
            file_name=f"{stem}-frames.csv",
            icon=":material/table:",
            key="download_csv",
        )
        download(
            "Everything (JSON)",
            lambda: to_json(analysis_record(recall(), verdict), indent=2),
            file_name=f"{stem}-genre.json",
            icon=":material/data_object:",
            key="download_json",
        )
    if sound is None:
        st.caption(
            f"The report has no player: files of up to {MAX_SOUND_BYTES // 2**20} MB that browsers "
            "play can be put into it, and this one cannot."
        )


def _sound_of(song: Song) -> Sound | None:
    """Return the song's file if it can stand in a report."""
    mime = mime_of(song.file_name)
    if mime is None or len(song.data) > MAX_SOUND_BYTES:
        return None
    return Sound(song.data, mime)
