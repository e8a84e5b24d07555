from dataclasses import replace

import numpy as np
import pytest

from genre_core.audio.sound_changes import (
    MOST_BOXES,
    NO_CHANGES,
    Band,
    Box,
    SoundChanges,
    change_sound,
)
from genre_core.errors import SettingsError

RATE = 12_000
SECONDS = 4.0


def tone(hz: float) -> np.ndarray:
    at = np.arange(round(SECONDS * RATE)) / RATE
    return (0.2 * np.sin(2 * np.pi * hz * at)).astype(np.float32)


def noise() -> np.ndarray:
    generator = np.random.default_rng(0)
    return generator.uniform(-0.3, 0.3, round(SECONDS * RATE)).astype(np.float32)


def level_at(hz: float, samples: np.ndarray, start: float = 0.2, end: float = SECONDS - 0.2):
    """Return the level in dB of one frequency between two times."""
    piece = samples[round(start * RATE) : round(end * RATE)]
    spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)))) / len(piece)
    near = np.abs(np.fft.rfftfreq(len(piece), 1 / RATE) - hz) < 8
    return 20 * np.log10(spectrum[near].max() + 1e-12)


def test_without_changes_every_sample_stays():
    before = noise()
    after = change_sound(before, RATE, NO_CHANGES)
    assert after.dtype == np.float32
    assert np.array_equal(after, before)


def test_a_muted_band_is_gone_and_the_rest_stays():
    before = tone(500.0) + tone(2_000.0)
    after = change_sound(before, RATE, SoundChanges(band=Band(300, 800, is_kept=False)))
    assert len(after) == len(before)
    assert level_at(500, after) < level_at(500, before) - 60
    assert level_at(2_000, after) == pytest.approx(level_at(2_000, before), abs=0.01)


def test_a_band_kept_alone_is_what_muting_it_takes_away():
    before = noise()
    kept, muted = (
        change_sound(before, RATE, SoundChanges(band=Band(300, 800, is_kept=is_kept)))
        for is_kept in (True, False)
    )
    assert np.allclose(kept + muted, before, atol=1e-5)
    assert 0.02 < np.mean(kept**2) / np.mean(before**2) < 0.2  # 500 of 6,000 Hz


def test_a_band_of_everything_changes_nothing():
    before = noise()
    after = change_sound(before, RATE, SoundChanges(band=Band(0, RATE / 2, is_kept=True)))
    assert np.allclose(after, before, atol=1e-5)


def test_a_box_is_gone_in_its_time_and_band_only():
    before = tone(500.0) + tone(2_000.0)
    after = change_sound(before, RATE, SoundChanges(boxes=(Box(1.0, 2.0, 300, 800),)))
    assert level_at(500, after, 1.1, 1.9) < level_at(500, before, 1.1, 1.9) - 60
    assert level_at(2_000, after, 1.1, 1.9) == pytest.approx(
        level_at(2_000, before, 1.1, 1.9), abs=0.01
    )
    for start, end in ((0.1, 0.9), (2.1, 3.9)):
        assert level_at(500, after, start, end) == pytest.approx(
            level_at(500, before, start, end), abs=0.01
        )


def test_boxes_over_everything_leave_silence():
    after = change_sound(noise(), RATE, SoundChanges(boxes=(Box(0, SECONDS, 0, RATE / 2),)))
    assert np.abs(after).max() < 1e-6


def test_boxes_add_up():
    one, other = Box(0.5, 1.0, 100, 900), Box(2.0, 2.5, 1_000, 3_000)
    before = noise()
    both = change_sound(before, RATE, SoundChanges(boxes=(one, other)))
    turned = change_sound(before, RATE, SoundChanges(boxes=(other, one)))
    assert np.array_equal(both, turned)
    assert np.mean(both**2) < np.mean(change_sound(before, RATE, SoundChanges(boxes=(one,))) ** 2)


def test_faster_is_shorter_and_higher_and_slower_is_cut():
    before = tone(500.0)
    faster = change_sound(before, RATE, SoundChanges(speed=1.25))
    assert len(faster) == pytest.approx(len(before) / 1.25, abs=2)
    assert level_at(625, faster, 0.2, 2.9) > level_at(500, faster, 0.2, 2.9) + 60
    slower = change_sound(before, RATE, SoundChanges(speed=0.8))
    assert len(slower) == len(before)
    assert level_at(400, slower) > level_at(500, slower) + 60


def test_a_telephone_keeps_the_middle_and_the_length():
    before = tone(100.0) + tone(1_000.0)
    after = change_sound(before, RATE, SoundChanges(is_telephone=True))
    assert len(after) == len(before)
    assert level_at(100, after) < level_at(100, before) - 15
    assert level_at(1_000, after) == pytest.approx(level_at(1_000, before), abs=0.5)


@pytest.mark.parametrize("snr_db", [0.0, 20.0])
def test_noise_lies_so_far_below_the_sound(snr_db: float):
    before = tone(500.0)
    added = change_sound(before, RATE, SoundChanges(noise_snr_db=snr_db)) - before
    snr = 10 * np.log10(np.mean(before**2) / np.mean(added**2))
    assert snr == pytest.approx(snr_db, abs=0.05)


def test_the_level_changes_by_so_much_and_is_clipped_at_full_scale():
    before = tone(500.0)
    quieter = change_sound(before, RATE, SoundChanges(level_db=-20))
    assert np.allclose(quieter, before / 10, atol=1e-6)
    assert np.abs(change_sound(before, RATE, SoundChanges(level_db=40))).max() == 1.0


def test_the_order_is_box_band_speed_telephone_noise_level():
    before = tone(500.0) + tone(2_000.0)
    # The band is that of the original pitch: the tone of 500 Hz is gone, though it becomes 1,000.
    faster = change_sound(before, RATE, SoundChanges(band=Band(300, 800, False), speed=2.0))
    assert level_at(4_000, faster, 0.2, 1.8) > level_at(1_000, faster, 0.2, 1.8) + 60
    # Noise comes after the telephone: there is some below the telephone's band.
    noisy = SoundChanges(is_telephone=True, noise_snr_db=0.0)
    clean = change_sound(tone(1_000.0), RATE, replace(noisy, noise_snr_db=None))
    assert level_at(50, change_sound(tone(1_000.0), RATE, noisy)) > level_at(50, clean) + 20
    # The level comes last: the noise goes down with the sound.
    low = change_sound(before, RATE, SoundChanges(noise_snr_db=0.0, level_db=-20))
    high = change_sound(before, RATE, SoundChanges(noise_snr_db=0.0))
    assert np.allclose(low, high / 10, atol=1e-6)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Band(800, 300, is_kept=True),
        lambda: Band(-1, 300, is_kept=True),
        lambda: Box(2, 1, 100, 200),
        lambda: Box(0, float("nan"), 100, 200),
        lambda: SoundChanges(speed=3.0),
        lambda: SoundChanges(speed=float("nan")),
        lambda: SoundChanges(noise_snr_db=-50.0),
        lambda: SoundChanges(level_db=1_000.0),
        lambda: SoundChanges(boxes=(Box(0, 1, 100, 200),) * (MOST_BOXES + 1)),
    ],
)
def test_what_is_outside_its_limits_is_refused_with_the_limits(make):
    with pytest.raises(SettingsError, match=r"to|most"):
        make()
