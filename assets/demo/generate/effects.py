"""Studio effects: filters, amplifiers, compressors, rooms, a limiter.

Every maker returns an `Effect`: float32 (channels, n_samples) in, the same out. One channel stays
one until something makes it stereo (echo, chorus, tremolo, room).
"""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, fftconvolve, lfilter, resample_poly, sosfilt

from .score import Effect, Stereo

RATE = 44_100  # Hz
ENVELOPE_HOP = 64  # samples
OVERSAMPLE_ABOVE_DB = 12.0  # stronger saturation is oversampled four times instead of twice


def chain(*effects: Effect) -> Effect:
    """Put effects one after the other."""

    def apply(sound: Stereo) -> Stereo:
        for effect in effects:
            sound = effect(sound)
        return sound

    return apply


def highpass(hertz: float, order: int = 2) -> Effect:
    """Remove low frequencies."""
    sos = butter(order, hertz, "highpass", fs=RATE, output="sos")
    return lambda sound: sosfilt(sos, sound, axis=1).astype(np.float32)


def lowpass(hertz: float, order: int = 2) -> Effect:
    """Remove high frequencies."""
    sos = butter(order, hertz, "lowpass", fs=RATE, output="sos")
    return lambda sound: sosfilt(sos, sound, axis=1).astype(np.float32)


def peak(hertz: float, decibel: float, q: float = 1.0) -> Effect:
    """Raise or lower a band (Bristow-Johnson, Audio EQ cookbook, peaking EQ)."""
    amplitude = 10 ** (decibel / 40)
    omega = 2 * np.pi * hertz / RATE
    alpha = np.sin(omega) / (2 * q)
    b = [1 + alpha * amplitude, -2 * np.cos(omega), 1 - alpha * amplitude]
    a = [1 + alpha / amplitude, -2 * np.cos(omega), 1 - alpha / amplitude]
    return lambda sound: lfilter(b, a, sound, axis=1).astype(np.float32)


def shelf(hertz: float, decibel: float, high: bool = True) -> Effect:
    """Raise or lower everything above (or below) a frequency (Audio EQ cookbook, shelves)."""
    amplitude = 10 ** (decibel / 40)
    omega = 2 * np.pi * hertz / RATE
    cosine = np.cos(omega) * (1 if high else -1)
    slope = np.sin(omega) * np.sqrt(2) * np.sqrt(amplitude)
    plus, minus = amplitude + 1, amplitude - 1
    sign = 1 if high else -1
    b = np.array(
        [
            amplitude * (plus + minus * cosine + slope),
            -2 * sign * amplitude * (minus + plus * cosine),
            amplitude * (plus + minus * cosine - slope),
        ]
    )
    a = np.array(
        [
            plus - minus * cosine + slope,
            2 * sign * (minus - plus * cosine),
            plus - minus * cosine - slope,
        ]
    )
    return lambda sound: lfilter(b / a[0], a / a[0], sound, axis=1).astype(np.float32)


def gain(decibel: float) -> Effect:
    """Make louder or softer."""
    return lambda sound: (sound * 10 ** (decibel / 20)).astype(np.float32)


def drive(decibel: float, bias: float = 0.0, mix: float = 1.0) -> Effect:
    """Saturate softly; `bias` adds even harmonics. Oversampled against aliasing."""
    times = 4 if decibel > OVERSAMPLE_ABOVE_DB else 2

    def apply(sound: Stereo) -> Stereo:
        loud = resample_poly(sound, times, 1, axis=1) * np.float32(10 ** (decibel / 20))
        bent = np.tanh(loud + np.float32(bias)) - np.float32(np.tanh(bias))
        wet = resample_poly(bent, 1, times, axis=1)
        wet = wet[:, : sound.shape[1]] / max(1.0, np.tanh(10 ** (decibel / 20)))
        return (mix * wet + (1 - mix) * sound).astype(np.float32)

    return apply


def cabinet(low: float = 85.0, high: float = 4800.0) -> Effect:
    """Filter as a closed 4x12 loudspeaker cabinet with a dynamic microphone does."""
    return chain(
        highpass(low, 3),
        peak(125, 3.5, 1.2),
        peak(420, -4, 0.9),
        peak(2600, 5, 1.1),
        lowpass(high, 4),
    )


def amplifier(decibel: float, tight: float = 110.0, high: float = 4800.0) -> Effect:
    """Play a dry guitar through a two-stage valve amplifier and a cabinet."""
    return chain(
        _unit_level(),
        highpass(tight, 2),
        peak(800, 4, 0.7),
        drive(decibel * 0.6, bias=0.15),
        highpass(60, 1),
        lowpass(7500, 2),
        drive(decibel * 0.4, bias=0.05),
        cabinet(high=high),
    )


def _unit_level() -> Effect:
    def apply(sound: Stereo) -> Stereo:
        top = float(np.quantile(np.abs(sound[:, ::7]), 0.995))
        return (sound / max(top, 1e-6)).astype(np.float32)

    return apply


