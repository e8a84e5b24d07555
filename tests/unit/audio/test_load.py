"""Whatever comes in becomes mono 12 kHz with a receipt, or an error that says what to do."""

import io
import os
import struct
import wave
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from genre_core.audio.frames import cut_frames
from genre_core.audio.load import SUPPORTED_EXTENSIONS, load_audio
from genre_core.config import SAMPLE_RATE
from genre_core.errors import AudioError, GenreError
from genre_core.types import Waveform


def tone(
    hz: float = 440.0, seconds: float = 4.0, sample_rate: int = 44_100, channels: int = 1
) -> np.ndarray:
    """Return float32 (n_samples, channels), each channel half as loud as the one before."""
    time = np.arange(round(seconds * sample_rate)) / sample_rate  # s
    loudness = 0.5 ** np.arange(1, channels + 1)
    return (np.sin(2 * np.pi * hz * time)[:, np.newaxis] * loudness).astype(np.float32)


def encoded(
    samples: np.ndarray, sample_rate: int = 44_100, container: str = "WAV", **options: str
) -> bytes:
    """Write a file with libsndfile."""
    file = io.BytesIO()
    soundfile.write(file, samples, sample_rate, format=container, **options)
    return file.getvalue()


def encoded_by_libav(
    samples: np.ndarray, sample_rate: int, container: str, codec: str, picture: str = ""
) -> bytes:
    """Write a file with libav, with a moving picture or a cover beside the sound if asked."""
    file = io.BytesIO()
    layout = {1: "mono", 2: "stereo"}[samples.shape[1]]
    with av.open(file, "w", format=container) as output:
        sound = output.add_stream(codec, rate=sample_rate, layout=layout, bit_rate=192_000)
        if picture:
            n_pictures = 1 if picture == "mjpeg" else 40
            add_pictures(output, picture, n_pictures)
        for start in range(0, len(samples), 1_024):
            planar = np.ascontiguousarray(samples[start : start + 1_024].T)
            frame = av.AudioFrame.from_ndarray(planar, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = sample_rate, start
            output.mux(sound.encode(frame))
        output.mux(sound.encode(None))
    return file.getvalue()


def add_pictures(output: av.container.OutputContainer, codec: str, n_pictures: int) -> None:
    video = output.add_stream(codec, rate=10, width=64, height=64)
    video.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    for index in range(n_pictures):
        picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), index, np.uint8))
        picture.pts = index
        output.mux(video.encode(picture))
    output.mux(video.encode(None))


def level_db(waveform: Waveform, hz: float) -> float:
    """Level of one frequency in the middle of a song, in dB below a full-scale sine."""
    samples = waveform.samples[SAMPLE_RATE : 2 * SAMPLE_RATE]
    window = np.hanning(len(samples))
    time = np.arange(len(samples)) / SAMPLE_RATE
    amplitude = 2 * abs(np.dot(samples * window, np.exp(-2j * np.pi * hz * time))) / window.sum()
    return 20 * np.log10(max(amplitude, 1e-12))


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
        assert waveform.receipt.container == container
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
        assert receipt.steps[1:] == (
            "Averaged 2 channels to mono.",
            "Resampled from 48,000 Hz to 12,000 Hz.",
        )
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

    def test_opposite_channels_cancel(self):
        samples = tone(channels=1)
        waveform = load_audio(encoded(np.hstack([samples, -samples]), subtype="FLOAT"))
        assert np.abs(waveform.samples).max() < 1e-7

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

    def test_what_neither_decoder_reads_is_told(self):
        first = encoded(tone(channels=2), container="OGG", subtype="VORBIS")
        second = encoded(tone(channels=1), container="OGG", subtype="VORBIS")
        waveform = load_audio(first + second)
        assert waveform.duration_seconds == pytest.approx(4.0, abs=0.1)
        assert any("stopped early" in step for step in waveform.receipt.steps)


