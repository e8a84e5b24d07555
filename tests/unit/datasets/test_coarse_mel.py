from pathlib import Path

import numpy as np
import pytest
import torch

from genre_core.config import FeatureSettings
from genre_core.datasets.coarse_mel import CLIP_SECONDS, LEVEL_DB, SOURCE_RANGE_DB, blur, convert

SETTINGS = FeatureSettings()


def coarse(value: int = 128) -> np.ndarray:
    return np.full((128, 387), value, dtype=np.uint8)


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.corrcoef(first.ravel(), second.ravel())[0, 1])


def test_shape_is_that_of_the_clip() -> None:
    log_mel = convert(coarse(), SETTINGS, clip_seconds=29.12)
    assert log_mel.shape == (96, 1366)
    assert log_mel.dtype == np.float32


def test_constant_stays_constant_at_the_right_level() -> None:
    log_mel = convert(coarse(255))
    np.testing.assert_allclose(log_mel[1:-2], LEVEL_DB, atol=1e-4)  # the edges are corrected
    half = convert(coarse(0))
    np.testing.assert_allclose(half[1:-2], LEVEL_DB - SOURCE_RANGE_DB, atol=1e-4)


def test_band_lands_on_the_same_frequency() -> None:
    import librosa

    source_hz = librosa.mel_frequencies(130, fmin=0, fmax=11_025)[1:-1]
    our_hz = librosa.mel_frequencies(98, fmin=0, fmax=6_000)[1:-1]
    for band in (10, 40, 90):
        levels = coarse(0)
        levels[band] = 255
        loudest = int(convert(levels)[:, 700].argmax())
        assert abs(our_hz[loudest] / source_hz[band] - 1) < 0.04


def test_event_lands_at_the_same_time() -> None:
    levels = coarse(0)
    levels[:, 200] = 255
    seconds = convert(levels)[50].argmax() * SETTINGS.column_seconds
    assert seconds == pytest.approx(200.5 / 387.5 * CLIP_SECONDS, abs=0.03)


def test_keeps_at_most_top_db() -> None:
    levels = coarse(0)
    levels[60] = 255
    log_mel = convert(levels, FeatureSettings(top_db=50.0))
    assert log_mel.max() - log_mel.min() == pytest.approx(50.0, abs=1e-3)


@pytest.mark.parametrize(
    "levels", [np.zeros((128, 387), np.float32), np.zeros(387, np.uint8)], ids=["float", "1-D"]
)
def test_refuses_other_arrays(levels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        convert(levels)


def test_refuses_a_network_that_hears_higher() -> None:
    with pytest.raises(ValueError, match="Hz"):
        convert(coarse(), FeatureSettings(sample_rate=44_100))


def test_blur_leaves_a_steady_sound_alone() -> None:
    steady = torch.linspace(-40, 0, 96)[None, :, None].expand(2, 96, 300)
    torch.testing.assert_close(blur(steady), steady, atol=1e-3, rtol=0)


def test_blur_smooths_noise() -> None:
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn((1, 96, 1366), generator=generator) * 6
    blurred = blur(noise)
    assert blurred.shape == noise.shape
    assert blurred.diff().abs().mean() < 0.35 * noise.diff().abs().mean()


def test_blur_takes_frames_of_a_few_columns() -> None:
    assert blur(torch.zeros(1, 4, 5)).shape == (1, 4, 5)


@pytest.mark.data
def test_agrees_with_true_spectrograms_as_measured(data_root: Path) -> None:
    """Bounds from the measurement in conversion.py: 0.93 and 0.97 (medians)."""
    from genre_core.audio.load import load_audio
    from genre_core.features.log_mel import log_mel_spectrogram

    folder = data_root / "gtzan"
    with np.load(folder / "logmel_u8.npz", allow_pickle=False) as arrays:
        levels, ids = arrays["X"], list(arrays["ids"])
    with_true, with_blurred, roughness = [], [], []
    for genre in ("blues", "classical", "country", "metal"):
        for number in (3, 33, 63):
            clip_id = f"{genre}.{number:05d}"
            sound = folder / "audio" / f"{clip_id}.ogg"
            if not sound.is_file():
                continue
            true = log_mel_spectrogram(load_audio(sound).samples[None])[0]
            converted = convert(levels[ids.index(clip_id)])
            n_columns = min(true.shape[1], converted.shape[1])
            true, converted = true[:, :n_columns], converted[:, :n_columns]
            blurred = blur(torch.from_numpy(true)[None])[0].numpy()
            with_true.append(correlation(true, converted))
            with_blurred.append(correlation(blurred, converted))
            roughness.append(np.abs(np.diff(blurred)).mean() / np.abs(np.diff(converted)).mean())
    assert len(with_true) >= 8
    assert np.median(with_true) > 0.90
    assert np.median(with_blurred) > 0.95
    assert 0.85 < np.median(roughness) < 1.15
