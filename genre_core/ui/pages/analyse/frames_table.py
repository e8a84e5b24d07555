"""The frames as a table: what the charts show, in numbers."""

import pandas as pd
import streamlit as st

from genre_core.inference.analysis import SongAnalysis
from genre_core.inference.export import frames_table
from genre_core.plots.frame_labels import SILENT
from genre_core.plots.time_axis import clock


def display_table(analysis: SongAnalysis) -> pd.DataFrame:
    """Return one row a frame: its number, time, best genre, and every genre's score in percent."""
    table = frames_table(analysis)
    genres = list(analysis.model.genres)
    facts = pd.DataFrame(
        {
            "Frame": table["index"] + 1,
            "From": [clock(s) for s in table["start_seconds"]],
            "To": [clock(s) for s in table["end_seconds"]],
            "Best genre": table["genre"].where(~table["silent"], SILENT),
        }
    )
    return pd.concat([facts, (100 * table[genres]).round(1)], axis=1)


def show_frames_table(analysis: SongAnalysis) -> None:
    """Show the table, folded."""
    genres = analysis.model.genres
    with st.expander("The frames as a table", icon=":material/table:"):
        st.dataframe(
            display_table(analysis),
            hide_index=True,
            column_config={
                "Frame": st.column_config.NumberColumn(pinned=True, width="small"),
                **{g: st.column_config.NumberColumn(f"{g} (%)", format="%.1f") for g in genres},
            },
        )