def compress(
    threshold: float, ratio: float, attack_ms: float = 10.0, release_ms: float = 120.0
) -> Effect:
    """Compress the dynamics; `threshold` in dB under the sound's own loudest second."""

    def apply(sound: Stereo) -> Stereo:
        power = np.mean(sound**2, axis=0)
        n_hops = -(-len(power) // ENVELOPE_HOP)
        power = np.pad(power, (0, n_hops * ENVELOPE_HOP - len(power)))
        level = power.reshape(n_hops, ENVELOPE_HOP).mean(axis=1)
        second = RATE // ENVELOPE_HOP
        loudest = np.convolve(level, np.ones(second) / second, "same").max()
        decibel = 10 * np.log10(level / max(loudest, 1e-12) + 1e-9)
        gain_db = -np.maximum(0.0, decibel - threshold) * (1 - 1 / ratio)
        smooth = _follow(gain_db, attack_ms, release_ms)
        centres = (np.arange(n_hops) + 0.5) * ENVELOPE_HOP
        curve = np.interp(np.arange(sound.shape[1]), centres, 10 ** (smooth / 20))
        return (sound * curve.astype(np.float32)).astype(np.float32)

    return apply


def _follow(
    gain_db: npt.NDArray[np.float64], attack_ms: float, release_ms: float
) -> npt.NDArray[np.float64]:
    step_ms = 1000 * ENVELOPE_HOP / RATE
    attack, release = np.exp(-step_ms / attack_ms), np.exp(-step_ms / release_ms)
    out = np.empty_like(gain_db)
    state = 0.0
    for index, value in enumerate(gain_db.tolist()):
        keep = attack if value < state else release
        state = keep * state + (1 - keep) * value
        out[index] = state
    return out


def room(seconds: float, seed: int = 7, damping_hz: float = 5000.0) -> Effect:
    """Return only the reverberation: noise that decays by 60 dB in `seconds`."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * 1.2 * RATE)) / RATE
    tail = rng.normal(size=(2, len(time))) * 10 ** (-3 * time / seconds)
    tail *= np.clip((time - 0.012) / 0.02, 0, 1)
    tail = sosfilt(butter(1, damping_hz, "lowpass", fs=RATE, output="sos"), tail, axis=1)
    tail = sosfilt(butter(2, 220, "highpass", fs=RATE, output="sos"), tail, axis=1)
    tail /= np.sqrt(np.sum(tail**2, axis=1, keepdims=True))

    def apply(sound: Stereo) -> Stereo:
        wet = fftconvolve(sound, tail, axes=1)[:, : sound.shape[1]]
        return wet.astype(np.float32)

    return apply


def echo(seconds: float, feedback: float = 0.4, mix: float = 0.3) -> Effect:
    """Repeat, darker each time and from side to side, as a tape echo does."""

    def apply(sound: Stereo) -> Stereo:
        sound = _two_sides(sound)
        out, repeat = sound.copy(), sound
        step = round(seconds * RATE)
        darker = chain(lowpass(2800, 1), highpass(250, 1))
        level = mix
        while level > 0.02:
            repeat = np.pad(darker(repeat), ((0, 0), (step, 0)))[::-1, : sound.shape[1]]
            out = out + level * repeat
            level *= feedback
        return out.astype(np.float32)

    return apply


def chorus(depth_ms: float = 2.5, hertz: float = 0.7, mix: float = 0.5) -> Effect:
    """Thicken with a copy whose delay wavers, differently left and right."""

    def apply(sound: Stereo) -> Stereo:
        place = np.arange(sound.shape[1])
        sound = _two_sides(sound)
        wet = np.empty_like(sound)
        for side, phase in enumerate((0.0, 2.1)):
            wave = 1 + np.sin(2 * np.pi * hertz * place / RATE + phase)
            delay = (0.008 + depth_ms / 1000 * wave) * RATE
            wet[side] = np.interp(place - delay, place, sound[side])
        return (sound * (1 - mix / 2) + wet * mix).astype(np.float32)

    return apply


def _two_sides(sound: Stereo) -> Stereo:
    return sound if len(sound) == 2 else np.repeat(sound, 2, axis=0)


def tremolo(hertz: float, depth: float) -> Effect:
    """Waver in level from side to side, as a rotating loudspeaker or an electric piano does."""

    def apply(sound: Stereo) -> Stereo:
        wave = np.sin(2 * np.pi * hertz * np.arange(sound.shape[1]) / RATE)
        sides = np.stack([1 + depth * wave, 1 - 0.6 * depth * wave])
        return (sound * sides).astype(np.float32)

    return apply


def vinyl(level: float, seed: int = 3) -> Effect:
    """Add the crackle and hiss of an old record."""

    def apply(sound: Stereo) -> Stereo:
        rng = np.random.default_rng(seed)
        n_samples = sound.shape[1]
        clicks = np.zeros(n_samples)
        places = rng.integers(0, n_samples, size=round(9 * n_samples / RATE))
        clicks[places] = rng.normal(size=len(places)) * rng.exponential(1.0, len(places))
        clicks = lfilter([1.0], [1, -0.82], clicks)
        hiss = rng.normal(size=(2, n_samples)) * 0.02
        return (sound + level * (clicks + hiss)).astype(np.float32)

    return apply


def limit(ceiling: float = 0.85, lookahead_ms: float = 4.0) -> Effect:
    """Keep every peak under `ceiling` (full scale = 1)."""

    def apply(sound: Stereo) -> Stereo:
        top = np.max(np.abs(sound), axis=0)
        needed = np.minimum(1.0, ceiling / np.maximum(top, 1e-9))
        width = 2 * round(lookahead_ms / 1000 * RATE) + 1
        lowest = minimum_filter1d(needed.astype(np.float64), width)
        curve = uniform_filter1d(uniform_filter1d(lowest, width // 2), width // 2)
        return np.clip(sound * np.minimum(curve, 1.0), -ceiling, ceiling).astype(np.float32)

    return apply
