"""Samples as a WAV file."""

from io import BytesIO

import soundfile

from genre_core.types import FloatArray


def wav_bytes(samples: FloatArray, sample_rate: int) -> bytes:
    """Return mono samples, full scale 1, as a 16-bit WAV file at their own level."""
    out = BytesIO()
    soundfile.write(out, samples, sample_rate, format="WAV", subtype="PCM_16")
    return out.getvalue()
