"""Spectrograms are computed once for each content and settings."""

from pathlib import Path

import numpy as np
import pytest

from genre_core.audio.load import load_audio
from genre_core.config import FeatureSettings
from genre_core.datasets import feature_cache
from genre_core.datasets.feature_cache import FeatureCache
from genre_core.datasets.readers import load_dataset
from genre_core.errors import SettingsError
from genre_core.features.log_mel import log_mel_spectrogram


def test_cache_does_not_decode_twice(
    indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = []
    original = feature_cache.load_audio

    def counting(*args: object, **kwargs: object) -> object:
        decoded.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(feature_cache, "load_audio", counting)
    clips = load_dataset(indexed).clips
    settings = FeatureSettings()
    first, problems = FeatureCache(settings, tmp_path / "cache").load(clips)
    assert problems == ()
    assert len(decoded) == 4
    second, _ = FeatureCache(settings, tmp_path / "cache").load(clips)
    assert len(decoded) == 4
    for item in clips:
        np.testing.assert_array_equal(first[item], second[item])
    FeatureCache(FeatureSettings(n_mels=48), tmp_path / "cache").load(clips)
    assert len(decoded) == 8  # other settings, other features


def test_cached_features_are_those_of_the_sound(indexed: Path, tmp_path: Path) -> None:
    sound = load_dataset(indexed).clips[0]
    log_mel = FeatureCache(FeatureSettings(), tmp_path / "cache").log_mel(sound)
    direct = log_mel_spectrogram(load_audio(sound.path).samples[None])[0]
    clipped = np.maximum(log_mel.astype(np.float32), direct.max() - 80)
    np.testing.assert_allclose(clipped, direct, atol=0.05)
    assert log_mel.dtype == np.float16


def test_damaged_cache_file_is_made_again(indexed: Path, tmp_path: Path) -> None:
    sound = load_dataset(indexed).clips[0]
    cache = FeatureCache(FeatureSettings(), tmp_path / "cache")
    before = cache.log_mel(sound)
    (file,) = (tmp_path / "cache").glob("*.npy")
    file.write_bytes(file.read_bytes()[:100])
    np.testing.assert_array_equal(cache.log_mel(sound), before)


def test_unreadable_clips_are_listed(indexed: Path, tmp_path: Path) -> None:
    (indexed / "audio" / "rock.1.wav").write_bytes(b"this is no sound")
    clips = load_dataset(indexed).clips
    calls: list[tuple[int, int]] = []
    features, problems = FeatureCache(FeatureSettings(), tmp_path / "cache").load(
        clips, on_progress=lambda done, total: calls.append((done, total))
    )
    assert len(features) == len(clips) - 1
    assert len(problems) == 1
    assert "rock.1" in problems[0]
    assert calls[-1] == (len(clips), len(clips))


def test_warnings_are_stored_with_the_spectrogram(indexed: Path, tmp_path: Path) -> None:
    sound = load_dataset(indexed).clips[0]
    content = sound.path.read_bytes()
    sound.path.write_bytes(content[: len(content) * 7 // 10])
    for _ in ("decoded", "stored"):
        cache = FeatureCache(FeatureSettings(), tmp_path / "cache")
        cache.load([sound])
        assert len(cache.warnings) == 1
        assert cache.warnings[0].startswith(f"{sound.clip_id}: The file is cut short")


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_cache_that_is_no_folder_is_named_before_any_work(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingsError, match=name):
        FeatureCache(FeatureSettings(), tmp_path / name)
