"""Every source becomes mono 12 kHz with a receipt, or an error that names the remedy."""

import io
import os
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from genre_core.audio.frames import cut_frames
from genre_core.audio.load import load_audio
from genre_core.config import SAMPLE_RATE
from genre_core.errors import AudioError, GenreError
from tests.unit.audio.sound_files import encoded, encoded_by_libav, level_db, tone


class TestSources:
    @pytest.mark.parametrize(
        ("container", "subtype"),
        [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", "MPEG_LAYER_III")],
    )
    def test_path_bytes_and_file_give_the_same_samples(self, tmp_path, container, subtype):
        content = encoded(tone(channels=2), container=container, subtype=subtype)
        path = tmp_path / "song.any"
        path.write_bytes(content)
        expected = load_audio(path).samples
        with path.open("rb") as file:
            file.seek(100)  # wherever it stands, it is read from its start
            for source in (str(path), content, bytearray(content), memoryview(content), file):
                np.testing.assert_array_equal(load_audio(source).samples, expected)
            assert not file.closed

    def test_a_stream_that_cannot_seek(self):
        content = encoded(tone(seconds=0.3))
        reader, writer = os.pipe()
        os.write(writer, content)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            np.testing.assert_array_equal(load_audio(pipe).samples, load_audio(content).samples)

    @pytest.mark.parametrize("name", ["song.mp3", "song.raw", "song", "concat:song.wav"])
    def test_the_content_decides_not_the_name(self, tmp_path, name):
        path = tmp_path / name
        path.write_bytes(encoded(tone()))
        assert load_audio(path).receipt.container == "WAV"

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("song.wav", "song.wav"),
            ("/home/me/song.wav", "song.wav"),
            (r"C:\fakepath\song.wav", "song.wav"),
            ("so\nng\x1b\u202e.wav", "so?ng??.wav"),
            ("\udcff.wav", "?.wav"),
            ("x" * 300, "x" * 99 + "…"),
            ("", "unnamed sound"),
            (None, "unnamed sound"),
        ],
    )
    def test_only_the_last_part_of_a_name_is_shown(self, name, shown):
        assert load_audio(encoded(tone()), name).receipt.name == shown
        with pytest.raises(AudioError) as caught:
            load_audio(b"", name)
        assert f"“{shown}”" in str(caught.value)

    def test_the_name_of_a_file_object_is_used(self, tmp_path):
        upload = io.BytesIO(encoded(tone()))
        upload.name = "upload.wav"
        assert load_audio(upload).receipt.name == "upload.wav"

    @pytest.mark.parametrize("source", [None, 3, io.StringIO("sound")])
    def test_other_sources_are_a_programming_error(self, source):
        with pytest.raises(TypeError, match="expected"):
            load_audio(source)

    def test_many_threads_at_once(self):
        content = [encoded(tone(hz, channels=2)) for hz in (200.0, 300.0, 400.0, 500.0)] * 3
        content[1::4] = [
            encoded_by_libav(tone(300.0, channels=2), 44_100, "matroska", "flac")
        ] * len(content[1::4])
        expected = [load_audio(song).samples for song in content]
        with ThreadPoolExecutor(4) as threads:
            for waveform, samples in zip(threads.map(load_audio, content), expected, strict=True):
                np.testing.assert_array_equal(waveform.samples, samples)


