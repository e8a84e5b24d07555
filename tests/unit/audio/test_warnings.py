"""What may change a verdict is told, and what is whole is not called damaged."""

import contextlib
import io
import struct

import av
import numpy as np
import pytest

from genre_core.audio.load import load_audio
from genre_core.errors import AudioError
from tests.unit.audio.sound_files import add_pictures, encoded, encoded_by_libav, hiss, tone


def two_tracks(lengths: list[float], default: int | None) -> bytes:
    """Return Matroska with a sound track of each length in seconds, one of them the default."""
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        tracks = [output.add_stream("pcm_s16le", rate=12_000, layout="mono") for _ in lengths]
        for index, track in enumerate(tracks):
            is_default = index == default
            track.disposition = av.stream.Disposition.default if is_default else 0
        for index, (track, seconds) in enumerate(zip(tracks, lengths, strict=True)):
            samples = (tone(440.0 * (index + 1), seconds, 12_000)[:, 0] * 32_000).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts = 12_000, 0
            output.mux(track.encode(frame))
            output.mux(track.encode(None))
    return file.getvalue()


class TestNoFalseAlarm:
    @pytest.mark.parametrize("seconds", [2.0, 5.0])
    def test_an_mp3_without_its_length_and_a_large_tag(self, seconds):
        content = encoded(hiss(seconds), container="MP3")
        frame = content[: content.index(b"\xff\xfb", 4)]
        assert b"Xing" in frame or b"Info" in frame
        tag = b"ID3\x03\0\0" + bytes([0, 4, 0, 0]) + bytes(65_536)
        waveform = load_audio(tag + content[len(frame) :])
        assert waveform.duration_seconds == pytest.approx(seconds, abs=0.15)
        assert not waveform.receipt.warnings

    def test_a_picture_that_outlasts_the_sound(self):
        content = encoded_by_libav(tone(seconds=2.0), 44_100, "matroska", "flac", "mpeg4")
        waveform = load_audio(content)
        assert waveform.duration_seconds == pytest.approx(2.0, abs=0.1)
        assert not waveform.receipt.warnings


class TestWarnings:
    def test_the_default_track_is_read(self):
        waveform = load_audio(two_tracks([1.5, 3.0, 5.0], default=1))
        assert waveform.duration_seconds == pytest.approx(3.0, abs=0.05)
        assert "3 sound tracks: number 2 is read" in waveform.receipt.warnings[0]

    @pytest.mark.parametrize("peak", [3.0, 20.0, 1_000.0])
    def test_one_wild_sample_becomes_zero(self, peak):
        samples = tone()
        clean = load_audio(encoded(samples, subtype="FLOAT")).samples
        samples[50_000] = peak
        waveform = load_audio(encoded(samples, subtype="FLOAT"))
        assert np.abs(waveform.samples - clean).max() < 0.5
        assert waveform.receipt.warnings == (
            "One sample was not a finite number, or far beyond full scale, and became 0.",
        )

    def test_a_damaged_frame_of_an_mp3_becomes_quiet(self):
        samples = tone()
        samples[50_000:51_152] *= 24  # peaks of 12
        waveform = load_audio(encoded(samples, subtype="FLOAT"))
        assert np.abs(waveform.samples).max() < 2.5  # resampling passes the limit a little
        assert "beyond full scale" in waveform.receipt.warnings[0]

    def test_a_song_that_is_not_scaled_to_one_is_read(self):
        waveform = load_audio(encoded(tone() * 32_768, subtype="FLOAT"))
        assert np.abs(waveform.samples).max() > 10_000

    @pytest.mark.parametrize(("gain_db", "is_quiet"), [(0, False), (-10, False), (-45, True)])
    def test_a_very_quiet_recording(self, gain_db, is_quiet):
        content = encoded(hiss(2.0) * np.float32(10 ** (gain_db / 20)), subtype="PCM_24")
        warnings = load_audio(content).receipt.warnings
        assert any("very quiet" in warning for warning in warnings) == is_quiet


class TestRefusals:
    def test_an_impossible_chunk_size_writes_nothing_to_the_terminal(self, capfd):
        content = bytearray(encoded(tone(), container="AIFF"))
        at = content.index(b"COMM") + 4
        content[at : at + 4] = struct.pack(">i", -60_000)
        with contextlib.suppress(AudioError):
            load_audio(bytes(content))
        assert capfd.readouterr().err == ""

    def test_a_stream_that_turns_up_on_the_way(self):
        content = encoded_by_libav(tone(channels=2), 44_100, "flv", "aac")
        film = io.BytesIO()
        with av.open(film, "w", format="flv") as output:
            add_pictures(output, "flv1", 5)
        joined = content + film.getvalue()[13:]  # after the header
        assert load_audio(joined).duration_seconds == pytest.approx(4.0, abs=0.1)
