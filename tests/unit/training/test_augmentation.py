from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from genre_core.config import FeatureSettings
from genre_core.features.log_mel import log_mel_spectrogram
from genre_core.training import augmentation
from genre_core.training.augmentation_settings import NO_AUGMENTATION, AugmentationSettings
from genre_core.training.mixup import draw_mixup, mix

FEATURES = FeatureSettings()
RATE = FEATURES.sample_rate


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


def log_mel_of(samples: np.ndarray) -> Tensor:
    return torch.from_numpy(log_mel_spectrogram(samples.astype(np.float32)[None]))


def tone(hz: float, seconds: float = 3.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


def noise(seconds: float = 3.0, seed: int = 0) -> np.ndarray:
    return 0.1 * np.random.default_rng(seed).standard_normal(round(seconds * RATE))


def random_batch(n: int = 4, n_columns: int = 141) -> Tensor:
    return torch.randn((n, 96, n_columns), generator=seeded(9)) * 10 - 30


def all_sound(n: int) -> Tensor:
    return torch.ones(n, dtype=torch.bool)


def test_no_augmentation_changes_nothing() -> None:
    x = log_mel_of(noise())
    torch.testing.assert_close(
        augmentation.augment(x, NO_AUGMENTATION, FEATURES, seeded()),
        x,
        atol=1e-4,
        rtol=0,
    )


def test_same_seed_same_batch() -> None:
    settings = AugmentationSettings(
        telephone_probability=0.5, low_pass_probability=0.5, noise_probability=0.5
    )
    x = random_batch()
    first, second, other = (
        augmentation.augment(x, settings, FEATURES, seeded(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, second)
    assert not torch.equal(first, other)
    assert first.shape == x.shape
    assert torch.isfinite(first).all()


def test_input_is_never_written_to() -> None:
    x = random_batch()
    before = x.clone()
    settings = AugmentationSettings(noise_probability=1.0, telephone_probability=1.0)
    augmentation.augment(x, settings, FEATURES, seeded())
    assert torch.equal(x, before)


def test_gain_moves_the_level_within_its_range() -> None:
    x = random_batch(200, 5)
    gain = (augmentation.change_gain(x, (-20.0, 6.0), seeded()) - x).mean(dim=(1, 2))
    assert gain.min() >= -20.0
    assert gain.max() <= 6.0
    assert gain.max() - gain.min() > 20


def test_gain_of_the_sound_is_a_gain_of_the_features() -> None:
    loud, quiet = noise(), noise() / 10
    moved = augmentation.change_gain(log_mel_of(loud), (-20.0, -20.0), seeded())
    torch.testing.assert_close(
        augmentation.clip_floor(moved, FEATURES), log_mel_of(quiet), atol=0.01, rtol=0
    )


def test_floor_is_that_of_the_features() -> None:
    sound = np.concatenate([tone(440.0, 1.5), 1e-6 * noise(1.5)])
    unclipped = log_mel_spectrogram(sound[None].astype(np.float32), replace(FEATURES, top_db=200.0))
    clipped = augmentation.clip_floor(torch.from_numpy(unclipped), FEATURES)
    torch.testing.assert_close(clipped, log_mel_of(sound), atol=1e-4, rtol=0)


@pytest.mark.parametrize("hz", [200.0, 700.0, 2_000.0])
def test_pitch_shift_moves_a_tone_as_far_as_the_sound_would(
    hz: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    semitones = 2.0
    monkeypatch.setattr(
        augmentation, "_uniform", lambda like, low, high, generator: torch.full((1, 1, 1), high)
    )
    shifted = augmentation.shift_pitch(log_mel_of(tone(hz)), semitones, FEATURES, seeded())
    true = log_mel_of(tone(hz * 2 ** (semitones / 12)))
    assert abs(int(shifted[0, :, 70].argmax()) - int(true[0, :, 70].argmax())) <= 1


def test_no_pitch_shift_is_the_identity() -> None:
    x = random_batch()
    shifted = augmentation.shift_pitch(x, 0.0, FEATURES, seeded())
    torch.testing.assert_close(shifted, x, atol=0.02, rtol=0)


def test_stretched_time_keeps_events_in_proportion() -> None:
    x = torch.zeros(2, 4, 200)
    x[:, :, 100] = 1.0
    stretched = augmentation.stretch_time(x, torch.tensor([1.0, 1.25]), 150)
    assert stretched[0, 0].argmax() == 100
    assert stretched[1, 0].argmax() == 80
    assert stretched.shape == (2, 4, 150)


def test_telephone_keeps_its_band_and_nothing_else() -> None:
    x = log_mel_of(noise())
    narrow = augmentation.telephone(x, FEATURES)
    hz = augmentation.band_hz(FEATURES)
    inside = (hz > 300) & (hz < 3_400)
    assert torch.equal(narrow[:, inside], x[:, inside])
    assert (narrow[:, hz > 4_500] < x[:, hz > 4_500] - 35).all()
    assert (narrow[:, hz < 150] < x[:, hz < 150] - 90).all()


def test_no_two_varied_telephones_are_alike() -> None:
    x = log_mel_of(noise()).expand(20, -1, -1)
    narrow = augmentation.varied_telephone(x, FEATURES, seeded())
    hz = augmentation.band_hz(FEATURES)
    inside = (hz > 400) & (hz < 2_800)
    assert torch.equal(narrow[:, inside], x[:, inside])
    assert (narrow[:, hz > 4_500] < x[:, hz > 4_500] - 45).all()
    lowest = (x - narrow)[:, hz < 100]
    assert (lowest > 18).all()
    assert lowest.amax(dim=(1, 2)).unique().numel() == 20
    settings = replace(NO_AUGMENTATION, telephone_probability=1.0, telephone_varies=True)
    assert not torch.equal(
        augmentation.augment(x, settings, FEATURES, seeded()),
        augmentation.augment(x, replace(settings, telephone_varies=False), FEATURES, seeded()),
    )


def test_low_pass_cuts_above_only() -> None:
    x = log_mel_of(noise())
    cut = augmentation.low_pass(x, (3_000.0, 3_000.0), FEATURES, seeded())
    hz = augmentation.band_hz(FEATURES)
    assert torch.equal(cut[:, hz < 3_000], x[:, hz < 3_000])
    assert (cut[:, hz > 3_400] < x[:, hz > 3_400] - 60).all()


def test_noise_is_as_loud_as_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """White noise on a tone, in the features and in the sound: the same within 1 dB."""
    monkeypatch.setattr(
        augmentation, "_uniform", lambda like, low, high, generator: torch.full((1, 1, 1), low)
    )  # colour 0: white
    signal, snr_db = tone(300.0, 10.0), 20.0
    added = augmentation.add_noise(log_mel_of(signal), (snr_db, snr_db), FEATURES, seeded())
    white = np.random.default_rng(1).standard_normal(len(signal))
    white *= np.sqrt(np.mean(signal**2) / np.mean(white**2) * 10 ** (-snr_db / 10))
    true = log_mel_of(signal + white)
    high = slice(60, 94)  # bands where only the noise is
    assert added[0, high].mean().item() == pytest.approx(true[0, high].mean().item(), abs=1.0)
    assert added[0, high].std().item() == pytest.approx(true[0, high].std().item(), rel=0.35)


def test_pink_noise_falls_with_frequency(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([1.0, 20.0])  # pink, 20 dB
    monkeypatch.setattr(
        augmentation,
        "_uniform",
        lambda like, low, high, generator: torch.full((1, 1, 1), next(drawn)),
    )
    quiet = log_mel_of(tone(5_000.0))
    noisy = augmentation.add_noise(quiet, (20.0, 20.0), FEATURES, seeded())
    hz = augmentation.band_hz(FEATURES)
    low, high = int((hz - 500).abs().argmin()), int((hz - 2_000).abs().argmin())
    power = torch.pow(10, noisy[0] / 10).mean(dim=1)
    fall_db = 10 * torch.log10(power[low] / power[high]).item()
    assert fall_db == pytest.approx(6.0, abs=1.5)  # 3 dB an octave


def test_equaliser_is_a_smooth_filter() -> None:
    x = random_batch(200)
    gain = augmentation.equalise(x, 4.0, seeded()) - x
    torch.testing.assert_close(gain, gain[:, :, :1].expand_as(gain), atol=1e-4, rtol=0)
    assert gain[:, 0, 0].std().item() == pytest.approx(4.0, rel=0.2)
    bend = gain[:, :, 0].diff(n=2).abs()
    assert (bend > 1e-3).sum(dim=1).max() <= 2 * augmentation.EQUALISER_POINTS


@pytest.mark.parametrize("axis", [-1, -2])
def test_mask_hides_one_band(axis: int) -> None:
    x = random_batch(50)
    masked = augmentation.mask(x, 20, axis, seeded())
    hidden = (masked != x).all(dim=-2 if axis == -1 else -1)  # (B, size)
    widths = hidden.sum(dim=1)
    assert widths.max() <= 20
    assert widths.float().mean() > 5
    for row in hidden:
        changes = row.int().diff().abs().sum()
        assert changes <= 2  # in one piece
    untouched = ~hidden[:, None, :] if axis == -1 else ~hidden[:, :, None]
    assert torch.equal(masked[untouched.expand_as(x)], x[untouched.expand_as(x)])


def test_mixup_mixes_labels_as_it_mixes_sound() -> None:
    partner, share = draw_mixup(64, 0.4, seeded())
    assert sorted(partner.tolist()) == list(range(64))
    assert share.min() >= 0.5
    assert share.max() <= 1.0
    labels = torch.eye(64)
    mixed = mix(labels, partner, share)
    torch.testing.assert_close(mixed.sum(dim=1), torch.ones(64))
    assert torch.equal(mixed.argmax(dim=1), torch.arange(64))
    with pytest.raises(AssertionError):
        torch.testing.assert_close(mixed, labels)


@pytest.mark.parametrize(
    "change",
    [
        lambda x, g: augmentation.shift_pitch(x, 1.0, FEATURES, g),
        lambda x, g: augmentation.low_pass(x, (2_000.0, 5_000.0), FEATURES, g),
        lambda x, g: augmentation.add_noise(x, (10.0, 30.0), FEATURES, g),
        lambda x, g: augmentation.mask(x, 10, -1, g),
        lambda x, g: augmentation.equalise(x, 4.0, g),
    ],
    ids=["pitch", "low pass", "noise", "mask", "equaliser"],
)
def test_examples_are_changed_independently(change: Callable[[Tensor, Generator], Tensor]) -> None:
    x = random_batch(1).expand(3, -1, -1)
    changed = change(x, seeded())
    assert not torch.equal(changed[0], changed[1])
    assert not torch.equal(changed[1], changed[2])


def test_a_share_of_the_examples_stays_as_it_is() -> None:
    clean = augmentation.clip_floor(random_batch(200), FEATURES)
    settings = AugmentationSettings(equaliser_db=6.0, unchanged_share=0.7)
    changed = augmentation.augment(clean, settings, FEATURES, seeded())
    same = (changed == clean).all(dim=2).all(dim=1).float().mean().item()
    assert same == pytest.approx(0.7, abs=0.1)


def test_pitch_moves_along_either_mel_scale() -> None:
    htk = FeatureSettings(sample_rate=16_000, mel_scale="htk")
    for features in (FEATURES, htk):
        log_mel = torch.full((1, 96, 20), -60.0)
        log_mel[0, 40] = 0.0
        moved = augmentation.shift_pitch(log_mel, 12.0, features, seeded(3))[0, :, 0]
        ratio = augmentation.band_hz(features)[moved.argmax()] / augmentation.band_hz(features)[40]
        shift = 12.0 * (2.0 * torch.rand((1, 1, 1), generator=seeded(3)) - 1.0)
        assert 12 * torch.log2(ratio).item() == pytest.approx(shift.item(), abs=0.6)


def test_noise_has_the_ratio_that_was_asked_for() -> None:
    """In bands that add power up, white noise is strongest where they are widest."""
    htk = FeatureSettings(sample_rate=16_000, mel_scale="htk")
    sound = torch.full((4, 96, 400), 0.0)
    noisy = augmentation.add_noise(sound, (0.0, 0.0), htk, seeded(1))
    added = torch.pow(10.0, noisy / 10.0) - 1.0
    assert added.sum(dim=1).mean().item() == pytest.approx(96.0, rel=0.1)
