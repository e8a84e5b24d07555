"""The settings of the augmentation. No torch here: `--help` reads them."""

import math
from dataclasses import dataclass, fields

from genre_core.config import MAX_FRAME_SECONDS, MIN_FRAME_SECONDS
from genre_core.errors import SettingsError


@dataclass(frozen=True)
class AugmentationSettings:
    """How much each example may be changed. Ranges are uniform; probabilities are per example.

    Attributes
    ----------
    crop_seconds : shortest and longest frame; one length is drawn for each batch
    full_length_probability : share of batches that have the longest frame whatever `crop_seconds`
        begins with
    tempo_range : largest relative change of speed without change of pitch, e.g. 0.05
    pitch_semitones : largest shift up or down
    gain_db : range of gains
    telephone_varies : draw each telephone's band and slopes instead of giving all the same
    low_pass_hz : range of cut-offs
    noise_snr_db : (float, float)
    equaliser_db : standard deviation of a smooth random filter's gain along frequency; 0: none
    time_masks, frequency_masks : number of masks on each example
    time_mask_seconds : largest width; never more than a fifth of the frame
    frequency_mask_bands : largest width
    mixup_alpha : both parameters of the beta distribution; 0: no mixup
    unchanged_share : of the examples that only crop, tempo and mixup change; where much of a
        network is frozen, its features of changed sounds alone teach the rest little
    """

    crop_seconds: tuple[float, float] = (MIN_FRAME_SECONDS, MAX_FRAME_SECONDS)
    full_length_probability: float = 0.5
    tempo_range: float = 0.05
    pitch_semitones: float = 0.5
    gain_db: tuple[float, float] = (-20.0, 6.0)
    telephone_probability: float = 0.05
    telephone_varies: bool = False
    low_pass_probability: float = 0.1
    low_pass_hz: tuple[float, float] = (2_500.0, 5_500.0)
    noise_probability: float = 0.2
    noise_snr_db: tuple[float, float] = (12.0, 40.0)
    equaliser_db: float = 0.0
    time_masks: int = 1
    frequency_masks: int = 1
    time_mask_seconds: float = 1.5
    frequency_mask_bands: int = 10
    mixup_alpha: float = 0.2
    unchanged_share: float = 0.0

    def __post_init__(self) -> None:
        """Raise SettingsError for what cannot be meant."""
        for item in fields(self):
            value = getattr(self, item.name)
            name = f"The augmentation setting {item.name}"
            numbers = value if isinstance(value, tuple) else (value,)
            if not all(math.isfinite(number) for number in numbers):
                raise SettingsError(f"{name} must be finite.")
            if isinstance(value, tuple):
                if value[0] > value[1]:
                    raise SettingsError(f"{name} must be a range, the lower number first.")
            elif value < 0:
                raise SettingsError(f"{name} must be at least 0.")
            elif item.name.endswith(("_probability", "_share")) and value > 1:
                raise SettingsError(f"{name} must be from 0 to 1.")


NO_AUGMENTATION = AugmentationSettings(
    crop_seconds=(MAX_FRAME_SECONDS, MAX_FRAME_SECONDS),
    full_length_probability=1.0,
    tempo_range=0.0,
    pitch_semitones=0.0,
    gain_db=(0.0, 0.0),
    telephone_probability=0.0,
    low_pass_probability=0.0,
    noise_probability=0.0,
    equaliser_db=0.0,
    time_masks=0,
    frequency_masks=0,
    mixup_alpha=0.0,
)
