"""Every container and codec becomes mono 12 kHz, also files joined from several pieces."""

import numpy as np
import pytest

from genre_core.audio.load import SUPPORTED_EXTENSIONS, load_audio
from genre_core.config import SAMPLE_RATE
from genre_core.types import Waveform
from tests.unit.audio.sound_files import encoded, encoded_by_libav, level_db, tone


class TestFormats:
    @pytest.mark.parametrize(
        ("container", "subtype", "tolerance_seconds"),
        [
            ("WAV", "PCM_U8", 0),
            ("WAV", "PCM_24", 0),
            ("WAV", "FLOAT", 0),
            ("AIFF", "PCM_16", 0),
            ("AU", "PCM_16", 0),  # as GTZAN is published
            ("FLAC", "PCM_16", 0),
            ("OGG", "VORBIS", 0),
            ("OGG", "OPUS", 0.01),
            ("MP3", "MPEG_LAYER_III", 0.06),
        ],
    )
    def test_what_libsndfile_reads(self, container, subtype, tolerance_seconds):
        rate = 48_000
        content = encoded(tone(sample_rate=rate, channels=2), rate, container, subtype=subtype)
        waveform = load_audio(content)
        assert waveform.duration_seconds == pytest.approx(4.0, abs=tolerance_seconds + 1e-9)
        assert waveform.receipt.container.upper() == container
        self.check_tone_at_48_khz(waveform)

    @pytest.mark.parametrize(
        ("container", "codec", "picture", "tolerance_seconds"),
        [
            ("ipod", "aac", "", 0.05),
            ("mp4", "aac", "", 0.05),
            ("mp4", "aac", "mpeg4", 0.05),
            ("adts", "aac", "", 0.05),
            ("mov", "alac", "", 0.001),
            ("webm", "libopus", "", 0.05),
            ("matroska", "flac", "", 0.001),
            ("matroska", "pcm_s32le", "", 0.001),
            ("matroska", "pcm_u8", "", 0.001),
            ("asf", "wmav2", "", 0.1),
            ("aiff", "pcm_s16be", "", 0),
            ("mp3", "libmp3lame", "mjpeg", 0.06),  # with cover art
        ],
    )
    def test_what_libav_writes(self, container, codec, picture, tolerance_seconds):
        rate = 48_000
        content = encoded_by_libav(
            tone(sample_rate=rate, channels=2), rate, container, codec, picture
        )
        waveform = load_audio(content)
        assert waveform.duration_seconds == pytest.approx(4.0, abs=tolerance_seconds + 1e-9)
        self.check_tone_at_48_khz(waveform)

    @pytest.mark.parametrize("n_channels", [6, 8])
    @pytest.mark.parametrize(
        ("container", "codec"),
        [
            *(("ipod", "aac"), ("adts", "aac"), ("matroska", "libopus"), ("mpegts", "aac")),
            *(("mov", "pcm_s16le"), ("matroska", "flac"), ("wav", "pcm_s24le")),
        ],
    )
    def test_surround_sound(self, container, codec, n_channels):
        """PyAV read behind the planes of 8 channels, which ended the process."""
        samples = tone(440.0, 4.0, 48_000, channels=1).repeat(n_channels, axis=1)
        waveform = load_audio(encoded_by_libav(samples, 48_000, container, codec))
        assert waveform.duration_seconds == pytest.approx(4.0, abs=0.05)
        assert waveform.receipt.channels == n_channels
        assert f"{n_channels} channels" in waveform.receipt.steps[0]
        assert not waveform.receipt.warnings
        # The channel for low frequencies has none of this tone in AAC and Opus.
        assert level_db(waveform, 440.0) == pytest.approx(20 * np.log10(0.5), abs=2.0)

    @staticmethod
    def check_tone_at_48_khz(waveform: Waveform):
        receipt = waveform.receipt
        assert waveform.sample_rate == SAMPLE_RATE
        assert waveform.samples.dtype == np.float32
        assert waveform.samples.ndim == 1
        assert (receipt.sample_rate_hz, receipt.channels) == (48_000, 2)
        assert receipt.codec
        assert receipt.duration_seconds == pytest.approx(waveform.duration_seconds, abs=1e-4)
        assert "stereo" in receipt.steps[0]
        assert receipt.steps[1:3] == (
            "Averaged 2 channels to mono.",
            "Resampled from 48,000 Hz to 12,000 Hz.",
        )
        assert not receipt.warnings
        assert abs(waveform.samples.mean()) < 0.01  # 8 bits round down by half a step
        # Channels at half and a quarter of full scale: 0.375 on average.
        assert level_db(waveform, 440.0) == pytest.approx(20 * np.log10(0.375), abs=0.3)

    def test_every_extension_is_lower_case_and_listed_once(self):
        assert len(set(SUPPORTED_EXTENSIONS)) == len(SUPPORTED_EXTENSIONS)
        for extension in SUPPORTED_EXTENSIONS:
            assert extension.startswith(".")
            assert extension == extension.lower()
        wanted = ".wav .mp3 .flac .ogg .opus .m4a .aac .aiff .webm .mp4 .wma"
        assert set(wanted.split()) <= set(SUPPORTED_EXTENSIONS)


