"""Tags change when asked, and nothing else ever does."""

import io
import json
import os
import shutil
from pathlib import Path

import av
import mutagen
import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3, TIT2

from genre_core.cli import main
from genre_core.errors import LibraryError
from genre_core.library import file_genre, retag
from genre_core.library.file_genre import read_genre, samples_sha256, write_genre
from genre_core.library.query import ALL
from genre_core.library.reading import genre_reader
from genre_core.library.scan import scan
from genre_core.library.tags import read_tags
from genre_core.library.writer import LibraryWriter
from tests.conftest import synthetic_song

# Container and codec of each kind of file that can hold tags.
SOUNDFILE_KINDS = {"mp3": "MP3", "flac": "FLAC", "ogg": "OGG", "wav": "WAV", "aiff": "AIFF"}
LIBAV_KINDS = {"m4a": ("mp4", "aac"), "wma": ("asf", "wmav2"), "opus": ("ogg", "libopus")}
KINDS = (*SOUNDFILE_KINDS, *LIBAV_KINDS, "wv")


def encoded(kind: str, seconds: float = 4.0) -> bytes:
    """Return a song in a format; skip where no encoder of this machine makes it."""
    samples = synthetic_song(seconds, 48_000, 2)
    buffer = io.BytesIO()
    if kind in SOUNDFILE_KINDS:
        soundfile.write(buffer, samples, 48_000, format=SOUNDFILE_KINDS[kind])
        return buffer.getvalue()
    container_name, codec = ("wv", "wavpack") if kind == "wv" else LIBAV_KINDS[kind]
    try:
        with av.open(buffer, "w", format=container_name) as container:
            stream = container.add_stream(codec, rate=48_000)
            stream.codec_context.layout = "stereo"
            stream.bit_rate = 128_000
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(samples.T.astype(np.float32)), format="fltp", layout="stereo"
            )
            frame.sample_rate = 48_000
            for packet in (*stream.encode(frame), *stream.encode(None)):
                container.mux(packet)
    except (av.FFmpegError, ValueError) as error:
        pytest.skip(f"libav makes no {kind} here: {error}")
    return buffer.getvalue()


@pytest.fixture(params=KINDS)
def song(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = tmp_path / f"song.{request.param}"
    path.write_bytes(encoded(request.param))
    return str(path)


def test_a_tag_changes_and_the_samples_do_not(song: str) -> None:
    before = samples_sha256(song)
    for genres in (("jazz",), ("rock", "pop"), ("Hip-Hop é",), (), ("blues",)):
        write_genre(song, genres)
        assert read_genre(song) == genres
        assert read_tags(song).genre == "; ".join(genres)
        assert samples_sha256(song) == before
    assert [path.name for path in Path(song).parent.iterdir()] == [Path(song).name]


def test_other_tags_and_the_mode_stay(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(encoded("mp3"))
    tags = ID3()
    tags.add(TIT2(encoding=3, text=["A title"]))
    tags.save(path, v2_version=3)
    path.chmod(0o640)
    write_genre(str(path), ["jazz"])
    assert ID3(path, translate=False).version == (2, 3, 0), "old players know no later version"
    assert (read_tags(str(path)).title, read_tags(str(path)).genre) == ("A title", "jazz")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "song.flac").write_bytes(encoded("flac"))
    (tmp_path / "link.flac").symlink_to("song.flac")
    write_genre(str(tmp_path / "link.flac"), ["jazz"])
    assert (tmp_path / "link.flac").is_symlink()
    assert read_genre(str(tmp_path / "song.flac")) == ("jazz",)


def test_a_changed_sound_is_never_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "song.flac"
    path.write_bytes(encoded("flac"))
    before = path.read_bytes()
    monkeypatch.setattr(
        file_genre, "_set_genre", lambda copy, _: Path(copy).write_bytes(encoded("flac", 3.0))
    )
    with pytest.raises(LibraryError, match="sound"):
        write_genre(str(path), ["jazz"])
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_a_full_disk_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "song.flac"
    path.write_bytes(encoded("flac"))
    before = path.read_bytes()

    def full(source: Path, copy: Path) -> None:
        copy.write_bytes(source.read_bytes()[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(LibraryError, match="No space"):
        write_genre(str(path), ["jazz"])
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"ID3\x04\x00\x00\x00\x00\x00\x01"])
def test_what_holds_no_tags_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    with pytest.raises(LibraryError, match=r"song\.mp3"):
        write_genre(str(path), ["jazz"])
    assert path.read_bytes() == content


@pytest.fixture
def library(tmp_path: Path, tiny_checkpoint: Path) -> tuple[Path, Path]:
    """A folder with an untagged and a tagged song, and its store."""
    music = tmp_path / "music"
    music.mkdir()
    for name, kind in (("plain", "flac"), ("tagged", "mp3"), (os.fsdecode(b"caf\xe9"), "ogg")):
        (music / f"{name}.{kind}").write_bytes(encoded(kind, 4.0))
    write_genre(str(music / "tagged.mp3"), ["Polka"])
    with LibraryWriter.open(tmp_path / "music.db") as writer:
        scan(writer, [music], genre_reader(tiny_checkpoint, 3.0, 0.0))
    return music, tmp_path / "music.db"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_nothing_is_written_unless_asked(
    library: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    music, store = library
    before = contents(music)
    assert main(["library", "tag", "--store", str(store), "--min-confidence", "0"]) == 0
    assert contents(music) == before
    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("- ")]) == 2
    assert not any("Polka" in line for line in lines)
    assert main(["library", "tag", "--store", str(store), "--min-confidence", "1"]) == 0
    assert "0 tags would change" in capsys.readouterr().out


