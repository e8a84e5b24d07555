"""The last seconds of a sound that comes in pieces."""

import io
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr

from genre_core.config import MAX_SAMPLE_RATE
from genre_core.errors import AudioError
from genre_core.types import FloatArray

KEPT_SECONDS = 10.0


@dataclass(frozen=True, eq=False)
class LiveSound:
    """The last ten seconds, float32 (n_samples,) at `sample_rate` Hz, and all that came so far.

    `heard_seconds` counts what was dropped too.
    """

    samples: FloatArray
    sample_rate: int
    heard_seconds: float = 0.0

    @classmethod
    def empty(cls) -> "LiveSound":
        """Return a sound of which nothing came yet."""
        return cls(np.empty(0, dtype=np.float32), 1)

    def with_piece(self, wav: bytes) -> "LiveSound":
        """Return the sound with one more piece, a WAV file; at another rate it begins anew.

        Raises AudioError if the piece is no sound, or of a rate that no microphone has.
        """
        try:
            samples, rate = soundfile.read(io.BytesIO(wav), dtype="float32", always_2d=True)
        except (OSError, soundfile.LibsndfileError, ValueError) as error:
            raise AudioError(f"The microphone sent no sound: {error}.") from error
        if not 8_000 <= rate <= 2 * MAX_SAMPLE_RATE:
            raise AudioError(f"The microphone sends {rate:,} Hz: choose one of 8 to 192 kHz.")
        before = self.samples if rate == self.sample_rate else self.samples[:0]
        joined = np.concatenate([before, samples.mean(axis=1)])[-round(KEPT_SECONDS * rate) :]
        return LiveSound(joined, rate, self.heard_seconds + len(samples) / rate)

    def at(self, sample_rate: int) -> FloatArray:
        """Return the samples at another rate, Hz."""
        resampled: FloatArray = soxr.resample(self.samples, self.sample_rate, sample_rate)
        return resampled
