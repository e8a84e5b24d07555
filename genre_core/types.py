"""The values that the steps pass on. All are frozen; arrays in them are never written to."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class AudioReceipt:
    """The properties of the original file of a song, and the steps of its decoding.

    Attributes
    ----------
    name : file name, or a description of the source
    container, codec : as the decoder names them, e.g. "mp3", "mpeg audio layer III"
    sample_rate_hz, channels : of the original
    duration_seconds : of the original as decoded, before the cut at the length limit if known
    steps : a sentence for each step, in order
    warnings : those of the steps that tell of damage, or of a choice that may change the verdict
    """

    name: str
    container: str
    codec: str
    sample_rate_hz: int
    channels: int
    duration_seconds: float
    steps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Waveform:
    """Mono sound: `samples` float32 (n_samples,), full scale 1, at `sample_rate` Hz."""

    samples: FloatArray
    sample_rate: int
    receipt: AudioReceipt

    @property
    def duration_seconds(self) -> float:
        """Length of the samples in seconds."""
        return len(self.samples) / self.sample_rate


@dataclass(frozen=True)
class FrameSpan:
    """Where one frame lies in its song, exact to a sample; `end_sample` is exclusive."""

    index: int
    start_sample: int
    end_sample: int
    sample_rate: int
    silent: bool

    @property
    def start_seconds(self) -> float:
        """Start in seconds from the start of the song."""
        return self.start_sample / self.sample_rate

    @property
    def end_seconds(self) -> float:
        """End in seconds from the start of the song."""
        return self.end_sample / self.sample_rate


@dataclass(frozen=True, eq=False)
class Frames:
    """A song cut into frames.

    Attributes
    ----------
    samples : float32 (n_frames, n_samples)
    spans : tuple of FrameSpan, one for each row of `samples`
    frame_seconds : length of each frame; shorter than the setting if the song is shorter
    trim_seconds : discarded at each end; less than the setting if the song is short
    dropped_seconds : rest after the last whole frame, before the trimmed end
    steps : sentences for the receipt
    """

    samples: FloatArray
    spans: tuple[FrameSpan, ...]
    frame_seconds: float
    trim_seconds: float
    dropped_seconds: float
    steps: tuple[str, ...]

    @property
    def silent(self) -> npt.NDArray[np.bool_]:
        """Where a frame is digital silence, (n_frames,); silent frames do not count."""
        return np.array([span.silent for span in self.spans], dtype=bool)


@dataclass(frozen=True, eq=False)
class Verdict:
    """A song's genre after aggregating its frames.

    Attributes
    ----------
    scores : float32 (n_genres,), sums to 1
    genre, runner_up : best and second best
    confidence : score of `genre`, 0 to 1
    margin : `confidence` minus the runner-up's score
    disagreement : share of the frames that count whose own best genre is not `genre`, 0 to 1
    n_frames : number of frames that count: those that are not silent
    aggregation : name of the aggregate function, e.g. "mean"
    """

    genres: tuple[str, ...]
    scores: FloatArray
    genre: str
    runner_up: str
    confidence: float
    margin: float
    disagreement: float
    n_frames: int
    aggregation: str


@dataclass(frozen=True)
class ModelInfo:
    """A network: its name, the SHA-256 of its content (hex), and its genres."""

    name: str
    sha256: str
    genres: tuple[str, ...]
