"""Every constant of the method, once, with its unit.

References
----------
Jiménez and José: music genre recognition by a CRNN over the frames of a song.
Choi, Fazekas, Sandler, Cho (2017): Convolutional recurrent neural networks for music
    classification. ICASSP.
"""

from dataclasses import dataclass
from typing import Literal

GENRES: tuple[str, ...] = (
    "blues",
    "classical",
    "country",
    "disco",
    "hiphop",
    "jazz",
    "metal",
    "pop",
    "reggae",
    "rock",
)

SAMPLE_RATE: int = 12_000  # Hz, of every waveform unless a network's features say otherwise
MIN_SAMPLE_RATE: int = 8_000
MAX_SAMPLE_RATE: int = 96_000
MAX_SONG_SECONDS: float = 3_600.0  # a longer song is cut here
MIN_SONG_SECONDS: float = 3.0  # a shorter song is refused
SILENCE_PEAK: float = 1e-4  # -80 dBFS; a frame that never exceeds it counts as silent


# "slaney": linear below 1 kHz, triangles of equal area, as librosa's default and the paper.
# "htk": logarithmic throughout, triangles of height 1, as torchaudio's default.
MelScale = Literal["slaney", "htk"]


@dataclass(frozen=True)
class FeatureSettings:
    """How a frame of sound becomes a log-amplitude mel-spectrogram.

    The defaults are the paper's: a frame of 29.12 s becomes 96 bands x 1366 columns.
    """

    sample_rate: int = SAMPLE_RATE  # Hz
    n_fft: int = 512  # samples in an STFT window
    hop_length: int = 256  # samples from column to column
    n_mels: int = 96  # mel bands, 0 Hz to sample_rate / 2
    amin: float = 1e-10  # smallest power before the logarithm
    top_db: float = 80.0  # dB kept under the loudest point of each frame
    mel_scale: MelScale = "slaney"

    def n_columns(self, n_samples: int) -> int:
        """Return how many STFT columns a frame of `n_samples` has (centred STFT)."""
        return 1 + n_samples // self.hop_length

    def n_columns_of(self, seconds: float) -> int:
        """Return how many STFT columns a frame of `seconds` has."""
        return self.n_columns(round(seconds * self.sample_rate))

    @property
    def column_seconds(self) -> float:
        """Seconds from one column to the next."""
        return self.hop_length / self.sample_rate


@dataclass(frozen=True)
class FrameSettings:
    """How a song is cut into frames."""

    frame_seconds: float = 29.12  # s, length of a frame
    trim_seconds: float = 20.0  # s, discarded at both ends of the song


MIN_FRAME_SECONDS: float = 3.0
MAX_FRAME_SECONDS: float = 29.12
MAX_TRIM_SECONDS: float = 60.0


@dataclass(frozen=True)
class SlidingSettings:
    """How a window slides along a song, for the finer timeline."""

    window_seconds: float = 6.0  # s, from MIN_FRAME_SECONDS to MAX_FRAME_SECONDS
    hop_seconds: float = 2.0  # s, from one window's start to the next
