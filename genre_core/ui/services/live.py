"""The scores of what a microphone hears; nothing of it is kept."""

import numpy as np

from genre_core.audio.live_sound import LiveSound
from genre_core.config import SILENCE_PEAK
from genre_core.types import FloatArray
from genre_core.ui.services.line import spare_turn
from genre_core.ui.services.networks import recognizer


def score_live(sound: LiveSound) -> tuple[FloatArray | None, bool]:
    """Return the scores of a sound, None for silence, and whether there was time for it.

    Songs that wait for their verdict go first. Raises ModelError as `GenreRecognizer.read`.
    """
    network = recognizer()
    with spare_turn() as is_free:
        if not is_free:
            return None, False
        samples = sound.at(network.features.sample_rate)
        if float(np.abs(samples).max(initial=0.0)) <= SILENCE_PEAK:
            return None, True
        return network.score(network.log_mel(samples[np.newaxis]))[0], True
