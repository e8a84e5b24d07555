"""What a song's file says of itself, on the page "Analyse a song"."""

import io
from collections.abc import Callable

import pytest
from mutagen.id3 import APIC, TALB, TCON, TDRC, TIT2, TPE1
from mutagen.wave import WAVE
from PIL import Image
from streamlit.testing.v1 import AppTest

Session = Callable[..., AppTest]


def tagged(wav: bytes, title: str, artist: str = "", album: str = "", genre: str = "") -> bytes:
    file = io.BytesIO(wav)
    song = WAVE(file)
    song.add_tags()
    for frame, text in ((TIT2, title), (TPE1, artist), (TALB, album), (TCON, genre)):
        if text:
            song.tags.add(frame(encoding=3, text=text))
    song.tags.add(TDRC(encoding=3, text="1998"))
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(picture, format="PNG")
    song.tags.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=picture.getvalue()))
    file.seek(0)
    song.save(file)
    return file.getvalue()


def html_after(app: Session, data: bytes) -> str:
    test = app().run()
    test.file_uploader[0].set_value(("track 07.wav", data, "audio/wav"))
    test.run()
    assert not test.exception
    assert not test.error
    return "\n".join(element.proto.body for element in test.get("html"))


def test_title_artist_album_cover_and_genre_are_shown(
    app: Session, wav_bytes: Callable[..., bytes]
):
    wav = wav_bytes(40.0, 12_000)
    html = html_after(app, tagged(wav, "Harbour", "The Gulls", "Low Tide", "Reggae"))
    assert '<h1 class="gr-song"><bdi>Harbour</bdi></h1>' in html
    for text in ("The Gulls", "Low Tide (1998)", "track 07.wav", "Its own tag says: Reggae."):
        assert text in html
    assert '<img class="gr-cover" alt="Cover" src="data:image/jpeg;base64,' in html


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        '"><script>alert(1)</script>',
        "**bold** [link](javascript:alert(1)) $x$",
        "\u202egnirts",
        "a" * 5_000,
    ],
)
def test_hostile_tags_stay_text(app: Session, wav_bytes: Callable[..., bytes], text: str):
    html = html_after(app, tagged(wav_bytes(40.0, 12_000), text, text, text, text))
    assert "<img src=x" not in html
    assert "<script" not in html
    assert "\u202e" not in html
    assert "a" * 200 not in html


def test_a_song_without_tags_is_called_by_its_file(app: Session, wav_bytes: Callable[..., bytes]):
    html = html_after(app, wav_bytes(40.0, 12_000))
    assert '<h1 class="gr-song"><bdi>track 07.wav</bdi></h1>' in html
    assert "Its own tag" not in html
    assert '"gr-cover"' not in html


def test_damaged_tags_never_stop_the_song(app: Session, wav_bytes: Callable[..., bytes]):
    data = bytearray(tagged(wav_bytes(40.0, 12_000), "Harbour", "The Gulls", "x", "y"))
    start = bytes(data).rindex(b"ID3")
    data[start + 3 : start + 40] = bytes(range(37))
    assert "gr-genre" in html_after(app, bytes(data))
