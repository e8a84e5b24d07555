"""What a telephone takes from a spectrogram is filled in; all else is left as it is."""

import pytest
import torch
from torch import Tensor

from genre_core.config import FeatureSettings
from genre_core.models import registry
from genre_core.models.band_extension import LOST_DB, MOST_DEVIATIONS, BandExtension
from genre_core.training.augmentation import low_pass, telephone

FEATURES = FeatureSettings()
N_CLIPS = 60


@pytest.fixture(scope="module")
def clips() -> Tensor:
    """Spectrograms (N_CLIPS, 96, 300) whose level and slope along frequency vary."""
    generator = torch.Generator().manual_seed(0)
    level = -20.0 + 6.0 * torch.randn(N_CLIPS, 1, 1, generator=generator)
    slope = -0.3 + 0.05 * torch.randn(N_CLIPS, 1, 1, generator=generator)
    band = torch.arange(96.0)[None, :, None]
    beat = 8.0 * torch.sin(torch.arange(300.0) * 0.4)
    noise = 3.0 * torch.randn(N_CLIPS, 96, 300, generator=generator)
    return level + slope * band + beat + noise


@pytest.fixture(scope="module")
def extension(clips: Tensor) -> BandExtension:
    fitted = BandExtension(96)
    fitted.fit(clips[10:].mean(dim=-1), clips[10:].std(dim=-1))
    return fitted


def test_whole_spectrograms_are_left_as_they_are(extension: BandExtension, clips: Tensor) -> None:
    assert torch.equal(extension(clips[:10]), clips[:10])


def test_what_was_never_fitted_changes_nothing(clips: Tensor) -> None:
    narrow = telephone(clips[:2], FEATURES)
    assert torch.equal(BandExtension(96)(narrow), narrow)


def test_a_telephone_s_bands_come_back(extension: BandExtension, clips: Tensor) -> None:
    whole, narrow = clips[:10], telephone(clips[:10], FEATURES)
    again = extension(narrow)
    lost = (whole - narrow).mean(dim=-1) > LOST_DB  # (10, 96)
    assert lost.any(dim=1).all()
    error = (again - whole).mean(dim=-1).abs()
    assert error[lost].max() < 5.0
    # They move with the music: the beat is in them.
    assert (again.std(dim=-1) / whole.std(dim=-1))[lost].sub(1).abs().max() < 0.3
    apart = [
        torch.corrcoef(torch.stack(pair))[0, 1] for pair in zip(again[0], whole[0], strict=True)
    ]
    assert min(apart) > 0.6


def test_only_the_narrow_ones_of_a_batch_change(extension: BandExtension, clips: Tensor) -> None:
    generator = torch.Generator().manual_seed(1)
    mixed = clips[:4].clone()
    mixed[2:3] = low_pass(mixed[2:3], (3_000.0, 3_000.0), FEATURES, generator)
    again = extension(mixed)
    changed = (again != mixed).flatten(1).any(dim=1)
    assert changed.tolist() == [False, False, True, False]
    present = mixed[2].mean(dim=-1) > again[2].mean(dim=-1) - 1.0
    assert torch.equal(again[2][:40], mixed[2][:40])
    assert not present[90:].any()


def test_it_neither_needs_music_nor_fails_without(extension: BandExtension) -> None:
    for value in (0.0, -100.0):
        assert torch.isfinite(extension(torch.full((2, 96, 150), value))).all()


def test_a_network_hears_through_it_and_gradients_pass(clips: Tensor) -> None:
    torch.manual_seed(0)
    model = registry.build("crnn", 3, extend_bands=True, channels=(2, 3, 4, 5), hidden=3).eval()
    narrow = telephone(clips[:2], FEATURES).requires_grad_(True)
    before = model(narrow)
    extension = model.band_extension
    assert isinstance(extension, BandExtension)
    extension.fit(clips.mean(dim=-1), clips.std(dim=-1))
    after = model(narrow)
    assert not torch.allclose(before, after)
    (gradient,) = torch.autograd.grad(after[:, 0].sum(), narrow)
    assert torch.isfinite(gradient).all()
    assert gradient.any()


@pytest.fixture(scope="module")
def slow_clips() -> Tensor:
    """Spectrograms (N_CLIPS, 96, 300) in which every band has a slow movement of its own."""
    generator = torch.Generator().manual_seed(2)
    steps = torch.randn(N_CLIPS, 96, 308, generator=generator)
    movement = steps.unfold(2, 9, 1).sum(dim=-1) / 3.0  # correlated over 9 columns, variance 1
    level = -20.0 + 6.0 * torch.randn(N_CLIPS, 1, 1, generator=generator)
    return level - 0.3 * torch.arange(96.0)[None, :, None] + 8.0 * movement


@pytest.fixture(scope="module")
def slow_extension(slow_clips: Tensor) -> BandExtension:
    fitted = BandExtension(96)
    fitted.fit(slow_clips.mean(dim=-1), slow_clips.std(dim=-1))
    return fitted


def correlation(a: Tensor, b: Tensor) -> Tensor:
    """Return the correlation over time of every band of two spectrograms (n_mels, T)."""
    return torch.stack([torch.corrcoef(torch.stack(pair))[0, 1] for pair in zip(a, b, strict=True)])


def test_a_weak_band_keeps_its_own_movement(
    slow_extension: BandExtension, slow_clips: Tensor
) -> None:
    narrow = slow_clips[:1].clone()
    narrow[:, :10] -= torch.linspace(50.0, 20.0, 10)[:, None]
    again = slow_extension(narrow)[0]
    assert (again - narrow[0]).mean(dim=-1)[:10].min() > 10.0
    assert correlation(again[:10], slow_clips[0, :10]).min() > 0.95


def test_a_band_of_noise_moves_as_the_nearest_with_music_does(
    slow_extension: BandExtension, slow_clips: Tensor
) -> None:
    narrow = slow_clips[:1].clone()
    narrow[:, :10] -= 40.0
    noise = torch.randn(1, 4, 300, generator=torch.Generator().manual_seed(3))
    narrow[:, :4] = narrow[:, :4].mean(dim=-1, keepdim=True) + 5.0 * noise
    again = slow_extension(narrow)[0]
    assert correlation(again[:4], narrow[0, :4]).abs().max() < 0.3
    # Mirrored at the edge of the music: band 3 from 4, band 0 from 7.
    assert correlation(again[:4], slow_clips[0, 4:8].flip(0)).min() > 0.95


def test_what_leaks_into_a_weak_band_does_not_tower_over_the_music(
    slow_extension: BandExtension, slow_clips: Tensor
) -> None:
    narrow = slow_clips[:1].clone()
    narrow[:, :10] -= 40.0
    narrow[:, :10, 100:103] += 40.0  # a beat, heard through the filter
    again = slow_extension(narrow)[0]
    deviations = (again[:10] - again[:10].mean(dim=-1, keepdim=True)) / 8.0
    assert deviations.max() < MOST_DEVIATIONS + 0.5
