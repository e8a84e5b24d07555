"""Variations of log-mel spectrograms for training, on whole batches, in decibels.

Each function takes and returns float32 (B, n_mels, n_columns) in dB and draws all its random
numbers from the CPU generator that it is given, so that a seed gives the same batch on every
device.

References
----------
Park et al. (2019): SpecAugment: a simple data augmentation method for automatic speech
    recognition. Interspeech. (masks of time and frequency)
Wilson, Hilferty (1931): The distribution of chi-square. PNAS 17(12). (noise power in a band)
Slaney (1998): Auditory toolbox. Interval Research technical report 1998-010. (the mel scale)
"""

from collections.abc import Callable
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from genre_core.config import FeatureSettings
from genre_core.features.log_mel import mel_filter_bank
from genre_core.features.mel_scale import band_position, centres_hz, corners_hz
from genre_core.training.augmentation_settings import AugmentationSettings

TELEPHONE_HZ: tuple[float, float] = (300.0, 3_400.0)
TELEPHONE_DB_PER_OCTAVE: float = 96.0
# Lines, receivers and small loudspeakers differ; these are drawn where they vary.
TELEPHONE_LOW_HZ: tuple[float, float] = (200.0, 400.0)
TELEPHONE_HIGH_HZ: tuple[float, float] = (2_800.0, 3_800.0)
TELEPHONE_LOW_DB_PER_OCTAVE: tuple[float, float] = (18.0, 120.0)
TELEPHONE_HIGH_DB_PER_OCTAVE: float = 200.0  # half the sample rate is close
LOW_PASS_DB_PER_OCTAVE: float = 400.0  # codecs cut sharply
EQUALISER_POINTS: int = 5  # from the lowest band to the highest


def augment(
    log_mel: Tensor,
    settings: AugmentationSettings,
    features: FeatureSettings,
    generator: Generator,
) -> Tensor:
    """Apply every variation but cropping, tempo and mixup.

    Parameters
    ----------
    log_mel : float32 (B, n_mels, n_columns), dB
    settings : AugmentationSettings
    features : FeatureSettings
        Of `log_mel`.
    generator : Generator

    Returns
    -------
    float32 (B, n_mels, n_columns), dB
        Clipped as `features.log_mel_spectrogram` clips, before the masks.
    """
    x = log_mel
    if settings.pitch_semitones > 0:
        x = shift_pitch(x, settings.pitch_semitones, features, generator)
    some = _draw(len(x), settings.telephone_probability, generator)
    if settings.telephone_varies:
        x = _on_some(x, some, lambda part: varied_telephone(part, features, generator))
    else:
        x = _on_some(x, some, lambda part: telephone(part, features))
    some = _draw(len(x), settings.low_pass_probability, generator)
    x = _on_some(x, some, lambda part: low_pass(part, settings.low_pass_hz, features, generator))
    some = _draw(len(x), settings.noise_probability, generator)
    x = _on_some(x, some, lambda part: add_noise(part, settings.noise_snr_db, features, generator))
    if settings.equaliser_db > 0:
        x = equalise(x, settings.equaliser_db, generator)
    x = change_gain(x, settings.gain_db, generator)
    x = clip_floor(x, features)
    seconds_per_column = features.column_seconds
    for _ in range(settings.time_masks):
        width = min(settings.time_mask_seconds / seconds_per_column, x.shape[-1] / 5)
        x = mask(x, int(width), -1, generator)
    for _ in range(settings.frequency_masks):
        x = mask(x, settings.frequency_mask_bands, -2, generator)
    if settings.unchanged_share > 0:
        same = _draw(len(x), settings.unchanged_share, generator)[:, None, None].to(x.device)
        x = torch.where(same, clip_floor(log_mel, features), x)
    return x


def clip_floor(log_mel: Tensor, features: FeatureSettings) -> Tensor:
    """Clip as `features.log_mel_spectrogram` does: at `amin`, and `top_db` under each maximum."""
    lowest = 10.0 * torch.log10(torch.tensor(features.amin)).item()
    x = log_mel.clamp(min=lowest)
    return torch.maximum(x, x.amax(dim=(-2, -1), keepdim=True) - features.top_db)


def change_gain(log_mel: Tensor, gain_db: tuple[float, float], generator: Generator) -> Tensor:
    """Make each example louder or quieter by a gain within `gain_db`."""
    return log_mel + _uniform(log_mel, *gain_db, generator)