@pytest.mark.parametrize("replace", [False, True])
def test_tags_are_written_and_undone(library: tuple[Path, Path], replace: bool) -> None:
    music, store = library
    undo = store.with_name("undo.jsonl")
    sounds = {path: samples_sha256(str(path)) for path in music.iterdir()}
    old = {path: read_genre(str(path)) for path in music.iterdir()}
    command = ["library", "tag", "--store", str(store), "--min-confidence", "0"]
    written = [*command, "--write", "--undo-file", str(undo), *(["--replace"] if replace else [])]
    assert main(written) == 0
    with LibraryWriter.open(store) as writer:
        for song in writer.songs():
            kept = "tagged" in song.path and not replace
            assert read_genre(song.path) == (("Polka",) if kept else (song.genre,))
            assert song.tags.genre == ("Polka" if kept else song.genre)
            assert song.tag_differs is kept
        model = writer.model()
        assert model is not None
    assert len(undo.read_text().splitlines()) == (3 if replace else 2)
    assert main(written) == 0, "nothing is left to write"
    assert main(["library", "tag", "--store", str(store), "--undo", str(undo)]) == 0
    assert {path: read_genre(str(path)) for path in music.iterdir()} == old
    assert {path: samples_sha256(str(path)) for path in music.iterdir()} == sounds


def test_a_scan_after_tagging_reads_nothing(
    library: tuple[Path, Path], tiny_checkpoint: Path
) -> None:
    music, store = library
    command = ["library", "tag", "--store", str(store), "--min-confidence", "0", "--write"]
    assert main(command) == 0
    with LibraryWriter.open(store) as writer:
        assert scan(writer, [music], genre_reader(tiny_checkpoint, 3.0, 0.0)).unchanged == 3
    assert len(list(store.parent.glob("music.db.undo-*.jsonl"))) == 1


def test_a_file_changed_since_is_left_alone(library: tuple[Path, Path]) -> None:
    music, store = library
    problems: list[str] = []
    with LibraryWriter.open(store) as writer:
        write_genre(str(music / "plain.flac"), ["Tango"])
        changes = list(retag.plan(writer, ALL, replace=True, on_problem=problems.append))
        assert len(changes) == 2
        assert "scan again" in problems[0]
        undo = store.with_name("undo.jsonl")
        assert retag.apply(writer, changes, undo, problems.append) == 2
        write_genre(str(music / "tagged.mp3"), ["Waltz"])
        assert retag.undo(writer, undo, problems.append) == 1
        assert read_genre(str(music / "tagged.mp3")) == ("Waltz",)
        assert "changed since" in problems[-1]


def test_an_undo_file_is_not_overwritten_nor_invented(library: tuple[Path, Path]) -> None:
    _, store = library
    undo = store.with_name("undo.jsonl")
    undo.write_text(json.dumps({"path": 3, "old": [], "new": []}))
    with LibraryWriter.open(store) as writer:
        with pytest.raises(LibraryError, match="exists"):
            retag.apply(writer, [], undo, print)
        with pytest.raises(LibraryError, match="no file for undoing"):
            retag.undo(writer, undo, print)


@pytest.mark.parametrize("kind", ["mp3", "wav"])
def test_a_number_of_id3_is_read_as_its_name(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"song.{kind}"
    path.write_bytes(encoded(kind))
    write_genre(str(path), ["(8)"])
    assert read_tags(str(path)).genre == "Jazz"
    write_genre(str(path), ["(255)"])
    assert read_tags(str(path)).genre == ""


def test_years_and_damaged_tags_are_read(tmp_path: Path) -> None:
    path = tmp_path / "song.flac"
    path.write_bytes(encoded("flac"))
    for text, year in (("1987-05-01", 1987), ("c. 2003", 2003), ("12345", None), ("", None)):
        file = mutagen.File(path)
        file["date"] = text
        file["artist"] = ["One", "Two"]
        file.save()
        assert read_tags(str(path)).year == year
    assert read_tags(str(path)).artist == "One; Two"
    path.write_bytes(path.read_bytes()[:60])
    assert read_tags(str(path)).artist == ""
