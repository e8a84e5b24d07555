"""A header that a crashed recorder left behind is repaired; a header before nothing is refused."""

import struct
import time

import numpy as np
import pytest

from genre_core.audio.load import load_audio
from genre_core.errors import AudioError
from tests.unit.audio.sound_files import encoded, encoded_by_libav, tone


def put(content: bytes, mark: bytes, offset: int, form: str, value: int) -> bytes:
    """Return a file with a number written at a place after a mark."""
    changed = bytearray(content)
    at = changed.index(mark) + offset
    changed[at : at + struct.calcsize(form)] = struct.pack(form, value)
    return bytes(changed)


class TestLostSize:
    @pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT"])
    @pytest.mark.parametrize("size", [0, 44_100])
    @pytest.mark.parametrize("riff_size", [None, 0, 36, 2**32 - 1])
    def test_a_wav_of_a_crashed_recorder_is_read_to_its_end(self, subtype, size, riff_size):
        whole = encoded(tone(channels=2), subtype=subtype)
        content = put(whole, b"data", 4, "<I", size)
        if riff_size is not None:
            content = put(content, b"RIFF", 4, "<I", riff_size)
        waveform = load_audio(content)
        np.testing.assert_array_equal(waveform.samples, load_audio(whole).samples)
        assert len(waveform.receipt.warnings) == 1
        assert "read to the end" in waveform.receipt.warnings[0]

    @pytest.mark.parametrize(
        ("container", "mark", "offset", "form"),
        [("AU", b".snd", 8, ">I"), ("RF64", b"ds64", 16, "<Q")],
    )
    def test_so_are_other_containers(self, container, mark, offset, form):
        whole = encoded(tone(channels=2), container=container, subtype="PCM_16")
        waveform = load_audio(put(whole, mark, offset, form, 0))
        np.testing.assert_array_equal(waveform.samples, load_audio(whole).samples)
        assert "read to the end" in waveform.receipt.warnings[0]

    def test_chunks_may_come_in_any_order_and_size(self):
        whole = encoded(tone(channels=2))
        form, data = whole[12 : whole.index(b"data")], whole[whole.index(b"data") :]
        note = b"LIST" + struct.pack("<I", 5_000) + bytes(5_000)
        for content in (
            whole[:12] + data + form,
            whole[:12] + note + form + data,
            whole + note,
            whole + bytes(50),
        ):
            waveform = load_audio(content)
            assert waveform.duration_seconds == 4.0
            assert not waveform.receipt.warnings
        crashed = whole[:12] + note + form + put(data, b"data", 4, "<I", 0)
        assert load_audio(crashed).duration_seconds == 4.0

    @pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT", "IMA_ADPCM"])
    @pytest.mark.parametrize("n_odd", [1, 2, 3])
    @pytest.mark.parametrize("is_first", [True, False])
    def test_a_forgotten_byte_behind_a_chunk_of_odd_size(self, subtype, n_odd, is_first):
        whole = encoded(tone(channels=2), subtype=subtype)
        form, data = whole[12 : whole.index(b"data")], whole[whole.index(b"data") :]
        odd = (b"LIST" + struct.pack("<I", 4_001) + b"INFO" + bytes(3_996) + b"x") * n_odd
        shifted = whole[:12] + (odd + form if is_first else form + odd)
        wanted = load_audio(whole).samples
        for end in (b"", odd):
            waveform = load_audio(shifted + data + end)
            np.testing.assert_array_equal(waveform.samples, wanted)
            assert not waveform.receipt.warnings
        part = load_audio((shifted + data)[:-20_000])
        assert len(part.samples) < len(wanted)
        assert "cut short" in part.receipt.warnings[0]
        if subtype != "IMA_ADPCM":  # its last block may be short
            crashed = load_audio(shifted + put(data, b"data", 4, "<I", 0))
            np.testing.assert_array_equal(crashed.samples, wanted)
            assert "read to the end" in crashed.receipt.warnings[0]

    def test_a_chunk_of_odd_size_may_be_filled_up_by_anything(self):
        whole = encoded(tone(channels=2))
        form, data = whole[12 : whole.index(b"data")], whole[whole.index(b"data") :]
        for fill in (b"\0", b" ", b"\xff"):
            odd = b"LIST" + struct.pack("<I", 5) + b"INFOx" + fill
            waveform = load_audio(whole[:12] + form + odd + data)
            assert waveform.duration_seconds == 4.0
            assert not waveform.receipt.warnings

    def test_chunks_that_follow_the_sound_are_no_sound(self):
        whole = encoded(tone(seconds=1.0))
        waveform = load_audio(whole + b"LIST" + struct.pack("<I", 90_000) + bytes(90_000))
        assert waveform.duration_seconds == 1.0
        assert not waveform.receipt.warnings


HEADS = {
    "nothing": b"",
    "wav": encoded(tone())[:36],
    "wav without size": put(encoded(tone())[:44], b"data", 4, "<I", 0),
    "aiff": encoded(tone(), container="AIFF", subtype="PCM_16")[:38],
    "caf": encoded(tone(), container="CAF", subtype="PCM_16")[:60],
    "flac": encoded(tone(), container="FLAC", subtype="PCM_16")[:42],
    "ogg": encoded(tone(), container="OGG", subtype="VORBIS")[:4_000],
    "mp3": encoded(tone(), container="MP3")[:417],
    "mp4": b"\0\0\0\x20ftypisom" + bytes(20) + b"\0\x10\0\0moov",
    "amr": b"#!AMR\n",
    **{
        container: encoded_by_libav(tone(), 44_100, container, codec)[:n]
        for container, codec, n in (
            *(("matroska", "flac", 700), ("avi", "pcm_s16le", 5_000), ("mpeg", "mp2", 4_096)),
            *(("ac3", "ac3", 2_000), ("mpegts", "mp2", 1_880), ("flv", "libmp3lame", 300)),
        )
    },
}


@pytest.mark.parametrize("name", HEADS)
def test_a_header_before_many_zeros_is_refused_at_once(name):
    content = HEADS[name] + bytes(200_000_000)
    start = time.process_time()
    with pytest.raises(AudioError, match="only zeros"):
        load_audio(content)
    assert time.process_time() - start < 1.0


def test_silence_is_read():
    assert load_audio(encoded(np.zeros((44_100 * 30, 1)))).duration_seconds == 30.0