def shift_pitch(
    log_mel: Tensor, semitones: float, features: FeatureSettings, generator: Generator
) -> Tensor:
    """Shift each example along the mel axis by up to `semitones` up or down.

    Linear interpolation in dB; what would come from beyond the bands repeats the outermost one.
    """
    shift = _uniform(log_mel, -semitones, semitones, generator)[:, 0]  # (B, 1)
    source_hz = band_hz(features).to(log_mel.device) / 2 ** (shift / 12)  # (B, n_mels)
    position = torch.from_numpy(band_position(source_hz.cpu().numpy(), features)).to(source_hz)
    return _interpolate(log_mel.transpose(1, 2), position).transpose(1, 2)


def stretch_time(log_mel: Tensor, rate: Tensor, n_columns: int) -> Tensor:
    """Play each example at another speed without changing its pitch.

    Parameters
    ----------
    log_mel : float32 (B, n_mels, n_source), dB
    rate : float32 (B,)
        2 plays twice as fast. `n_source` should be at least `rate * n_columns`.
    n_columns : int

    Returns
    -------
    float32 (B, n_mels, n_columns)
    """
    position = torch.arange(n_columns, device=log_mel.device) * rate.to(log_mel.device)[:, None]
    return _interpolate(log_mel, position)


def telephone(log_mel: Tensor, features: FeatureSettings) -> Tensor:
    """Keep only 300 to 3,400 Hz."""
    hz = band_hz(features).to(log_mel.device)
    low, high = TELEPHONE_HZ
    octaves = torch.log2(low / hz).clamp(min=0) + torch.log2(hz / high).clamp(min=0)
    return log_mel - TELEPHONE_DB_PER_OCTAVE * octaves[None, :, None]


def varied_telephone(log_mel: Tensor, features: FeatureSettings, generator: Generator) -> Tensor:
    """Keep about 300 to 3,400 Hz, each example with edges of its own place and steepness."""
    hz = band_hz(features).to(log_mel.device)[None, :, None]
    low, high, slope = (
        _uniform(log_mel, *limits, generator)
        for limits in (TELEPHONE_LOW_HZ, TELEPHONE_HIGH_HZ, TELEPHONE_LOW_DB_PER_OCTAVE)
    )
    below, above = torch.log2(low / hz).clamp(min=0), torch.log2(hz / high).clamp(min=0)
    return log_mel - slope * below - TELEPHONE_HIGH_DB_PER_OCTAVE * above


def low_pass(
    log_mel: Tensor,
    cutoff_hz: tuple[float, float],
    features: FeatureSettings,
    generator: Generator,
) -> Tensor:
    """Cut each example's sound above a frequency within `cutoff_hz`."""
    cutoff = _uniform(log_mel, *cutoff_hz, generator)  # (B, 1, 1)
    hz = band_hz(features).to(log_mel.device)[None, :, None]
    return log_mel - LOW_PASS_DB_PER_OCTAVE * torch.log2(hz / cutoff).clamp(min=0)


def equalise(log_mel: Tensor, deviation_db: float, generator: Generator) -> Tensor:
    """Filter each example by a random gain that varies smoothly along the mel axis.

    The gain is drawn at `EQUALISER_POINTS` equally spaced bands and is linear in dB between them.
    """
    points = deviation_db * torch.randn(
        (len(log_mel), 1, EQUALISER_POINTS), generator=generator
    )  # (B, 1, points)
    gain = F.interpolate(points, size=log_mel.shape[1], mode="linear", align_corners=True)
    return log_mel + gain.transpose(1, 2).to(log_mel.device)