class TestDamage:
    def test_samples_that_are_no_numbers_become_zero(self):
        samples = tone(channels=2)
        samples[5, 0] = np.nan
        samples[7] = np.inf
        samples[9, 1] = -1e30
        waveform = load_audio(encoded(samples, subtype="FLOAT"))
        assert np.isfinite(waveform.samples).all()
        assert np.abs(waveform.samples).max() < 1.0
        assert "4 samples were not a finite number and became 0." in waveform.receipt.steps

    @pytest.mark.parametrize(
        ("container", "subtype", "sentence"),
        [
            ("WAV", "PCM_16", "of the 5.0 s that it declares"),
            ("AIFF", "PCM_16", "of the 5.0 s that it declares"),
            ("FLAC", "PCM_16", "of the 5.0 s that it declares"),
            ("MP3", "MPEG_LAYER_III", "of the 5.0 s that it declares"),
            ("OGG", "VORBIS", "without Ogg's end mark"),
            ("OGG", "OPUS", "without Ogg's end mark"),
        ],
    )
    def test_a_truncated_file_gives_what_is_there(self, container, subtype, sentence):
        content = encoded(hiss(5.0, 48_000), 48_000, container, subtype=subtype)
        whole = load_audio(content)
        assert not any(sentence in step for step in whole.receipt.steps)
        part = load_audio(content[: len(content) * 6 // 10])
        assert 2.5 < part.duration_seconds < 3.8
        assert any(sentence in step for step in part.receipt.steps)

    def test_an_ogg_file_cut_between_pages_says_so(self):
        content = encoded(hiss(5.0), container="OGG", subtype="VORBIS")
        part = load_audio(content[: content.rindex(b"OggS")])
        assert any("without Ogg's end mark" in step for step in part.receipt.steps)

    @pytest.mark.parametrize(
        ("container", "codec"), [("matroska", "libopus"), ("asf", "wmav2"), ("adts", "aac")]
    )
    def test_a_truncated_file_of_libav_gives_what_is_there(self, container, codec):
        content = encoded_by_libav(hiss(5.0, 48_000), 48_000, container, codec)
        part = load_audio(content[: len(content) * 6 // 10])
        assert 2.0 < part.duration_seconds < 3.8
        # Only a Matroska header tells the length; the others end in a broken piece.
        sentence = "cut short or damaged" if container == "matroska" else "One damaged piece"
        assert any(sentence in step for step in part.receipt.steps)

    @pytest.mark.parametrize(
        ("container", "subtype"), [("FLAC", "PCM_16"), ("MP3", "MPEG_LAYER_III")]
    )
    def test_sound_after_a_damaged_piece_is_kept(self, container, subtype):
        content = bytearray(encoded(hiss(5.0), container=container, subtype=subtype))
        middle = len(content) // 2
        content[middle : middle + 3_000] = bytes(3_000)
        waveform = load_audio(bytes(content))
        assert waveform.duration_seconds > 4.0

    def test_an_mp4_without_its_index_says_so(self):
        content = encoded_by_libav(tone(), 44_100, "mp4", "aac")
        with pytest.raises(AudioError, match="not copied whole"):
            load_audio(content[: len(content) // 2], "song.m4a")

    @pytest.mark.parametrize("declared", [1_000_000_000, 2**32 - 2, 2**32 - 1])
    def test_a_header_that_promises_gigabytes(self, declared):
        content = bytearray(encoded(tone()))
        at = content.index(b"data") + 4
        content[at : at + 4] = struct.pack("<I", declared)
        waveform = load_audio(bytes(content))
        assert waveform.duration_seconds == 4.0
        # Sizes near 2 or 4 GB are what a writer to a pipe puts there: no promise at all.
        is_promise = declared < 2**31 - 2**16
        assert is_promise == any("cut short" in step for step in waveform.receipt.steps)

    @pytest.mark.parametrize("rate", [1, 3_999, 768_001, 1_000_000_000])
    def test_an_absurd_sample_rate_is_refused(self, rate):
        content = bytearray(encoded(tone()))
        content[24:28] = struct.pack("<I", rate)
        with pytest.raises(AudioError, match=rf"{rate:,} samples a second.*4,000 to 768,000"):
            load_audio(bytes(content), "song.wav")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "empty"),
            (b"This is no music.\n" * 200, "holds text"),
            (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "holds text"),
            (np.random.default_rng(0).bytes(50_000), "damaged or in an unknown format"),
            (b"\xff\xfb\x90\x00" + np.random.default_rng(0).bytes(20_000), "damaged"),
            (encoded(tone())[:44], "no sound"),
            (encoded(tone())[:30], "damaged"),
            (encoded(tone())[:22] + bytes(2) + encoded(tone())[24:], "no sound"),  # 0 channels
        ],
        ids=[
            *("empty", "text", "playlist", "noise", "mp3 noise"),
            *("header only", "half a header", "no channels"),
        ],
    )
    def test_what_is_no_sound_is_refused_with_name_reason_and_remedy(self, content, reason):
        with pytest.raises(AudioError, match=rf"song\.mp3.*{reason}.*(Choose|xport)"):
            load_audio(content, "folder/song.mp3")

    def test_a_playlist_opens_no_other_file(self, tmp_path, monkeypatch):
        (tmp_path / "secret.wav").write_bytes(encoded(tone()))
        monkeypatch.chdir(tmp_path)
        with pytest.raises(AudioError, match="holds text"):
            load_audio(b"ffconcat version 1.0\nfile secret.wav\n")

    def test_a_video_without_sound_is_refused(self):
        file = io.BytesIO()
        with av.open(file, "w", format="mp4") as output:
            add_pictures(output, "mpeg4", 10)
        with pytest.raises(AudioError, match=r"film\.mp4.*no sound track"):
            load_audio(file.getvalue(), "film.mp4")


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


def hiss(seconds: float, sample_rate: int = 44_100) -> np.ndarray:
    """Return quiet stereo noise, float32 (n_samples, 2): its file is evenly filled with data."""
    generator = np.random.default_rng(0)
    return (0.1 * generator.standard_normal((round(seconds * sample_rate), 2))).astype(np.float32)
