"""The lesson's own computing, against what is known beforehand."""

from pathlib import Path

import numpy as np
import pytest

from genre_core.config import FeatureSettings
from genre_core.features.log_mel import log_mel_spectrogram, mel_filter_bank, power_spectrogram
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.lesson import inside, softmax, spectra
from tests.builders import waveform

RATE = 12_000  # Hz
FEATURES = FeatureSettings()


def tone(hz: float, seconds: float = 1.0, amplitude: float = 0.5) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return (amplitude * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def noise(seconds: float = 1.0) -> np.ndarray:
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, round(seconds * RATE))
    return samples.astype(np.float32)


@pytest.mark.parametrize(
    ("start", "seconds", "first", "n"),
    [(1.0, 0.5, 12_000, 6_000), (-3.0, 1.0, 0, 12_000), (99.0, 1.0, 24_000, 12_000),
     (1.0, 99.0, 0, 36_000), (2.5, 0.0, 30_000, 1)],
)  # fmt: skip
def test_a_piece_stays_inside_its_song(start: float, seconds: float, first: int, n: int):
    song = waveform(np.arange(3 * RATE, dtype=np.float32), RATE)
    at, samples = spectra.piece(song, start, seconds)
    assert at == first / RATE
    assert len(samples) == n
    assert samples[0] == first


@pytest.mark.parametrize("n_fft", [128, 256, 512, 1024, 2048, 4096])
def test_a_tone_peaks_in_its_bin_whatever_the_window(n_fft: int):
    settings = spectra.stft_settings(FEATURES, n_fft)
    hz = 12 * RATE / 128  # 1125 Hz, a bin of every window
    power = power_spectrogram(tone(hz), settings)
    assert power.shape[1] == 1 + n_fft // 2
    middle = power[len(power) // 2]
    assert middle.argmax() == round(hz * n_fft / RATE)
    assert 2 * settings.hop_length <= max(n_fft, 2 * FEATURES.hop_length)
    assert settings.hop_length <= n_fft  # no sample is skipped


def test_two_tones_are_told_apart_by_a_long_window_alone():
    both = tone(1000.0) + tone(1030.0)

    def n_peaks(n_fft: int) -> int:
        power = power_spectrogram(both, spectra.stft_settings(FEATURES, n_fft))
        middle = power[len(power) // 2]
        inner = middle[1:-1]
        peak = (inner > middle[:-2]) & (inner > middle[2:]) & (inner > 0.1 * middle.max())
        return int(peak.sum())

    assert n_peaks(2048) == 2  # bins of 6 Hz
    assert n_peaks(256) == 1  # bins of 47 Hz


@pytest.mark.parametrize("n_mels", [12, 24, 48, 96, 128])
def test_there_are_as_many_mel_bands_as_asked_for(n_mels: int):
    settings = FeatureSettings(n_mels=n_mels)
    assert spectra.mel_power(noise(), settings).shape == (n_mels, settings.n_columns(RATE))
    empty = (mel_filter_bank(settings) == 0).all(axis=1)
    assert spectra.n_empty_bands(settings) == empty.sum()


def test_with_too_many_bands_some_hear_nothing():
    assert spectra.n_empty_bands(FEATURES) == 0
    assert spectra.n_empty_bands(FeatureSettings(n_mels=256)) > 0


def test_step_by_step_gives_what_the_network_hears():
    samples = noise() * np.linspace(0.0, 1.0, RATE, dtype=np.float32)
    level = spectra.decibels(spectra.mel_power(samples, FEATURES), FEATURES.top_db, FEATURES.amin)
    np.testing.assert_allclose(level, log_mel_spectrogram(samples[None], FEATURES)[0], atol=1e-4)


def test_twice_the_amplitude_is_six_decibels_more():
    one = spectra.decibels(spectra.mel_power(tone(440.0, amplitude=0.2), FEATURES), 80.0)
    two = spectra.decibels(spectra.mel_power(tone(440.0, amplitude=0.4), FEATURES), 80.0)
    assert two.max() - one.max() == pytest.approx(20 * np.log10(2), abs=1e-3)
    assert spectra.decibels(np.float32([1.0, 100.0]), 80.0).tolist() == pytest.approx([0.0, 20.0])


def test_the_range_cuts_what_is_quieter():
    level = spectra.decibels(np.float32([1.0, 1e-2, 1e-5, 0.0]), 30.0)
    assert level.tolist() == pytest.approx([0.0, -20.0, -30.0, -30.0])
    assert spectra.share_at_floor(level) == 0.5


def test_quieter_by_twenty_decibels_is_a_tenth():
    np.testing.assert_allclose(spectra.attenuated(tone(100.0), 20.0), tone(100.0) / 10, rtol=1e-5)


def test_maps_are_chosen_that_are_lively_and_do_not_look_alike():
    rng = np.random.default_rng(0)
    beat, tone = rng.standard_normal((1, 50)) + np.zeros((6, 1)), np.zeros((1, 50))
    tone = tone + rng.standard_normal((6, 1))
    # alike but for their strength, another pattern, a faint third one, nothing
    maps = np.stack([2 * beat, 3 * beat, 1.5 * tone, 0.1 * rng.standard_normal((6, 50)), 0 * beat])
    kept = inside.choose_maps(maps.astype(np.float32), 4)
    assert kept.shape == (5, 6, 50)
    assert kept.indices.tolist() == [1, 2, 0, 3]
    np.testing.assert_array_equal(kept.maps, maps.astype(np.float32)[[1, 2, 0, 3]])
    assert inside.choose_maps(np.zeros((2, 3, 4), dtype=np.float32)).indices.tolist() == [0, 1]


def test_reading_ends_with_the_networks_scores(tiny_checkpoint: Path):
    network = GenreRecognizer.from_checkpoint(tiny_checkpoint)
    log_mel = log_mel_spectrogram(noise(10.0)[None], network.features)
    seen = inside.look_inside(network.trace(log_mel[0]))
    np.testing.assert_allclose(seen.reading[-1], network.score(log_mel)[0], atol=1e-6)
    assert list(seen.blocks) == ["conv1", "conv2", "conv3", "conv4"]
    assert seen.entrance.shape[0] == network.features.n_mels
    assert all(len(block.maps) == min(block.shape[0], 8) for block in seen.blocks.values())
    assert len(seen.reading) == seen.blocks["conv4"].shape[2]
    assert seen.reader == "recurrent"
    assert seen.state_size == 8  # four states each way


def test_a_temperature_changes_how_sure_but_not_the_order():
    scores = np.array([0.7, 0.2, 0.1])
    np.testing.assert_allclose(softmax.at_temperature(scores, 1.0), scores)
    cold, hot = softmax.at_temperature(scores, 0.5), softmax.at_temperature(scores, 4.0)
    np.testing.assert_allclose(cold, scores**2 / (scores**2).sum())
    assert cold[0] > scores[0] > hot[0] > hot[1] > hot[2] > scores[2]
    assert softmax.at_temperature([1.0, 0.0], 2.0).sum() == pytest.approx(1.0)
    with pytest.raises(ValueError, match="above 0"):
        softmax.at_temperature(scores, 0.0)
