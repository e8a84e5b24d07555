"""Values that many tests need: songs without a decoder, scores without a network."""

from genre_core.types import AudioReceipt, FloatArray, Waveform


def waveform(samples: FloatArray, sample_rate: int, name: str = "song.wav") -> Waveform:
    """Return samples as if they had been decoded from a mono WAV file."""
    seconds = len(samples) / sample_rate
    return Waveform(samples, sample_rate, AudioReceipt(name, "WAV", "PCM", sample_rate, 1, seconds))
