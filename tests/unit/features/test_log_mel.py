"""The mel-spectrogram equals librosa's, and obeys the laws of signals."""

import librosa
import numpy as np
import pytest

from genre_core.config import FeatureSettings
from genre_core.features.log_mel import log_mel_spectrogram, mel_filter_bank

RATE = 12_000  # Hz
BAND_CENTRES_HZ = librosa.mel_frequencies(n_mels=96 + 2, fmin=0.0, fmax=RATE / 2)[1:-1]


def tone(hz: float, seconds: float = 3.0, amplitude: float = 0.5) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE  # s
    return (amplitude * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def noise(n_samples: int, n_frames: int = 1) -> np.ndarray:
    generator = np.random.default_rng(0)
    return (0.1 * generator.standard_normal((n_frames, n_samples))).astype(np.float32)


def by_librosa(samples: np.ndarray, settings: FeatureSettings) -> np.ndarray:
    power = librosa.feature.melspectrogram(
        y=samples,
        sr=settings.sample_rate,
        n_fft=settings.n_fft,
        hop_length=settings.hop_length,
        n_mels=settings.n_mels,
    )
    return librosa.power_to_db(power, ref=1.0, amin=settings.amin, top_db=settings.top_db)


@pytest.mark.parametrize(
    "samples",
    [
        noise(36_000)[0],
        noise(36_255)[0],  # no whole number of hops
        noise(349_440)[0],
        tone(1_000.0, amplitude=1.0),  # float32 rounding would show under a loud tone
        np.concatenate([tone(3_000.0), np.zeros(30_000, np.float32)]),  # top_db cuts
        np.zeros(36_000, np.float32),
    ],
    ids=["noise", "odd length", "29.12 s", "tone", "tone then silence", "silence"],
)
def test_equals_librosa(samples):
    settings = FeatureSettings()
    ours = log_mel_spectrogram(samples[np.newaxis], settings)
    np.testing.assert_allclose(ours[0], by_librosa(samples, settings), rtol=0, atol=1e-3)  # dB


def test_equals_librosa_with_other_settings():
    settings = FeatureSettings(
        sample_rate=22_050, n_fft=2_048, hop_length=500, n_mels=128, amin=1e-8, top_db=60.0
    )
    samples = noise(50_001)
    samples[0, 20_000:] *= 1e-4
    ours = log_mel_spectrogram(samples, settings)
    np.testing.assert_allclose(ours[0], by_librosa(samples[0], settings), rtol=0, atol=1e-3)  # dB


def test_shape_type_and_order():
    frames = noise(349_440, n_frames=2)
    frames[1] *= 0.01
    log_mel = log_mel_spectrogram(frames)
    assert log_mel.shape == (2, 96, 1366)  # the paper's frame
    assert log_mel.dtype == np.float32
    np.testing.assert_array_equal(log_mel[1], log_mel_spectrogram(frames[1:])[0])
    assert log_mel_spectrogram(np.empty((0, 36_000))).shape == (0, 96, 141)


@pytest.mark.parametrize("shape", [(36_000,), (2, 0), (1, 1, 36_000)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="n_frames, n_samples"):
        log_mel_spectrogram(np.zeros(shape, np.float32))


@pytest.mark.parametrize("band", [3, 20, 48, 80, 94])
def test_a_tone_lands_in_its_mel_band(band):
    log_mel = log_mel_spectrogram(tone(BAND_CENTRES_HZ[band])[np.newaxis])[0]
    loudest = log_mel[:, 2:-2].mean(axis=1).argmax()
    # Low bands are narrower than an STFT bin, so the tone may come out one band away.
    assert abs(int(loudest) - band) <= 1


def test_the_loudest_band_follows_a_chirp():
    time = np.arange(4 * RATE) / RATE  # s
    rate_hz = 1_250.0  # per second, from 500 to 5,500 Hz
    chirp = 0.5 * np.sin(2 * np.pi * (500 * time + rate_hz / 2 * time**2))
    log_mel = log_mel_spectrogram(chirp[np.newaxis])[0]
    columns = np.arange(5, log_mel.shape[1] - 5)
    heard_hz = BAND_CENTRES_HZ[log_mel[:, columns].argmax(axis=0)]
    true_hz = 500 + rate_hz * columns * 256 / RATE
    # A band and the chirp's own movement within a window are both under 3 % of the frequency.
    np.testing.assert_allclose(heard_hz, true_hz, rtol=0.06)


def test_ten_times_the_amplitude_is_20_db_more():
    quiet = noise(36_000) * 0.1
    difference = log_mel_spectrogram(quiet * 10) - log_mel_spectrogram(quiet)
    np.testing.assert_allclose(difference, 20.0, atol=1e-3)  # dB


def test_range_is_80_db_under_the_loudest_of_each_frame():
    frames = np.stack([tone(440.0, amplitude=1.0), tone(440.0, amplitude=0.01)])
    frames[:, 18_000:] = 0.0
    for log_mel in log_mel_spectrogram(frames):
        assert log_mel.max() - log_mel.min() == pytest.approx(80.0, abs=1e-4)


def test_the_filter_bank_is_made_once_and_cannot_be_changed():
    bank = mel_filter_bank(FeatureSettings())
    assert bank is mel_filter_bank(FeatureSettings())
    assert bank.shape == (96, 257)
    with pytest.raises(ValueError, match="read-only"):
        bank[0, 0] = 1.0
