"""The first frames of a song go through the network while the rest is decoded."""

from collections.abc import Callable

import numpy as np

from genre_core.audio.frames import (
    certain_starts,
    check_settings,
    frame_starts,
    lay_out_frames,
)
from genre_core.config import MAX_SONG_SECONDS, MIN_SONG_SECONDS, FrameSettings
from genre_core.inference.analysis import Readings
from genre_core.types import AudioReceipt, FloatArray, Frames, Waveform

PICTURE_SHARE = 0.25  # of the song that is decoded when the first picture of it is drawn

OnFrames = Callable[[Waveform, Frames], None]


class EarlyFrames:
    """Listens to a song while it is decoded, and reads the frames that are there.

    Where they lie depends on the song's length. It is taken from the file; where the file does not
    say it, only frames are read that are cut however long the song is.

    Parameters
    ----------
    read : returns log-mel (1, n_mels, n_columns) and readings of one frame (1, n_samples)
    on_frames : called once, with a song that is silent from where it is not decoded yet, as long as
        the file says; and with its frames

    Attributes
    ----------
    log_mel, readings : of the first frames, in order
    """

    def __init__(
        self,
        read: Callable[[FloatArray], tuple[FloatArray, Readings]],
        sample_rate: int,
        settings: FrameSettings,
        on_frames: OnFrames | None = None,
    ) -> None:
        check_settings(settings)
        self._read = read
        self._sample_rate = sample_rate
        self._settings = settings
        self._on_frames = on_frames
        self._declared_seconds = 0.0
        self._bounds: list[tuple[int, int]] = []  # first sample and end of each frame
        self.log_mel: list[FloatArray] = []
        self.readings: list[Readings] = []

    @property
    def is_shown(self) -> bool:
        """Whether `on_frames` has been called, or there is none."""
        return self._on_frames is None

    def restart(self, declared_seconds: float | None) -> None:
        """Forget all: the file is read from its start."""
        seconds = min(declared_seconds or 0.0, MAX_SONG_SECONDS)
        self._declared_seconds = seconds if seconds >= MIN_SONG_SECONDS else 0.0
        self._keep(0)

    def hear(self, samples: FloatArray) -> None:
        """Read the frames that are there by now, and show the song once enough of it is."""
        self._show(samples)
        n_song = self._n_declared
        starts, n_frame = (
            frame_starts(n_song, self._sample_rate, self._settings)
            if n_song
            else certain_starts(len(samples), self._sample_rate, self._settings)
        )
        for start in starts[len(self.readings) :]:
            end = start + n_frame
            if end > len(samples):
                break
            log_mel, readings = self._read(samples[np.newaxis, start:end])
            self._bounds.append((start, end))
            self.log_mel.append(log_mel)
            self.readings.append(readings)

    def settle(self, frames: Frames) -> None:
        """Forget what has turned out not to be the beginning of the song's frames."""
        actual = [(span.start_sample, span.end_sample) for span in frames.spans]
        pairs = zip(self._bounds, actual, strict=False)
        self._keep(next((i for i, (one, other) in enumerate(pairs) if one != other), len(actual)))

    @property
    def _n_declared(self) -> int:
        return round(self._declared_seconds * self._sample_rate)

    def _keep(self, n_frames: int) -> None:
        for frames in (self._bounds, self.log_mel, self.readings):
            del frames[n_frames:]

    def _show(self, samples: FloatArray) -> None:
        n_song = self._n_declared
        is_due = len(samples) >= PICTURE_SHARE * n_song
        if self._on_frames is None or n_song == 0 or not is_due:
            return
        whole = np.zeros(n_song, dtype=np.float32)
        whole[: len(samples)] = samples[:n_song]
        receipt = AudioReceipt("", "", "", self._sample_rate, 1, self._declared_seconds)
        waveform = Waveform(whole, self._sample_rate, receipt)
        on_frames, self._on_frames = self._on_frames, None
        on_frames(waveform, lay_out_frames(waveform, self._settings))
