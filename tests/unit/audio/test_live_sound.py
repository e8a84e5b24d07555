from collections.abc import Callable

import numpy as np
import pytest

from genre_core.audio.live_sound import KEPT_SECONDS, LiveSound
from genre_core.errors import AudioError

RATE = 16_000


def test_pieces_join_without_a_seam(wav_bytes: Callable[..., bytes]):
    song = np.random.default_rng(0).uniform(-0.5, 0.5, 4 * RATE)
    sound = LiveSound.empty()
    for start in range(0, len(song), RATE):
        sound = sound.with_piece(wav_bytes(sample_rate=RATE, samples=song[start : start + RATE]))
    assert sound.sample_rate == RATE
    assert sound.samples == pytest.approx(song, abs=1e-4)


def test_only_the_last_ten_seconds_are_kept(wav_bytes: Callable[..., bytes]):
    sound = LiveSound.empty()
    for number in range(8):
        level = np.full(2 * RATE, number / 10)
        sound = sound.with_piece(wav_bytes(sample_rate=RATE, samples=level))
    assert len(sound.samples) == KEPT_SECONDS * RATE
    assert sound.samples[0] == pytest.approx(0.3, abs=1e-3)
    assert sound.samples[-1] == pytest.approx(0.7, abs=1e-3)
    assert sound.heard_seconds == 16.0


def test_one_huge_piece_is_bounded_too(wav_bytes: Callable[..., bytes]):
    sound = LiveSound.empty().with_piece(wav_bytes(60.0, RATE))
    assert len(sound.samples) == KEPT_SECONDS * RATE


def test_another_microphone_begins_anew(wav_bytes: Callable[..., bytes]):
    sound = LiveSound.empty().with_piece(wav_bytes(2.0, RATE)).with_piece(wav_bytes(1.0, 8_000))
    assert (sound.sample_rate, len(sound.samples)) == (8_000, 8_000)


def test_it_is_resampled_for_the_network(wav_bytes: Callable[..., bytes]):
    sound = LiveSound.empty().with_piece(wav_bytes(2.0, RATE, channels=2))
    assert sound.at(12_000).shape == (24_000,)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"no sound at all" * 9])
def test_what_is_no_sound_is_refused(data: bytes):
    with pytest.raises(AudioError, match="no sound"):
        LiveSound.empty().with_piece(data)


def test_a_rate_that_no_microphone_has_is_refused(wav_bytes: Callable[..., bytes]):
    with pytest.raises(AudioError, match="8 to 192 kHz"):
        LiveSound.empty().with_piece(wav_bytes(1.0, 100))
