"""Single frames as the network hears them."""

from io import BytesIO

import soundfile
import streamlit as st

from genre_core.types import FloatArray, SongAnalysis


def wav_bytes(samples: FloatArray, sample_rate: int) -> bytes:
    """Return mono samples, full scale 1, as a 16-bit WAV file at their own level."""
    out = BytesIO()
    soundfile.write(out, samples, sample_rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


def play_frame(analysis: SongAnalysis, index: int) -> None:
    """Show a player for one frame's own seconds, mono as the network hears it."""
    span = analysis.frames.spans[index]
    piece = analysis.waveform.samples[span.start_sample : span.end_sample]
    st.audio(
        wav_bytes(piece, span.sample_rate),
        format="audio/wav",
        alt=f"Frame {index + 1} as the network hears it",
    )
