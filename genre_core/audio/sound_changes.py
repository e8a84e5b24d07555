"""Changes that a listener makes to a frame, to hear them and to see what they do to its scores.

References
----------
Griffin, Lim (1984): Signal estimation from modified short-time Fourier transform. IEEE TASSP 32(2).
    (the weighted overlap-add by which a changed STFT becomes sound again)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr
from scipy.signal import ShortTimeFFT, get_window

from genre_core.audio.perturbations import at_speed, pink_noise, telephone
from genre_core.config import MAX_SAMPLE_RATE
from genre_core.errors import SettingsError
from genre_core.types import FloatArray

MOST_BOXES = 12
MIN_SPEED, MAX_SPEED = 0.5, 2.0
MIN_NOISE_SNR_DB, MAX_NOISE_SNR_DB = -10.0, 60.0
MIN_LEVEL_DB, MAX_LEVEL_DB = -60.0, 40.0
_TOP_HZ = MAX_SAMPLE_RATE / 2
_LONGEST_SECONDS = 3_600.0
_WINDOW_SECONDS = 0.085  # 1,024 samples at 12 kHz: edges are round over 24 Hz, fades over 43 ms


def _check_value(name: str, unit: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # so written, NaN is refused too
        raise SettingsError(
            f"The {name} is {value:g}{unit}: choose one from {low:g} to {high:g}{unit}."
        )


def _check_range(name: str, unit: str, low: float, high: float, most: float) -> None:
    if not 0.0 <= low < high <= most:
        raise SettingsError(
            f"The {name} goes from {low:g} to {high:g} {unit}: it must rise, within 0 to "
            f"{most:g} {unit}."
        )


@dataclass(frozen=True)
class Band:
    """The sound from one frequency to another, kept alone or muted; Hz."""

    low_hz: float
    high_hz: float
    is_kept: bool

    def __post_init__(self) -> None:
        _check_range("frequency", "Hz", self.low_hz, self.high_hz, _TOP_HZ)


@dataclass(frozen=True)
class Box:
    """A part of the spectrogram that is rubbed out; seconds from the start of the frame, and Hz."""

    start_seconds: float
    end_seconds: float
    low_hz: float
    high_hz: float

    def __post_init__(self) -> None:
        _check_range("time", "s", self.start_seconds, self.end_seconds, _LONGEST_SECONDS)
        _check_range("frequency", "Hz", self.low_hz, self.high_hz, _TOP_HZ)


@dataclass(frozen=True)
class SoundChanges:
    """What is done to the sound, in this order; the defaults change nothing.

    Raises SettingsError where a value is outside its limits.

    Attributes
    ----------
    boxes : rubbed out of the spectrogram
    band : kept alone or muted
    speed : factor; pitch goes with it
    is_telephone : whether only 300 to 3,400 Hz at 8 kHz are kept
    noise_snr_db : dB of pink noise under the sound's mean power; None for no noise
    level_db : dB of gain; what is then beyond full scale is clipped
    """

    boxes: tuple[Box, ...] = ()
    band: Band | None = None
    speed: float = 1.0
    is_telephone: bool = False
    noise_snr_db: float | None = None
    level_db: float = 0.0

    def __post_init__(self) -> None:
        if len(self.boxes) > MOST_BOXES:
            raise SettingsError(
                f"{len(self.boxes)} boxes are rubbed out: the most is {MOST_BOXES}. Put one back."
            )
        _check_value("speed", "", self.speed, MIN_SPEED, MAX_SPEED)
        if self.noise_snr_db is not None:
            _check_value("noise", " dB", self.noise_snr_db, MIN_NOISE_SNR_DB, MAX_NOISE_SNR_DB)
        _check_value("level", " dB", self.level_db, MIN_LEVEL_DB, MAX_LEVEL_DB)


NO_CHANGES = SoundChanges()


def change_sound(samples: FloatArray, sample_rate: int, changes: SoundChanges) -> FloatArray:
    """Return the changed sound, float32 (n_changed,), at the same rate.

    It is never longer than the original: slower sound is cut at its end. Without changes it is
    the original, sample by sample.
    """
    n_samples = len(samples)
    if changes.boxes or changes.band:
        samples = _without(samples, sample_rate, changes.boxes, changes.band)
    if changes.speed != 1.0:
        samples = at_speed(samples, sample_rate, changes.speed)[:n_samples]
    if changes.is_telephone:
        narrow, rate = telephone(samples, sample_rate)
        samples = _with_length(soxr.resample(narrow, rate, sample_rate), len(samples))
    if changes.noise_snr_db is not None:
        samples, _ = pink_noise(samples, sample_rate, changes.noise_snr_db)
    if changes.level_db != 0.0:
        gain = np.float32(10.0 ** (changes.level_db / 20.0))
        samples = np.clip(samples * gain, -1.0, 1.0)
    return np.asarray(samples, dtype=np.float32)


def _without(
    samples: FloatArray, sample_rate: int, boxes: tuple[Box, ...], band: Band | None
) -> FloatArray:
    """Return the sound with parts of its STFT set to 0; the rest keeps its phase and level."""
    n_window = round(_WINDOW_SECONDS * sample_rate) // 4 * 4
    transform = ShortTimeFFT(get_window("hann", n_window), n_window // 4, sample_rate)
    spectrum = transform.stft(samples.astype(np.float64))
    hz = transform.f[:, np.newaxis]
    seconds = transform.t(len(samples))[np.newaxis]  # a few slices lie before 0 and after the end
    kept: npt.NDArray[np.bool_] = np.ones(spectrum.shape, dtype=bool)
    if band is not None:
        kept &= _is_in(hz, band.low_hz, band.high_hz) == band.is_kept
    inside = np.clip(seconds, 0.0, len(samples) / sample_rate)
    for box in boxes:
        at_time = (box.start_seconds <= inside) & (inside <= box.end_seconds)
        kept &= ~(_is_in(hz, box.low_hz, box.high_hz) & at_time)
    return np.asarray(transform.istft(spectrum * kept, k1=len(samples)), dtype=np.float32)


def _is_in(hz: npt.NDArray[np.float64], low: float, high: float) -> npt.NDArray[np.bool_]:
    return (low <= hz) & (hz <= high)


def _with_length(samples: FloatArray, n_samples: int) -> FloatArray:
    return np.pad(samples[:n_samples], (0, max(0, n_samples - len(samples))))
