"""Every frame length and every aggregation at a glance."""

import streamlit as st

from genre_core.knn import KnnSettings
from genre_core.ui.components.test_set.results import Library, accuracy_table
from genre_core.ui.components.test_set.words import AGGREGATION_NAMES
from genre_core.ui.scores_view import ScoresView


def overview(shelf: Library, view: ScoresView) -> None:
    """Show the table of all accuracies, folded; it is made when it is opened."""
    unfolded = st.expander(
        "All frame lengths and aggregations",
        icon=":material/grid_on:",
        key="ts_overview",
        on_change="rerun",
    )
    if not unfolded.open:
        return
    with unfolded:
        reference = view.reference or view.scores
        table = accuracy_table(
            f"{shelf.digests[view.scores]} {shelf.digests[reference]}",
            shelf.score_sets[view.scores],
            shelf.score_sets[reference],
            KnnSettings(view.k, view.metric),
        )
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
        st.caption(
            "All songs of the set, with 95 % intervals: by frame a bootstrap over songs, by song "
            "Wilson’s."
        )
