"""What the song was when it came in and what was done to it, in plain words."""

import streamlit as st

from genre_core.inference.analysis import SongAnalysis
from genre_core.ui.components.text import as_markdown


def receipt_lines(analysis: SongAnalysis) -> list[str]:
    """Return one plain sentence for each fact and each step, unescaped."""
    receipt = analysis.waveform.receipt
    return [
        f"File: {receipt.name}.",
        *receipt.steps,
        *analysis.frames.steps,
        f"Scored by the network {analysis.model.name} (content hash {analysis.model.sha256[:12]}).",
    ]


def show_receipt(analysis: SongAnalysis) -> None:
    """Show the receipt, folded."""
    with st.expander("What was done to the song", icon=":material/receipt_long:"):
        st.markdown("\n".join(f"1. {as_markdown(line)}" for line in receipt_lines(analysis)))
