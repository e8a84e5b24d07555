"""Sound on the page: the song as it came, and single frames as the network hears them."""

from io import BytesIO
from pathlib import PurePath

import soundfile
import streamlit as st

from genre_core.types import FloatArray, SongAnalysis
from genre_core.ui.songs import Song

# What browsers play as it is; anything else is played from the decoded sound.
_MIME_OF_EXTENSION = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".webm": "audio/webm",
}


def wav_bytes(samples: FloatArray, sample_rate: int) -> bytes:
    """Return mono samples, full scale 1, as a 16-bit WAV file at their own level."""
    out = BytesIO()
    soundfile.write(out, samples, sample_rate, format="WAV", subtype="PCM_16")
    return out.getvalue()


def play_song(song: Song, analysis: SongAnalysis) -> None:
    """Show a player for the whole song.

    Parameters
    ----------
    song : Song
        The ending of its file name says whether a browser plays the original.
    analysis : SongAnalysis
    """
    mime = _MIME_OF_EXTENSION.get(PurePath(song.file_name).suffix.lower())
    if mime is not None:
        st.audio(song.data, format=mime, alt="The song")
        return
    waveform = analysis.waveform
    st.audio(
        wav_bytes(waveform.samples, waveform.sample_rate),
        format="audio/wav",
        alt="The song, as the network hears it",
    )
    st.caption("Browsers do not play this format: this is the sound as the network hears it.")


def play_frame(analysis: SongAnalysis, index: int) -> None:
    """Show a player for one frame's own seconds, mono at 12 kHz as the network hears it."""
    span = analysis.frames.spans[index]
    piece = analysis.waveform.samples[span.start_sample : span.end_sample]
    st.audio(
        wav_bytes(piece, span.sample_rate),
        format="audio/wav",
        alt=f"Frame {index + 1} as the network hears it",
    )
