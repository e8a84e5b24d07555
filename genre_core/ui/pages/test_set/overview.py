"""Every frame length and every aggregation at a glance."""

from collections.abc import Mapping

import streamlit as st

from genre_core.ui.components.text import as_markdown
from genre_core.ui.pages.test_set.link import ScoresView
from genre_core.ui.pages.test_set.results import (
    Library,
    Result,
    overview_references,
    overview_table,
)
from genre_core.ui.pages.test_set.words import label_of
from genre_core.ui.words import AGGREGATION_NAMES, count


def overview(library: Library, view: ScoresView, result: Result) -> None:
    """Show the table of all accuracies of these songs; it is made when it is opened."""
    unfolded = st.expander(
        "All frame lengths and aggregations",
        icon=":material/grid_on:",
        key="ts_overview",
        on_change="rerun",
    )
    if not unfolded.open:
        return
    with unfolded:
        references = overview_references(library, view)
        table = overview_table(library, view, result, references)
        shown = table.rename(
            columns={
                "frame_seconds": "Frame (s)",
                "n_frames": "Frames",
                "by_frame": "By frame",
                **{name: f"By song: {title}" for name, title in AGGREGATION_NAMES.items()},
            }
        )
        st.dataframe(
            shown,
            hide_index=True,
            key="ts_overview_table",
            alt="Accuracy by frame and by song at every frame length and aggregation.",
        )
        n_songs = count(len(result.score_set.clips), "song")
        st.caption(
            f"Of {n_songs}, with 95 % intervals: by frame a bootstrap over songs, by song "
            f"Wilson’s. {_references_in_words(library, view, references)}"
        )


def _references_in_words(
    library: Library, view: ScoresView, references: Mapping[float, str]
) -> str:
    """Say which reference set kNN uses at which frame length."""
    names = {
        seconds: "the same songs, one left out"
        if key == view.scores
        else f"{as_markdown(label_of(key, library.score_sets[key]), 60)}"
        for seconds, key in references.items()
    }
    listed = [
        name + ("" if len(set(names.values())) == 1 else f" ({_seconds(names, name)})")
        for name in dict.fromkeys(names.values())
    ]
    missing = sorted(set(library.score_sets[view.scores].frames) - set(references))
    return (f"kNN (k = {view.k}) uses {', and '.join(listed)}." if listed else "") + (
        " – : the reference set has no frames of that length." if missing else ""
    )


def _seconds(names: Mapping[float, str], name: str) -> str:
    return ", ".join(f"{seconds:g} s" for seconds, each in names.items() if each == name)
