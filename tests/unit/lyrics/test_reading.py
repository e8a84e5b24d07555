"""Text, timed text and tags -> lyrics, and what is refused."""

import io
import wave
from pathlib import Path

import mutagen.flac
import mutagen.id3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genre_core.errors import GenreError, LyricsError
from genre_core.lyrics.reading import parse_any, parse_bytes, read_lyrics
from genre_core.lyrics.tags import lyrics_in_song
from genre_core.lyrics.text import parse_text
from genre_core.lyrics.timed import parse_lrc, parse_srt


def test_marks_are_no_words_and_are_told() -> None:
    lyrics = parse_text(
        "[Chorus]\nHey now (x2)\n<b>Hey</b> you\n\n"
        "Verse 2:\nBridge over water\nChorus x3\nPre-Chorus"
    )
    assert lyrics.words == ("hey", "now", "hey", "you", "bridge", "over", "water")
    assert lyrics.marks == (
        *("[Chorus]", "(x2)", "<b>", "</b>", "Verse 2:", "Chorus x3", "Pre-Chorus"),
    )
    assert [line.text for line in lyrics.lines] == ["Hey now", "Hey you", "", "Bridge over water"]


@pytest.mark.parametrize("line", ["Chorus of angels sing", "Repeat after me", "I am solo tonight"])
def test_a_line_that_begins_like_a_mark_is_none(line: str) -> None:
    assert parse_text(line).text == line


def test_lrc() -> None:
    lyrics = parse_lrc(
        "[ar:Nobody]\n[offset:+500]\n[00:10.50]<00:10.60>First <00:11.00>line\n"
        "[00:20.00][01:20.5]Again\n[02:00]Last"
    )
    assert [(line.text, line.start_seconds) for line in lyrics.lines] == [
        ("First line", 10.0),
        ("Again", 19.5),
        ("Again", 80.0),
        ("Last", 119.5),
    ]
    assert lyrics.source == "lrc"
    assert parse_any("[00:01.00]Pasted with times").is_timed


def test_srt() -> None:
    lyrics = parse_srt(
        "1\n00:00:01,500 --> 00:00:03,000\n<i>One</i> two\nthree\n\n"
        "2\n01:00:00.250 --> 01:00:02,000\n4\nfour\n"
    )
    assert [(line.text, line.start_seconds) for line in lyrics.lines if line.text] == [
        ("One two", 1.5),
        ("three", 1.5),
        ("4", 3600.25),
        ("four", 3600.25),
    ]
    assert lyrics.words == ("one", "two", "three", "four")


def _song(path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16_000))
    return path


def test_id3_lyrics(tmp_path: Path) -> None:
    song = _song(tmp_path / "song.wav")
    file = mutagen.File(song)
    file.add_tags()
    file.tags.add(mutagen.id3.USLT(encoding=3, lang="eng", text="[Verse]\nPlain words here"))
    file.save()
    lyrics = read_lyrics(song)
    assert (lyrics.words, lyrics.source) == (("plain", "words", "here"), "ID3 USLT")
    file.tags.add(
        mutagen.id3.SYLT(
            encoding=3,
            lang="eng",
            format=2,
            type=1,
            text=[("Ti", 1000), ("med", 1200), ("\nwords", 2500)],
        )
    )
    file.save()
    timed = lyrics_in_song(song.read_bytes(), "song.wav")
    assert timed is not None
    assert timed.source == "ID3 SYLT"
    assert [(line.text, line.start_seconds) for line in timed.lines] == [
        ("Timed", 1.0),
        ("words", 2.5),
    ]


def test_vorbis_comments(tmp_path: Path) -> None:
    import numpy as np
    import soundfile

    song = tmp_path / "song.flac"
    soundfile.write(song, np.zeros(8000), 8000)
    file = mutagen.flac.FLAC(song)
    file["LYRICS"] = "[00:01.00]Timed in a comment"
    file["TITLE"] = "No lyrics"
    file.save()
    lyrics = read_lyrics(song)
    assert lyrics.words == ("timed", "in", "a", "comment")
    assert (lyrics.source, lyrics.is_timed) == ("tag LYRICS", True)


def test_mp4_atoms(tmp_path: Path) -> None:
    import av
    import numpy as np

    song = tmp_path / "song.m4a"
    with av.open(str(song), "w") as container:
        stream = container.add_stream("aac", rate=44_100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.rate = 44_100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    file = mutagen.File(song)
    file["\xa9lyr"] = ["Words in an atom"]
    file.save()
    assert read_lyrics(song).words == ("words", "in", "an", "atom")


def test_a_song_without_lyrics(tmp_path: Path) -> None:
    song = _song(tmp_path / "bare.wav")
    assert lyrics_in_song(song) is None
    with pytest.raises(LyricsError, match=r"bare\.wav.*no lyrics.*\.txt"):
        read_lyrics(song)


def test_damaged_songs_carry_none(tmp_path: Path) -> None:
    for data in (b"", b"ID3\x04\x00\x00\x00\x00\x00\x7fUSLT", b"fLaC" + bytes(50), bytes(1000)):
        assert lyrics_in_song(data, "x.mp3") is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"la " * 1_000_000, r"song\.txt.*100,000"),
        (b"la " * 40_000, r"song\.txt.*120,000 characters.*100,000"),
        (b"a\0b", r"song\.txt.*zero bytes"),
        (b"\xff\0\xfea", r"song\.txt.*zero bytes"),
        (b"", r"song\.txt.*no word"),
        ("🎵 ♪ 💔\n!!!".encode(), r"song\.txt.*no word"),
        (b"[Chorus]\n(x2)", r"song\.txt.*no word"),
    ],
)
def test_what_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(LyricsError, match=message):
        parse_bytes(data, "song.txt")


def test_a_missing_file_and_the_wrong_kind(tmp_path: Path) -> None:
    with pytest.raises(LyricsError, match=r"gone\.txt"):
        read_lyrics(tmp_path / "gone.txt")
    with pytest.raises(LyricsError, match=r"gone\.mp3"):
        read_lyrics(tmp_path / "gone.mp3")
    for name in ("plain.lrc", "plain.srt"):
        with pytest.raises(LyricsError, match="time"):
            parse_bytes(b"no times here", name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert parse_bytes("déjà vu’s".encode(encoding), "a.txt").words == ("deja", "vu's")


def test_hostile_text_is_read_as_text() -> None:
    lyrics = parse_text("<script>alert('x')</script> \u202eevil\u202c <img src=x onerror=y>")
    assert lyrics.words == ("alert", "x", "evil")
    assert "<script>" in lyrics.marks


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    reason = ""
    try:
        lyrics = parse_any(text, "it")
    except GenreError as error:
        reason = str(error)
    assert reason.startswith("it: ") if reason else lyrics.words


@given(st.binary(max_size=200))
def test_any_bytes_are_a_song_without_lyrics(data: bytes) -> None:
    assert lyrics_in_song(io.BytesIO(data).getvalue(), "x.mp3") is None