class TestResampling:
    @pytest.mark.parametrize(
        "rate", [8_000, 11_025, 12_000, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000]
    )
    def test_length_is_exact_to_a_sample(self, rate):
        n_samples = 3 * rate + 17
        waveform = load_audio(encoded(tone(seconds=n_samples / rate, sample_rate=rate), rate))
        assert abs(len(waveform.samples) - n_samples * SAMPLE_RATE / rate) <= 0.5
        assert waveform.receipt.duration_seconds == n_samples / rate

    @pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
    def test_a_tone_below_6_khz_stays_and_one_above_goes(self, rate):
        stays = load_audio(encoded(tone(5_000.0, sample_rate=rate), rate, subtype="FLOAT"))
        goes = load_audio(encoded(tone(7_000.0, sample_rate=rate), rate, subtype="FLOAT"))
        assert level_db(stays, 5_000.0) == pytest.approx(20 * np.log10(0.5), abs=0.05)
        assert np.abs(goes.samples[SAMPLE_RATE : 2 * SAMPLE_RATE]).max() < 1e-4
        assert level_db(goes, 5_000.0) < -80  # nor does it come back folded to 12 - 7 kHz

    def test_at_12_khz_nothing_is_changed(self):
        samples = tone(sample_rate=12_000)
        waveform = load_audio(encoded(samples, 12_000, subtype="FLOAT"))
        np.testing.assert_array_equal(waveform.samples, samples[:, 0])
        assert len(waveform.receipt.steps) == 1

    def test_blocks_leave_no_seams(self):
        # Several blocks long: a seam would spread energy over all frequencies.
        waveform = load_audio(encoded(tone(seconds=20.0, channels=2), subtype="FLOAT"))
        middle = waveform.samples[6_000:-6_000].astype(np.float64)
        spectrum = np.abs(np.fft.rfft(middle * np.blackman(len(middle))))
        bins_hz = np.fft.rfftfreq(len(middle), 1 / SAMPLE_RATE)
        elsewhere = spectrum[np.abs(bins_hz - 440.0) > 5.0]
        assert 20 * np.log10(elsewhere.max() / spectrum.max()) < -110

    @pytest.mark.parametrize("share", [0.99, 0.9])
    def test_where_channels_cancel_the_loudest_is_used(self, share):
        samples = tone(channels=1)
        waveform = load_audio(encoded(np.hstack([-share * samples, samples]), subtype="FLOAT"))
        assert level_db(waveform, 440.0) == pytest.approx(20 * np.log10(0.5), abs=0.05)
        assert waveform.receipt.warnings == (
            "The 2 channels cancel one another: only number 2 is used.",
        )

    @pytest.mark.parametrize("correlation", [-0.9, -0.7, -0.5, -0.4])
    def test_what_is_opposed_in_two_channels_is_not_lost(self, correlation):
        alike = np.sqrt((1 + correlation) / 2) * tone(1_000.0)
        opposed = np.sqrt((1 - correlation) / 2) * tone(440.0)
        waveform = load_audio(encoded(np.hstack([alike + opposed, alike - opposed])))
        assert "cancel one another" in waveform.receipt.warnings[0]
        for hz, share in ((1_000.0, 1 + correlation), (440.0, 1 - correlation)):
            wanted_db = 20 * np.log10(0.5 * np.sqrt(share / 2))
            assert level_db(waveform, hz) == pytest.approx(wanted_db, abs=0.05)

    @pytest.mark.parametrize("n_channels", [2, 3, 8, 16])
    def test_unrelated_channels_do_not_cancel(self, n_channels):
        both = np.random.default_rng(0).standard_normal((44_100, n_channels)) * 0.1
        assert not load_audio(encoded(both)).receipt.warnings

    @pytest.mark.parametrize("correlation", [-0.2, 0.0, 0.5, 1.0])
    def test_channels_more_alike_than_opposed_are_averaged(self, correlation):
        alike = np.sqrt((1 + correlation) / 2) * tone(1_000.0)
        opposed = np.sqrt((1 - correlation) / 2) * tone(440.0)
        waveform = load_audio(encoded(np.hstack([alike + opposed, alike - opposed])))
        assert not waveform.receipt.warnings
        assert level_db(waveform, 440.0) < -60

    def test_different_channels_are_averaged(self):
        both = np.random.default_rng(0).standard_normal((44_100, 2)) * 0.1
        waveform = load_audio(encoded(both))
        assert "Averaged 2 channels to mono." in waveform.receipt.steps
        assert not waveform.receipt.warnings

    def test_a_low_rate_is_pointed_out(self):
        waveform = load_audio(encoded(tone(sample_rate=8_000), 8_000))
        assert "nothing above 4,000 Hz" in waveform.receipt.steps[-1]

    def test_six_channels_at_192_khz(self):
        rate = 192_000
        waveform = load_audio(encoded(tone(sample_rate=rate, channels=6), rate))
        assert waveform.receipt.channels == 6
        assert "6 channels" in waveform.receipt.steps[0]
        expected = np.mean(0.5 ** np.arange(1, 7))
        assert level_db(waveform, 440.0) == pytest.approx(20 * np.log10(expected), abs=0.05)


