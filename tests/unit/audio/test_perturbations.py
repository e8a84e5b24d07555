import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from genre_core.audio import perturbations
from genre_core.audio.perturbations import NAMES, change_name, load_perturbed
from genre_core.errors import AudioError, SettingsError

RATE = 22_050


def tone(hz: float, seconds: float = 4.0) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)).astype(
        np.float32
    )


def level(samples: np.ndarray) -> float:
    """Return the level in dB, the ends left out."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return float(10 * np.log10(np.mean(middle.astype(np.float64) ** 2)))


def loudest_hz(samples: np.ndarray, rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.fft.rfftfreq(len(samples), 1 / rate)[spectrum.argmax()])


def test_mp3_keeps_the_sound_but_not_the_samples() -> None:
    before = tone(1_000.0) + tone(3_000.0) / 4
    after, rate = perturbations.mp3(before, RATE)
    assert rate == RATE
    assert len(after) / rate == pytest.approx(4.0, abs=0.15)
    assert level(after) == pytest.approx(level(before), abs=0.5)
    assert loudest_hz(after, rate) == pytest.approx(1_000.0, abs=2.0)


def test_mp3_of_a_rate_that_it_does_not_know() -> None:
    after, rate = perturbations.mp3(tone(1_000.0), 20_000)
    assert rate == 22_050
    assert len(after) / rate == pytest.approx(4.0 * RATE / 20_000, abs=0.15)


@pytest.mark.parametrize(("hz", "lost"), [(1_000.0, False), (100.0, True), (3_900.0, True)])
def test_telephone_keeps_its_band(hz: float, lost: bool) -> None:
    before = tone(hz)
    after, rate = perturbations.telephone(before, RATE)
    assert rate == 8_000
    assert (level(after) < level(before) - 15) == lost
    if not lost:
        assert level(after) == pytest.approx(level(before), abs=0.5)


def test_quiet_is_40_db_down() -> None:
    before = tone(440.0)
    assert level(perturbations.quiet(before, RATE)[0]) == pytest.approx(
        level(before) - 40, abs=0.01
    )


def test_clipped_is_louder_and_no_sample_is_beyond_the_peak() -> None:
    before = tone(440.0)
    after, rate = perturbations.clipped(before, RATE)
    assert rate == RATE
    assert np.abs(after).max() == pytest.approx(np.abs(before).max())
    assert np.mean(np.abs(after) > 0.999 * np.abs(after).max()) > 0.5
    assert not perturbations.clipped(np.zeros(0, np.float32), RATE)[0].size


def test_noise_is_pink_and_20_db_under_the_sound() -> None:
    before = tone(440.0, 8.0)
    noise = perturbations.pink_noise(before, RATE)[0] - before
    assert level(noise) == pytest.approx(level(before) - 20, abs=0.6)
    power = np.abs(np.fft.rfft(noise)) ** 2
    hz = np.fft.rfftfreq(len(noise), 1 / RATE)
    octaves = [power[(hz >= low) & (hz < 2 * low)].sum() for low in (250, 500, 1_000, 2_000)]
    np.testing.assert_allclose(octaves, np.mean(octaves), rtol=0.15)  # pink: equal by octave


def test_noise_is_the_same_each_time() -> None:
    before = tone(440.0)
    first, second = (perturbations.pink_noise(before, RATE)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("change", "factor"), [(perturbations.faster, 1.03), (perturbations.slower, 0.97)]
)
def test_speed_changes_pitch_and_length(change: Callable[..., tuple], factor: float) -> None:
    after, rate = change(tone(1_000.0), RATE)
    assert rate == RATE
    assert len(after) == pytest.approx(4.0 * RATE / factor, abs=2)
    assert loudest_hz(after, rate) == pytest.approx(1_000.0 * factor, abs=1.0)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_perturbed_file_loads_as_a_song(
    name: str, tmp_path: Path, wav_bytes: Callable[..., bytes]
) -> None:
    (tmp_path / "song.wav").write_bytes(wav_bytes(4.0, channels=2))
    waveform = load_perturbed(tmp_path / "song.wav", name)
    assert waveform.sample_rate == 12_000
    assert waveform.duration_seconds == pytest.approx(4.0, rel=0.05)
    assert np.isfinite(waveform.samples).all()


def test_mp3_has_32_kbit_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of what is decoded again, in bits, over the seconds of sound."""
    sizes = []
    read = soundfile.read

    def noted(source: io.BytesIO, **options: Any) -> Any:
        sizes.append(source.getbuffer().nbytes)
        return read(source, **options)

    monkeypatch.setattr(soundfile, "read", noted)
    perturbations.mp3(tone(1_000.0, 8.0), RATE)
    assert 8 * sizes[0] / 8.0 == pytest.approx(32_000, rel=0.05)


def test_one_channel_is_the_left_one(tmp_path: Path) -> None:
    left, right = tone(440.0), tone(880.0)
    soundfile.write(tmp_path / "two.wav", np.stack([left, right], axis=1), RATE, subtype="FLOAT")
    alone = load_perturbed(tmp_path / "two.wav", "one_channel", RATE)
    np.testing.assert_allclose(alone.samples, left, atol=1e-6)
    soundfile.write(tmp_path / "one.wav", right, RATE, subtype="FLOAT")
    only = load_perturbed(tmp_path / "one.wav", "one_channel", RATE)
    np.testing.assert_allclose(only.samples, right, atol=1e-6)


def test_unknown_names_and_files(tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"none")
    with pytest.raises(SettingsError, match="reverb"):
        load_perturbed(tmp_path / "song.wav", "reverb")
    with pytest.raises(AudioError, match=r"song\.wav"):
        load_perturbed(tmp_path / "song.wav", "quiet")


def test_each_perturbation_has_a_name_for_readers() -> None:
    names = [change_name(name) for name in NAMES]
    assert len(set(names)) == len(names)
    assert not any("_" in name for name in names)
    assert change_name("one_channel") == "left channel alone"
    assert change_name("of a later version") == "of a later version"
