"""The first frames of a song go through the network while the rest is decoded."""

from collections.abc import Callable

import numpy as np

from genre_core.audio.frames import certain_frames, check_settings, lay_out_frames
from genre_core.config import MAX_SONG_SECONDS, MIN_SONG_SECONDS, FrameSettings
from genre_core.inference.analysis import Readings
from genre_core.types import AudioReceipt, FloatArray, Frames, Waveform

PICTURE_SHARE = 0.25  # of the song that is decoded when the first picture of it is drawn

OnFrames = Callable[[Waveform, Frames], None]


class EarlyFrames:
    """Listens to a song while it is decoded, and reads the frames that are certain.

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
        self.log_mel: list[FloatArray] = []
        self.readings: list[Readings] = []

    @property
    def is_shown(self) -> bool:
        """Whether `on_frames` has been called, or there is none."""
        return self._on_frames is None

    def restart(self, declared_seconds: float | None) -> None:
        """Forget all: the file is read from its start."""
        self._declared_seconds = min(declared_seconds or 0.0, MAX_SONG_SECONDS)
        self.log_mel.clear()
        self.readings.clear()

    def hear(self, samples: FloatArray) -> None:
        """Read what is certain by now, and show the song once enough of it is there."""
        self._show(samples)
        frames = certain_frames(samples, self._sample_rate, self._settings)
        for frame in frames[len(self.readings) :]:
            log_mel, readings = self._read(frame[np.newaxis])
            self.log_mel.append(log_mel)
            self.readings.append(readings)

    def _show(self, samples: FloatArray) -> None:
        n_song = round(self._declared_seconds * self._sample_rate)
        is_due = len(samples) >= PICTURE_SHARE * n_song
        if self._on_frames is None or self._declared_seconds < MIN_SONG_SECONDS or not is_due:
            return
        whole = np.zeros(n_song, dtype=np.float32)
        whole[: len(samples)] = samples[:n_song]
        receipt = AudioReceipt("", "", "", self._sample_rate, 1, self._declared_seconds)
        waveform = Waveform(whole, self._sample_rate, receipt)
        on_frames, self._on_frames = self._on_frames, None
        on_frames(waveform, lay_out_frames(waveform, self._settings))
