"""Changes that sound undergoes on its way to a listener, to measure how robust a network is."""

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from scipy import signal

from genre_core.audio.load import load_audio
from genre_core.config import SAMPLE_RATE
from genre_core.errors import AudioError, SettingsError
from genre_core.types import FloatArray, Waveform

MP3_BIT_RATE = 32_000  # bit/s
MP3_RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
TELEPHONE_HZ = (300.0, 3_400.0)
TELEPHONE_RATE_HZ = 8_000
QUIET_GAIN_DB = -40.0
CLIPPED_GAIN_DB = 12.0
NOISE_SNR_DB = 20.0
SPEED_CHANGE = 0.03
ONE_CHANNEL = "one_channel"  # the left one alone, not the mean of all

Sound = tuple[FloatArray, int]
Perturbation = Callable[[FloatArray, int], Sound]


def mp3(samples: FloatArray, sample_rate: int) -> Sound:
    """Encode as MP3 at 32 kbit/s (mono) and decode again.

    Sound of a rate that MP3 does not have is resampled to the next higher one. The encoder may
    lengthen it a little.
    """
    rate = next((known for known in MP3_RATES_HZ if known >= sample_rate), MP3_RATES_HZ[-1])
    if rate != sample_rate:
        samples = soxr.resample(samples, sample_rate, rate)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate)
        stream.bit_rate = MP3_BIT_RATE
        stream.layout = "mono"
        stream.format = "fltp"
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples[None], dtype=np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = rate
        frame.time_base = Fraction(1, rate)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    decoded, decoded_rate = soundfile.read(io.BytesIO(buffer.getvalue()), dtype="float32")
    return decoded, int(decoded_rate)


def telephone(samples: FloatArray, sample_rate: int) -> Sound:
    """Keep 300 to 3,400 Hz at 8 kHz, as a telephone line does."""
    narrow = soxr.resample(samples, sample_rate, TELEPHONE_RATE_HZ)
    band = signal.butter(6, TELEPHONE_HZ, "bandpass", fs=TELEPHONE_RATE_HZ, output="sos")
    return signal.sosfilt(band, narrow).astype(np.float32), TELEPHONE_RATE_HZ


def quiet(samples: FloatArray, sample_rate: int) -> Sound:
    """Turn down by 40 dB."""
    return (samples * 10 ** (QUIET_GAIN_DB / 20)).astype(np.float32), sample_rate


def clipped(samples: FloatArray, sample_rate: int) -> Sound:
    """Turn up by 12 dB, and cut what is beyond the largest sample that there was."""
    peak = np.abs(samples).max(initial=0.0)
    louder = samples * 10 ** (CLIPPED_GAIN_DB / 20)
    return louder.clip(-peak, peak).astype(np.float32), sample_rate


def pink_noise(samples: FloatArray, sample_rate: int, snr_db: float = NOISE_SNR_DB) -> Sound:
    """Add pink noise, `snr_db` under the sound's mean power; the same noise for the same length."""
    n_samples = len(samples)
    spectrum = np.fft.rfft(np.random.default_rng(n_samples).standard_normal(n_samples))
    hz = np.fft.rfftfreq(n_samples, 1 / sample_rate)
    spectrum /= np.sqrt(np.maximum(hz, 20.0))  # level below what one can hear
    noise = np.fft.irfft(spectrum, n_samples)
    sound_power, noise_power = np.mean(samples.astype(np.float64) ** 2), np.mean(noise**2)
    gain = np.sqrt(sound_power / noise_power * 10 ** (-snr_db / 10))
    return (samples + gain * noise).astype(np.float32), sample_rate


def at_speed(samples: FloatArray, sample_rate: int, speed: float) -> FloatArray:
    """Play at `speed` times the speed: above 1 shorter and higher."""
    return soxr.resample(samples, sample_rate * speed, sample_rate)


def faster(samples: FloatArray, sample_rate: int) -> Sound:
    """Play 3 % faster and higher."""
    return at_speed(samples, sample_rate, 1 + SPEED_CHANGE), sample_rate


def slower(samples: FloatArray, sample_rate: int) -> Sound:
    """Play 3 % slower and lower."""
    return at_speed(samples, sample_rate, 1 - SPEED_CHANGE), sample_rate


PERTURBATIONS: dict[str, Perturbation] = {
    "mp3": mp3,
    "telephone": telephone,
    "quiet": quiet,
    "clipped": clipped,
    "pink_noise": pink_noise,
    "faster": faster,
    "slower": slower,
}
NAMES = (*PERTURBATIONS, ONE_CHANNEL)
_FOR_READERS = {
    "mp3": f"MP3, {MP3_BIT_RATE / 1_000:g} kbit/s",
    "quiet": f"{-QUIET_GAIN_DB:g} dB quieter",
    "clipped": f"clipped by {CLIPPED_GAIN_DB:g} dB",
    "pink_noise": f"pink noise at {NOISE_SNR_DB:g} dB",
    "faster": f"{100 * SPEED_CHANGE:g} % faster",
    "slower": f"{100 * SPEED_CHANGE:g} % slower",
    ONE_CHANNEL: "left channel alone",
}


def change_name(perturbation: str) -> str:
    """Return what a reader calls a perturbation; an unknown one stays as it is."""
    return _FOR_READERS.get(perturbation, perturbation)


def load_perturbed(path: str | Path, name: str, sample_rate: int = SAMPLE_RATE) -> Waveform:
    """Load a sound file, changed at its own sample rate before it is resampled.

    Raises AudioError if the file cannot be read, SettingsError if there is no such perturbation.

    Parameters
    ----------
    path : a file that libsndfile reads (wav, flac, ogg, mp3)
    name : one of `NAMES`; `ONE_CHANNEL` changes nothing where there is only one
    sample_rate : Hz, of the result
    """
    if name not in NAMES:
        known = ", ".join(NAMES)
        raise SettingsError(f"No perturbation is named {name!r}; choose {known}.")
    try:
        samples, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, soundfile.LibsndfileError) as error:
        raise AudioError(f"{path}: cannot be read to be perturbed ({error}).") from error
    if name == ONE_CHANNEL:
        changed, rate = samples[:, 0], own_rate
    else:
        changed, rate = PERTURBATIONS[name](samples.mean(axis=1), own_rate)
    buffer = io.BytesIO()
    soundfile.write(buffer, changed, rate, format="WAV", subtype="FLOAT")
    return load_audio(buffer.getvalue(), name=Path(path).name, sample_rate=sample_rate)