class TestLength:
    def test_a_long_song_is_cut_and_says_so(self):
        waveform = load_audio(encoded(tone(seconds=5.0)), max_seconds=3.0)
        assert len(waveform.samples) == 3 * SAMPLE_RATE
        assert waveform.receipt.duration_seconds == 5.0
        assert "Kept the first 3.0 s: the song is 5.0 s long." in waveform.receipt.steps
        whole = load_audio(encoded(tone(seconds=5.0)))
        np.testing.assert_array_equal(waveform.samples, whole.samples[: 3 * SAMPLE_RATE])

    def test_a_song_as_long_as_the_limit_is_whole(self):
        waveform = load_audio(encoded(tone(seconds=3.0)), max_seconds=3.0)
        assert len(waveform.samples) == 3 * SAMPLE_RATE
        assert not any(step.startswith("Kept") for step in waveform.receipt.steps)

    def test_three_hours_are_cut_at_sixty_minutes(self):
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setparams((1, 1, 4_000, 0, "NONE", ""))
            writer.writeframes(bytes(3 * 3_600 * 4_000))
        waveform = load_audio(file)
        assert waveform.duration_seconds == 3_600.0
        assert waveform.receipt.duration_seconds == 3 * 3_600.0
        assert "Kept the first 60 min: the song is 180 min long." in waveform.receipt.steps

    def test_one_second_is_read_but_not_cut_into_frames(self):
        waveform = load_audio(encoded(tone(seconds=1.0)))
        assert waveform.duration_seconds == 1.0
        with pytest.raises(AudioError, match="too short"):
            cut_frames(waveform)

    @pytest.mark.parametrize("rate", [12_000, 22_050, 44_100, 48_000])
    def test_29_12_s_are_exactly_one_frame(self, rate):
        frames = cut_frames(load_audio(encoded(tone(seconds=29.12, sample_rate=rate), rate)))
        assert frames.samples.shape == (1, 349_440)
        assert frames.dropped_seconds == 0.0

    @pytest.mark.parametrize("max_seconds", [0.0, -1.0, float("nan"), float("inf")])
    def test_an_impossible_limit_is_refused(self, max_seconds):
        with pytest.raises(GenreError, match="finite length above 0 s"):
            load_audio(encoded(tone()), max_seconds=max_seconds)

    @pytest.mark.parametrize("max_seconds", [3_600.0, 30.0])
    @pytest.mark.parametrize("by_libav", [False, True])
    def test_progress_rises_to_one(self, max_seconds, by_libav):
        samples = tone(seconds=40.0)
        content = (
            encoded_by_libav(samples, 44_100, "matroska", "pcm_s16le")
            if by_libav
            else encoded(samples)
        )
        fractions: list[float] = []
        load_audio(content, max_seconds=max_seconds, on_progress=fractions.append)
        assert fractions == sorted(fractions)
        assert len(fractions) > 2
        assert 0.0 <= fractions[0] < 0.7
        assert fractions[-1] == 1.0

    def test_an_error_of_the_listener_is_not_swallowed(self):
        def stop(fraction: float) -> None:
            raise ValueError("the page was closed")

        with pytest.raises(ValueError, match="the page was closed"):
            load_audio(encoded(tone()), on_progress=stop)


class TestPaths:
    def test_a_missing_file(self, tmp_path):
        with pytest.raises(AudioError, match=r"There is no file “song\.wav”"):
            load_audio(tmp_path / "song.wav")

    def test_a_folder(self, tmp_path):
        with pytest.raises(AudioError, match="is a folder"):
            load_audio(tmp_path)

    @pytest.mark.parametrize("path", ["a\0b.wav", "x" * 5_000])
    def test_an_impossible_path(self, path):
        with pytest.raises(AudioError, match="check its name"):
            load_audio(path)

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a Unix device")
    def test_a_device(self):
        with pytest.raises(AudioError, match="not a regular file"):
            load_audio("/dev/zero")

    def test_a_file_that_may_not_be_read(self, tmp_path, monkeypatch):
        path = tmp_path / "song.wav"
        path.write_bytes(encoded(tone()))

        def refuse(self: Path, mode: str) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)  # a superuser may read everything
        with pytest.raises(AudioError, match=r"song\.wav.*Permission denied.*permissions"):
            load_audio(path)


@pytest.mark.data
def test_real_songs_have_the_length_that_their_index_says(data_root):
    pandas = pytest.importorskip("pandas")
    index = pandas.read_csv(data_root / "songs" / "index.csv").iloc[[3, 4]]
    for file, duration_seconds in zip(index["file"], index["duration_seconds"], strict=True):
        waveform = load_audio(data_root / "songs" / file)
        assert waveform.duration_seconds == pytest.approx(duration_seconds, abs=0.1)
        assert 0.1 < np.abs(waveform.samples).max() < 2.0
