"""A missing end is told for every container that can know it; tags and junk are no damage."""

import io
import struct

import numpy as np
import pytest
import soundfile

from genre_core.audio.file_end import missing_end
from genre_core.audio.frame_sizes import frame_bytes
from genre_core.audio.load import load_audio
from genre_core.audio.trailing_tags import BinaryFile
from tests.unit.audio.sound_files import encoded, encoded_by_libav, hiss

TEXT = b"Title\0" + b"x" * 1_500
APE_ITEM = struct.pack("<II", len(TEXT) - 6, 0) + TEXT


def ape_part(is_header: bool) -> bytes:
    flags = 0x80000000 | (0x20000000 if is_header else 0)
    return b"APETAGEX" + struct.pack("<IIII", 2_000, len(APE_ITEM) + 32, 1, flags) + bytes(8)


APE_TAG = ape_part(True) + APE_ITEM + ape_part(False)
ID3_TAG = b"TAG" + b"title".ljust(125, b"\0")
LYRICS_TEXT = b"LYRICSBEGININD0000200LYR00005la la"
LYRICS = LYRICS_TEXT + f"{len(LYRICS_TEXT):06}LYRICS200".encode()
COVER = b"ID3\x03\0\0" + bytes([0, 4, 0, 0]) + bytes(65_536)

BY_LIBSNDFILE = (
    *("WAV", "RF64", "W64", "AIFF", "AU", "CAF", "SVX", "NIST", "VOC", "AVR", "MAT4", "MAT5"),
)
BY_LIBAV = (
    *(("matroska", "aac"), ("webm", "libopus"), ("asf", "wmav2"), ("avi", "libmp3lame")),
    *(("avi", "pcm_s16le"), ("flv", "libmp3lame"), ("mpegts", "mp2"), ("mpegts", "aac")),
    *(("mpeg", "mp2"), ("vob", "ac3"), ("ac3", "ac3"), ("eac3", "eac3"), ("adts", "aac")),
    *(("mp3", "libmp3lame"), ("mp2", "mp2"), ("caf", "pcm_s16le"), ("ogg", "flac")),
    *(("wv", "wavpack"), ("tta", "tta"), ("flac", "flac")),
)


def by_libsndfile(container: str) -> bytes:
    samples = hiss(3.0)[:, :1] if container == "SVX" else hiss(3.0)
    return encoded(samples, 44_100, container, subtype="PCM_16")


def without_mp3_length(content: bytes) -> bytes:
    """Return an MP3 without its first frame, the one of Xing or LAME with the length."""
    start = content.index(b"\xff\xfb")
    n_frame = frame_bytes(content[start : start + 6])
    assert n_frame is not None
    return content[start + n_frame :]


KINDS = [
    *(pytest.param(lambda kind=kind: by_libsndfile(kind), id=kind) for kind in BY_LIBSNDFILE),
    *(
        pytest.param(
            lambda kind=kind: encoded_by_libav(hiss(3.0, 48_000), 48_000, *kind), id="-".join(kind)
        )
        for kind in BY_LIBAV
    ),
    pytest.param(
        lambda: without_mp3_length(encoded_by_libav(hiss(3.0), 44_100, "mp3", "libmp3lame")),
        id="mp3 without length",
    ),
]


@pytest.mark.parametrize("make", KINDS)
def test_a_missing_end_is_told_and_a_whole_file_is_not_called_damaged(make):
    content = make()
    assert not load_audio(content).receipt.warnings
    for share in (0.41, 0.617, 0.9, 0.97):
        part = load_audio(content[: int(len(content) * share)])
        assert part.duration_seconds <= 3.1
        assert part.receipt.warnings, share


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("tag", [APE_TAG, ID3_TAG, APE_TAG + ID3_TAG, LYRICS + ID3_TAG])
def test_tags_at_the_end_are_no_damage(make, tag):
    content = make()
    plain, tagged = load_audio(content), load_audio(content + tag)
    assert not tagged.receipt.warnings
    np.testing.assert_array_equal(tagged.samples, plain.samples)


@pytest.mark.parametrize("make", KINDS[-1:])
def test_a_cover_before_an_mp3_is_no_damage(make):
    content = make()
    waveform = load_audio(COVER + content)
    assert not waveform.receipt.warnings
    assert waveform.duration_seconds == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("container", ["asf", "matroska", "avi", "flv", "mpegts", "mp4", "mpeg"])
def test_a_picture_that_outlasts_the_sound(container):
    codecs = {"asf": ("wmav2", "msmpeg4"), "flv": ("libmp3lame", "flv1"), "mp4": ("aac", "mpeg4")}
    sound, picture = codecs.get(container, ("mp2", "mpeg2video"))
    content = encoded_by_libav(hiss(2.0), 44_100, container, sound, picture)
    waveform = load_audio(content)
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.1)
    assert not waveform.receipt.warnings


