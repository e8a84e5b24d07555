"""Coarse pictures against log-mel-spectrograms of the same sound."""

import csv
from pathlib import Path

import librosa
import numpy as np
import pytest

from genre_core.audio.load import load_audio
from genre_core.config import FeatureSettings
from genre_core.features.coarse import coarse_log_mel
from genre_core.features.log_mel import log_mel_spectrogram

SETTINGS = FeatureSettings(sample_rate=16_000, mel_scale="htk")
RATE = 22_050


def picture_of(samples: np.ndarray) -> np.ndarray:
    """Return uint8 (128, 387) as the data set's pictures were made."""
    power = librosa.feature.melspectrogram(y=samples, sr=RATE, n_fft=2048, hop_length=512)
    decibels = librosa.power_to_db(power, ref=np.max, top_db=80.0)
    scaled = 255 * (decibels - decibels.min()) / (decibels.max() - decibels.min())
    columns = np.floor((np.arange(387) + 0.5) / 387.5 * decibels.shape[1]).astype(int)
    return scaled.astype(np.uint8)[:, columns]


def spectrogram_of(samples: np.ndarray, settings: FeatureSettings) -> np.ndarray:
    """Return the log-mel-spectrogram of the frame of 29.12 s in the middle."""
    resampled = librosa.resample(
        samples, orig_sr=RATE, target_sr=settings.sample_rate, res_type="soxr_hq"
    )
    length = round(29.12 * settings.sample_rate)
    start = (len(resampled) - length) // 2
    return log_mel_spectrogram(resampled[np.newaxis, start : start + length], settings)[0]


def level_of_bands(log_mel: np.ndarray) -> np.ndarray:
    """Return the level of each band in dB, less the mean of all."""
    bands = 10 * np.log10(np.mean(10 ** (log_mel / 10), axis=1))
    return bands - bands.mean()


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    """Pink noise of 30.01 s that swells and fades every 2 s, after a silence of 0.3 s."""
    n_samples = round(30.01 * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(n_samples))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 600.0))
    swelling = 1.0 + 0.9 * np.sin(np.pi * np.arange(n_samples) / RATE)
    swelling[: round(0.3 * RATE)] = 0.0  # so that the picture's range is 80 dB, as of songs
    return (np.fft.irfft(spectrum, n_samples) * swelling).astype(np.float32)


@pytest.mark.parametrize("settings", [SETTINGS, FeatureSettings()], ids=["16 kHz", "12 kHz"])
def test_levels_of_bands_are_those_of_the_sound(
    noise: np.ndarray, settings: FeatureSettings
) -> None:
    ours = coarse_log_mel(picture_of(noise), settings, 29.12)
    theirs = spectrogram_of(noise, settings)
    assert ours.shape == theirs.shape
    assert ours.dtype == np.float32
    np.testing.assert_allclose(level_of_bands(ours), level_of_bands(theirs), atol=1.0)


def test_swells_at_the_same_time(noise: np.ndarray) -> None:
    ours, theirs = (
        log_mel.mean(axis=0)
        for log_mel in (
            coarse_log_mel(picture_of(noise), SETTINGS, 29.12),
            spectrogram_of(noise, SETTINGS),
        )
    )
    shifts = range(-30, 31)
    fits = [np.corrcoef(ours[30:-30], np.roll(theirs, shift)[30:-30])[0, 1] for shift in shifts]
    assert abs(shifts[int(np.argmax(fits))]) <= 2  # columns of 16 ms
    assert max(fits) > 0.95


@pytest.mark.parametrize("hz", [300.0, 1_000.0, 5_000.0])
def test_a_tone_lands_in_its_band(hz: float) -> None:
    tone = np.sin(2 * np.pi * hz * np.arange(round(30.01 * RATE)) / RATE).astype(np.float32)
    ours = coarse_log_mel(picture_of(tone), SETTINGS, 29.12).mean(axis=1).argmax()
    theirs = spectrogram_of(tone, SETTINGS).mean(axis=1).argmax()
    assert abs(int(ours) - int(theirs)) <= 1


def test_no_point_lies_more_than_top_db_under_the_loudest() -> None:
    picture = np.zeros((128, 387), dtype=np.uint8)
    picture[60] = 255
    log_mel = coarse_log_mel(picture, FeatureSettings(top_db=50.0), 29.12)
    assert log_mel.max() - log_mel.min() == pytest.approx(50.0, abs=1e-3)


@pytest.mark.parametrize("picture", [np.zeros((128, 387)), np.zeros(387, dtype=np.uint8)])
def test_other_arrays_are_refused(picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        coarse_log_mel(picture, SETTINGS, 29.12)


def test_the_pictures_of_the_data_set_are_like_its_sound(data_root: Path) -> None:
    folder = data_root / "gtzan"
    if not (folder / "logmel_u8.npz").is_file():
        pytest.skip("needs ../shared/data/gtzan/logmel_u8.npz")
    with np.load(folder / "logmel_u8.npz") as file:
        pictures = dict(zip(file["ids"].tolist(), file["X"], strict=True))
    with (folder / "index.csv").open(encoding="utf-8", newline="") as rows:
        train = [each for each in csv.DictReader(rows) if each["fault_filtered_split"] == "train"]
    both = [each["clip_id"] for each in train if each["has_audio"] == "1"]
    fits = []
    for clip_id in [each for each in both if each in pictures][:4]:
        sound = load_audio(folder / "audio" / f"{clip_id}.ogg", sample_rate=RATE).samples
        theirs = spectrogram_of(sound, SETTINGS)
        ours = coarse_log_mel(pictures[clip_id], SETTINGS, 29.12)
        fits.append(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1])
    assert min(fits) > 0.9