class TestJoinedFiles:
    @pytest.mark.parametrize(
        ("container", "subtype"), [("MP3", "MPEG_LAYER_III"), ("OGG", "VORBIS")]
    )
    def test_all_pieces_are_read(self, container, subtype):
        first = encoded(tone(440.0, channels=2), container=container, subtype=subtype)
        second = encoded(tone(880.0, channels=2), container=container, subtype=subtype)
        waveform = load_audio(first + second)
        assert waveform.duration_seconds == pytest.approx(8.0, abs=0.2)
        last = Waveform(waveform.samples[5 * SAMPLE_RATE :], SAMPLE_RATE, waveform.receipt)
        assert level_db(last, 880.0) == pytest.approx(20 * np.log10(0.375), abs=0.5)

    def test_rate_and_channels_may_change(self):
        first = encoded_by_libav(tone(440.0, 4.0, 48_000, 2), 48_000, "adts", "aac")
        second = encoded_by_libav(tone(880.0, 4.0, 24_000, 1), 24_000, "adts", "aac")
        waveform = load_audio(first + second)
        assert waveform.duration_seconds == pytest.approx(8.0, abs=0.2)
        last = Waveform(waveform.samples[5 * SAMPLE_RATE :], SAMPLE_RATE, waveform.receipt)
        assert level_db(waveform, 440.0) == pytest.approx(20 * np.log10(0.375), abs=0.5)
        assert level_db(last, 880.0) == pytest.approx(20 * np.log10(0.5), abs=0.5)

    @pytest.mark.parametrize("n_channels", [(6, 1, 2), (1, 6), (2, 1, 6)])
    def test_channels_alone_may_change(self, n_channels: tuple[int, ...]):
        """PyAV read channels that were gone, which ended the process."""
        pieces = [tone(440.0, 4.0, 48_000).repeat(n, axis=1) for n in n_channels]
        content = b"".join(encoded_by_libav(piece, 48_000, "adts", "aac") for piece in pieces)
        waveform = load_audio(content)
        assert waveform.duration_seconds == pytest.approx(4.0 * len(n_channels), abs=0.3)
        for number, n in enumerate(n_channels):
            start = round(4.1 * number * SAMPLE_RATE)
            piece = Waveform(waveform.samples[start:], SAMPLE_RATE, waveform.receipt)
            # One of six channels is that for low frequencies, without this tone.
            heard = 0.5 * (5 / 6 if n == 6 else 1)
            assert level_db(piece, 440.0) == pytest.approx(20 * np.log10(heard), abs=1.0)

    def test_what_neither_decoder_reads_is_told(self):
        first = encoded(tone(channels=2), container="OGG", subtype="VORBIS")
        second = encoded(tone(channels=1), container="OGG", subtype="VORBIS")
        waveform = load_audio(first + second)
        assert waveform.duration_seconds == pytest.approx(4.0, abs=0.1)
        assert any("reading failed" in warning for warning in waveform.receipt.warnings)