RARE = [
    (container, subtype, endian)
    for container, endians in (
        ("NIST", ("BIG", "LITTLE")),
        ("MAT4", ("BIG", "LITTLE")),
        ("MAT5", ("BIG", "LITTLE")),
        ("AVR", ("FILE",)),
        ("WAV", ("BIG",)),  # RIFX
        ("AU", ("BIG", "LITTLE")),
    )
    for endian in endians
    for subtype in soundfile.available_subtypes(container)
    if soundfile.check_format(container, subtype, endian)
    and (subtype.startswith("PCM") or subtype in ("FLOAT", "DOUBLE", "ULAW", "ALAW"))
]


@pytest.mark.parametrize(("container", "subtype", "endian"), RARE)
def test_rare_formats_in_other_numbers(container, subtype, endian):
    options = {"subtype": subtype, "endian": endian}
    content = encoded(hiss(3.0), 44_100, container, **options)
    assert not load_audio(content).receipt.warnings
    for share in (0.6, 0.97):
        part = load_audio(content[: int(len(content) * share)])
        assert "cut short" in part.receipt.warnings[0]


def test_one_bit_sound_of_dsf():
    rate, n_bytes = 2_822_400, 50 * 4_096  # a channel
    form = struct.pack("<4sQ6IQ2I", b"fmt ", 52, 1, 0, 2, 2, rate, 1, 8 * n_bytes, 4_096, 0)
    bits = np.random.default_rng(0).bytes(2 * n_bytes)
    sound = form + struct.pack("<4sQ", b"data", 12 + len(bits)) + bits
    content = struct.pack("<4s3Q", b"DSD ", 28, 28 + len(sound), 0) + sound
    whole = load_audio(content)
    assert whole.duration_seconds == pytest.approx(8 * n_bytes / rate, abs=0.01)
    assert not whole.receipt.warnings
    part = load_audio(content[: len(content) * 6 // 10])
    assert any("cut short" in warning for warning in part.receipt.warnings)


@pytest.mark.parametrize("container", ["IRCAM", "PAF", "PVF"])
def test_a_format_without_any_size_says_so(container):
    content = encoded(hiss(3.0), 44_100, container, subtype="PCM_16")
    part = load_audio(content[: len(content) * 6 // 10])
    assert not part.receipt.warnings
    assert part.receipt.steps[-1].startswith("This format stores no length")


def test_a_voc_file_longer_than_its_size_can_say_is_whole():
    content = encoded(hiss(100.0), 44_100, "VOC", subtype="PCM_16")
    assert len(content) > 2**24
    assert not load_audio(content).receipt.warnings


def test_an_old_quicktime_film_has_no_mark_of_its_kind():
    content = encoded_by_libav(hiss(3.0), 44_100, "mov", "pcm_s16le")
    size = int.from_bytes(content[:4], "big")
    old = content[size:]  # its offsets are then wrong: libav reads nothing, the end is known
    assert old[4:8] in (b"wide", b"free", b"mdat")
    file = BinaryFile(io.BytesIO(old), len(old))
    assert not missing_end(file)
    assert missing_end(BinaryFile(io.BytesIO(old[:-300]), len(old) - 300))


def test_a_recording_of_a_browser_knows_no_length_but_a_missing_end():
    """It streams: neither the segment nor its clusters have a size."""
    content = encoded_by_libav(hiss(3.0, 48_000), 48_000, "webm", "libopus", options={"live": "1"})
    assert not load_audio(content).receipt.warnings
    assert "cut short" in load_audio(content[: len(content) * 6 // 10]).receipt.warnings[0]


def test_raw_frames_say_that_a_cut_between_two_of_them_does_not_show():
    content = encoded_by_libav(hiss(3.0, 48_000), 48_000, "ac3", "ac3")
    n_frame = frame_bytes(content[:6])
    assert n_frame is not None
    assert len(content) % n_frame == 0
    part = load_audio(content[: n_frame * 50])
    assert not part.receipt.warnings
    assert part.receipt.steps[-1].startswith("This format stores no length")


@pytest.mark.parametrize(
    ("header", "n_bytes"),
    [
        (b"\xff\xfb\x90\x64\0\0", 417),  # layer 3, 128 kbit/s, 44.1 kHz
        (b"\xff\xfb\x92\x64\0\0", 418),  # padded
        (b"\xff\xf3\x84\xc4\0\0", 192),  # MPEG-2, 64 kbit/s, 24 kHz
        (b"\xff\xfd\xa4\x04\0\0", 576),  # layer 2, 192 kbit/s, 48 kHz
        (b"\x0b\x77\0\0\x14\x40", 768),  # AC-3, 192 kbit/s, 48 kHz
        (b"\xff\xf1\x50\x80\0\0", None),  # ADTS
        (b"\xff\xfb\xf0\x64\0\0", None),  # no such rate
        (b"\xff\xfb", None),
        (b"RIFF\0\0", None),
    ],
)
def test_sizes_of_frames(header, n_bytes):
    assert frame_bytes(header) == n_bytes
