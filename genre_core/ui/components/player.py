"""A player for single frames."""

import streamlit as st

from genre_core.audio.wav import wav_bytes
from genre_core.inference.analysis import SongAnalysis


def play_frame(analysis: SongAnalysis, index: int) -> None:
    """Show a player for one frame's own seconds, mono, at the network's sample rate."""
    span = analysis.frames.spans[index]
    piece = analysis.waveform.samples[span.start_sample : span.end_sample]
    st.audio(
        wav_bytes(piece, span.sample_rate),
        format="audio/wav",
        alt=f"Frame {index + 1} as the network gets it",
    )
