"""A damaged file gives what can be decoded of it, or an error that names reason and remedy."""

import io
import struct

import av
import numpy as np
import pytest

from genre_core.audio.load import load_audio
from genre_core.errors import AudioError
from tests.unit.audio.sound_files import add_pictures, encoded, encoded_by_libav, hiss, tone


class TestDamage:
    def test_samples_that_are_no_numbers_become_zero(self):
        samples = tone(channels=2)
        samples[5, 0] = np.nan
        samples[7] = np.inf
        samples[9, 1] = -1e30
        waveform = load_audio(encoded(samples, subtype="FLOAT"))
        assert np.isfinite(waveform.samples).all()
        assert np.abs(waveform.samples).max() < 1.0
        assert "4 samples were not a finite number" in waveform.receipt.warnings[0]

    @pytest.mark.parametrize(
        ("container", "subtype", "sentence"),
        [
            ("WAV", "PCM_16", "of the 5.0 s that it declares"),
            ("AIFF", "PCM_16", "of the 5.0 s that it declares"),
            ("FLAC", "PCM_16", "of the 5.0 s that it declares"),
            ("MP3", "MPEG_LAYER_III", "of the 5.0 s that it declares"),
            ("OGG", "VORBIS", "without Ogg's end mark"),
            ("OGG", "OPUS", "without Ogg's end mark"),
            ("AU", "PCM_16", "of the 5.0 s that it declares"),
            ("W64", "PCM_16", "of the 5.0 s that it declares"),
            ("RF64", "PCM_16", "of the 5.0 s that it declares"),
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