def add_noise(
    log_mel: Tensor,
    snr_db: tuple[float, float],
    features: FeatureSettings,
    generator: Generator,
) -> Tensor:
    """Add noise, from white to pink, in the power domain.

    Sound and noise are taken as incoherent. The power of noise in a band varies from column to
    column like a chi-square variable with two degrees of freedom for each independent STFT bin,
    drawn through Wilson and Hilferty's cube-root approximation.
    """
    power = torch.pow(10.0, log_mel / 10.0)
    hz = band_hz(features).to(log_mel.device)[None, :, None]
    colour = _uniform(log_mel, 0.0, 1.0, generator)  # 0 white, 1 pink
    # Slaney's bands have equal area: white noise is level in them, and what a listener would call
    # the ratio weighs each band by its width in Hz. HTK's bands add up the power in that width.
    width = _band_width(features).to(log_mel.device)[None, :, None]
    equal_area = features.mel_scale == "slaney"
    level = hz**-colour * (1.0 if equal_area else width)
    weight = width if equal_area else torch.ones_like(width)
    sound_power = (power * weight).sum(dim=1).mean(dim=-1)[:, None, None]
    noise_power = (level * weight).sum(dim=1, keepdim=True)
    ratio = torch.pow(10.0, -_uniform(log_mel, *snr_db, generator) / 10.0)
    freedom = _independent_bins(features).to(log_mel.device)[None, :, None]
    normal = torch.randn(log_mel.shape, generator=generator).to(log_mel.device)
    third = 1.0 / (9.0 * freedom)
    varying = (1.0 - third + normal * third.sqrt()).clamp(min=0) ** 3
    noisy = power + level * (sound_power / noise_power * ratio) * varying
    return 10.0 * torch.log10(noisy.clamp(min=features.amin))


def mask(log_mel: Tensor, max_width: int, axis: int, generator: Generator) -> Tensor:
    """Replace one band of rows (axis -2) or columns (axis -1) of each example by its mean."""
    size = log_mel.shape[axis]
    n = len(log_mel)
    width = torch.randint(0, min(max_width, size) + 1, (n, 1), generator=generator)
    start = (torch.rand((n, 1), generator=generator) * (size - width + 1)).long()
    index = torch.arange(size)
    hidden = ((index >= start) & (index < start + width)).to(log_mel.device)  # (B, size)
    hidden = hidden[:, :, None] if axis == -2 else hidden[:, None, :]
    return torch.where(hidden, log_mel.mean(dim=(-2, -1), keepdim=True), log_mel)


@lru_cache(maxsize=8)
def band_hz(features: FeatureSettings) -> Tensor:
    """Return the centre frequency of each band, float32 (n_mels,)."""
    return torch.tensor(centres_hz(features), dtype=torch.float32)


@lru_cache(maxsize=8)
def _band_width(features: FeatureSettings) -> Tensor:
    """Return the width of each band in Hz, float32 (n_mels,)."""
    edges = corners_hz(features)
    return torch.tensor((edges[2:] - edges[:-2]) / 2, dtype=torch.float32)


@lru_cache(maxsize=8)
def _independent_bins(features: FeatureSettings) -> Tensor:
    """Return over how many independent STFT bins each band averages, float32 (n_mels,)."""
    bank = torch.tensor(mel_filter_bank(features))
    bins = bank.sum(dim=1) ** 2 / (bank**2).sum(dim=1).clamp(min=1e-12)
    return (bins / 1.5).clamp(min=1.0)  # a Hann window spreads a bin over 1.5


def _interpolate(x: Tensor, position: Tensor) -> Tensor:
    """Return float32 (B, C, n): `x` (B, C, T) at `position` (B, n) along its last axis."""
    position = position.clamp(min=0, max=x.shape[-1] - 1)
    left = position.floor().long().clamp(max=max(0, x.shape[-1] - 2))
    right = (left + 1).clamp(max=x.shape[-1] - 1)
    weight = (position - left)[:, None, :]
    shape = (-1, x.shape[1], -1)
    before = x.gather(2, left[:, None, :].expand(shape))
    after = x.gather(2, right[:, None, :].expand(shape))
    return before * (1 - weight) + after * weight


def _uniform(like: Tensor, low: float, high: float, generator: Generator) -> Tensor:
    """Return one number for each example, float32 (B, 1, 1)."""
    drawn = torch.rand((len(like), 1, 1), generator=generator)
    return (low + (high - low) * drawn).to(like.device)


def _draw(n_examples: int, probability: float, generator: Generator) -> Tensor:
    """Return bool (B,) on the CPU: which examples a change happens to."""
    return torch.rand(n_examples, generator=generator) < probability


def _on_some(x: Tensor, some: Tensor, change: Callable[[Tensor], Tensor]) -> Tensor:
    """Return `x` with `change` applied to the examples that `some` (bool (B,)) marks."""
    if not some.any():
        return x
    index = some.nonzero()[:, 0].to(x.device)
    return x.index_copy(0, index, change(x[index]))
