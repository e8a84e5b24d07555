from pathlib import Path

import numpy as np
import pytest

from genre_core.audio.sound_changes import NO_CHANGES, Band, Box, SoundChanges
from genre_core.errors import SettingsError
from genre_core.inference.changed_frame import score_changed
from genre_core.inference.recognizer import GenreRecognizer
from tests import builders

SAMPLES = builders.noise(4.0, 12_000)


@pytest.fixture(scope="module")
def recognizer(tiny_checkpoint: Path) -> GenreRecognizer:
    return GenreRecognizer.from_checkpoint(tiny_checkpoint)


def test_an_unchanged_frame_has_its_own_scores(recognizer: GenreRecognizer):
    frame = score_changed(recognizer, SAMPLES, NO_CHANGES)
    log_mel = recognizer.log_mel(SAMPLES[None])
    assert np.array_equal(frame.samples, SAMPLES)
    assert np.array_equal(frame.log_mel, log_mel[0])
    assert frame.scores == pytest.approx(recognizer.score(log_mel)[0])


def test_a_changed_frame_is_scored_as_it_sounds(recognizer: GenreRecognizer):
    frame = score_changed(recognizer, SAMPLES, SoundChanges(band=Band(0, 500, is_kept=False)))
    assert frame.scores == pytest.approx(recognizer.score(frame.log_mel[None])[0])
    assert frame.scores.sum() == pytest.approx(1.0, abs=1e-5)
    low = slice(1, 8)  # below 500 Hz
    untouched = recognizer.log_mel(SAMPLES[None])[0]
    assert frame.log_mel[low].mean() < untouched[low].mean() - 40


def test_silence_is_not_scored(recognizer: GenreRecognizer):
    frame = score_changed(recognizer, SAMPLES, SoundChanges(boxes=(Box(0, 4, 0, 6_000),)))
    assert frame.scores is None


def test_a_frame_too_short_for_the_network_says_so(recognizer: GenreRecognizer):
    with pytest.raises(SettingsError, match=r"2\.0 s.*needs 3 s.*lower speed"):
        score_changed(recognizer, SAMPLES, SoundChanges(speed=2.0))
    assert score_changed(recognizer, SAMPLES, SoundChanges(speed=1.25)).scores is not None
