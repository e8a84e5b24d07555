"""One frame whose sound was changed: heard, seen and scored as the network gets it."""

from dataclasses import dataclass

import numpy as np

from genre_core.audio.sound_changes import SoundChanges, change_sound
from genre_core.config import MIN_FRAME_SECONDS, SILENCE_PEAK
from genre_core.errors import SettingsError
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.types import FloatArray


@dataclass(frozen=True, eq=False)
class ChangedFrame:
    """The changed sound and the output of the network for it.

    Attributes
    ----------
    samples : float32 (n_samples,), full scale 1, at the network's sample rate
    log_mel : float32 (n_mels, n_columns), dB
    scores : float32 (n_genres,), sum 1; None where nothing but silence is left
    """

    samples: FloatArray
    log_mel: FloatArray
    scores: FloatArray | None


def score_changed(
    recognizer: GenreRecognizer, samples: FloatArray, changes: SoundChanges
) -> ChangedFrame:
    """Change the sound of one frame, float32 (n_samples,), and score it.

    Raises SettingsError if the changed frame is too short, ModelError as `GenreRecognizer.read`.
    """
    rate = recognizer.features.sample_rate
    changed = change_sound(samples, rate, changes)
    seconds = len(changed) / rate
    if seconds < min(MIN_FRAME_SECONDS, len(samples) / rate):
        raise SettingsError(
            f"At {changes.speed:g} times the speed the frame lasts {seconds:.1f} s: the network "
            f"needs {MIN_FRAME_SECONDS:g} s. Choose a lower speed, or longer frames."
        )
    log_mel = recognizer.log_mel(changed[np.newaxis])
    is_silent = float(np.abs(changed).max()) <= SILENCE_PEAK
    scores = None if is_silent else recognizer.score(log_mel)[0]
    return ChangedFrame(changed, log_mel[0], scores)
