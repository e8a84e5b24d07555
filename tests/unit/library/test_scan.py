"""A scan reads what is new or changed, once, and goes on where it was stopped."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.stub_reader import STUB_MODEL, StubReader
from genre_core.errors import LibraryError
from genre_core.library.reading import Reader, Task, genre_reader
from genre_core.library.scan import Result, ScanCounts, read_here, scan
from genre_core.library.writer import LibraryWriter


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Three songs in two folders."""
    folder = tmp_path / "music"
    (folder / "deep").mkdir(parents=True)
    for name, content in (("a.mp3", "one"), ("b.mp3", "two, longer"), ("deep/c.flac", "three!")):
        (folder / name).write_text(content)
    return folder


class Reading:
    """An engine that remembers which files it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, reader: Reader, tasks: Iterable[Task]) -> Iterator[Result]:
        def noted() -> Iterator[Task]:
            for task in tasks:
                self.read.append(Path(task.found.path).name)
                yield task

        return read_here(reader, noted())


def run(writer: LibraryWriter, folder: Path, **options) -> tuple[list[str], ScanCounts]:
    """Scan a folder with the stub; return the names of the files that were read, and the counts."""
    engine = Reading()
    counts = scan(writer, [folder], options.pop("reader", StubReader()), engine, **options)
    return engine.read, counts


def paths(writer: LibraryWriter) -> list[str]:
    return [Path(song.path).name for song in writer.songs()]


def test_doubts_about_files_are_reported(writer: LibraryWriter, music: Path) -> None:
    def engine(reader: Reader, tasks: Iterable[Task]) -> Iterator[Result]:
        for result in read_here(reader, tasks):
            yield replace(result, warnings=("cut short",))

    warnings: list[str] = []
    scan(writer, [music], StubReader(), engine, on_warning=warnings.append)
    assert warnings[0] == f"{music / 'a.mp3'}: cut short"
    assert len(warnings) == 3


def test_songs_are_read_once(writer: LibraryWriter, music: Path) -> None:
    read, counts = run(writer, music)
    assert read == ["a.mp3", "b.mp3", "c.flac"]
    assert (counts.found, counts.to_do, counts.done, counts.unchanged) == (3, 3, 3, 0)
    read, counts = run(writer, music)
    assert read == []
    assert (counts.found, counts.to_do, counts.done, counts.unchanged) == (3, 0, 0, 3)
    assert paths(writer) == ["a.mp3", "b.mp3", "c.flac"]


def test_a_changed_song_is_read_again(writer: LibraryWriter, music: Path) -> None:
    run(writer, music)
    before = {song.path: song for song in writer.songs()}
    (music / "a.mp3").write_text("another")
    read, _ = run(writer, music)
    assert read == ["a.mp3"]
    after = {song.path: song for song in writer.songs()}
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {str(music / "a.mp3")}
    assert after[str(music / "a.mp3")].tags.title == "another"


def test_a_new_time_alone_reads_nothing(writer: LibraryWriter, music: Path) -> None:
    run(writer, music)
    os.utime(music / "a.mp3", (1, 1))
    read, counts = run(writer, music)
    assert (read, counts.moved) == ([], 1)
    read, counts = run(writer, music)
    assert counts.unchanged == 3


def test_a_moved_song_keeps_its_scores(writer: LibraryWriter, music: Path) -> None:
    run(writer, music)
    song = writer.song_at(str(music / "a.mp3"))
    (music / "a.mp3").rename(music / "deep" / "renamed.mp3")
    read, counts = run(writer, music)
    assert (read, counts.moved) == ([], 1)
    assert song is not None
    moved = writer.song_at(str(music / "deep" / "renamed.mp3"))
    assert moved == replace(song, path=str(music / "deep" / "renamed.mp3"))
    assert writer.count() == 3


def test_a_moved_folder_reads_nothing(writer: LibraryWriter, music: Path) -> None:
    run(writer, music)
    music.rename(music.with_name("elsewhere"))
    read, counts = run(writer, music.with_name("elsewhere"))
    assert (read, counts.moved, writer.count()) == ([], 3, 3)


def test_a_copy_takes_the_scores_of_its_original(writer: LibraryWriter, music: Path) -> None:
    run(writer, music)
    shutil.copy(music / "a.mp3", music / "copy.mp3")
    read, counts = run(writer, music)
    assert (read, counts.duplicates, writer.count()) == ([], 1, 4)
    one, other = (writer.song_at(str(music / name)) for name in ("a.mp3", "copy.mp3"))
    assert one is not None
    assert other is not None
    assert (one.sha256, one.genre, one.confidence) == (other.sha256, other.genre, other.confidence)
    first, second = writer.readings(one.id), writer.readings(other.id)
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first.frame_scores, second.frame_scores)


def test_an_equal_size_is_not_an_equal_song(writer: LibraryWriter, music: Path) -> None:
    run(writer, music)
    (music / "d.mp3").write_text("eno")
    read, _ = run(writer, music)
    assert read == ["d.mp3"]


def test_what_is_gone_is_forgotten_only_when_asked(writer: LibraryWriter, music: Path) -> None:
    run(writer, music)
    (music / "a.mp3").unlink()
    run(writer, music)
    assert writer.count() == 3
    _, counts = run(writer, music, prune=True)
    assert counts.forgotten == 1
    assert paths(writer) == ["b.mp3", "c.flac"]


def test_prune_leaves_other_folders_alone(writer: LibraryWriter, music: Path) -> None:
    other = music.with_name("music2")
    shutil.copytree(music, other)
    (other / "a.mp3").write_text("not a copy")
    run(writer, music)
    run(writer, other)
    shutil.rmtree(other)
    run(writer, music, prune=True)
    assert writer.count() == 6


def test_an_empty_folder_is_not_pruned(writer: LibraryWriter, music: Path) -> None:
    """A disk that is not mounted looks like this."""
    run(writer, music)
    shutil.rmtree(music)
    music.mkdir()
    problems: list[str] = []
    _, counts = run(writer, music, prune=True, on_problem=problems.append)
    assert (counts.forgotten, writer.count()) == (0, 3)
    assert str(music) in problems[0]


def test_a_bad_song_is_listed_and_read_again_only_when_asked(
    writer: LibraryWriter, music: Path
) -> None:
    (music / "bad.mp3").write_text("bad")
    problems: list[str] = []
    read, counts = run(writer, music, on_problem=problems.append)
    assert len(read) == 4
    assert (counts.done, counts.failed, writer.count()) == (4, 1, 3)
    assert [failure.path for failure in writer.failures()] == [str(music / "bad.mp3")]
    assert "holds no sound" in problems[0]
    assert run(writer, music)[1].failed_before == 1
    assert run(writer, music, retry=True)[0] == ["bad.mp3"]
    (music / "bad.mp3").write_text("good now")
    assert run(writer, music)[0] == ["bad.mp3"]
    assert (writer.n_failures(), writer.count()) == (0, 4)


def test_a_fault_of_the_program_costs_one_song(writer: LibraryWriter, music: Path) -> None:
    class Faulty(StubReader):
        def load(self):
            def read(task: Task):
                if task.found.path.endswith("b.mp3"):
                    raise ZeroDivisionError("a bug")
                return StubReader.read(self, task)

            return read

    _, counts = run(writer, music, reader=Faulty())
    assert (counts.failed, writer.count()) == (1, 2)
    assert "ZeroDivisionError" in writer.failures()[0].error


def test_another_network_reads_all_again_but_not_their_tags(
    writer: LibraryWriter, music: Path
) -> None:
    run(writer, music)
    ids = {song.path: song.id for song in writer.songs()}
    seen: list[Task] = []

    def engine(reader: Reader, tasks: Iterable[Task]) -> Iterator[Result]:
        return read_here(reader, (seen.append(task) or task for task in tasks))

    scan(writer, [music], StubReader(replace(STUB_MODEL, sha256="cd" * 32)), engine)
    assert len(seen) == 3
    assert all(task.known is not None for task in seen)
    assert writer.n_outdated() == 0
    assert {song.path: song.id for song in writer.songs()} == ids


def test_a_folder_named_twice_is_read_once(writer: LibraryWriter, music: Path) -> None:
    engine = Reading()
    scan(writer, [music, music / "deep", music], StubReader(), engine)
    assert len(engine.read) == 3


def test_a_missing_folder_stops_the_scan_before_it_reads(
    writer: LibraryWriter, music: Path
) -> None:
    with pytest.raises(LibraryError, match="no such folder"):
        scan(writer, [music, music / "nowhere"], StubReader())
    assert writer.count() == 0


def test_names_that_are_not_utf8_are_songs_too(writer: LibraryWriter, music: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \n.mp3")
    (music / name).write_text("strange")
    read, _ = run(writer, music)
    assert name in read
    assert writer.song_at(str(music / name)) is not None
    assert run(writer, music)[1].unchanged == 4


def test_real_sound_is_read_as_analyse_reads_it(
    writer: LibraryWriter, tmp_path: Path, tiny_checkpoint: Path, wav_bytes: Callable[..., bytes]
) -> None:
    from genre_core.inference.recognizer import GenreRecognizer

    folder = tmp_path / "sound"
    folder.mkdir()
    (folder / "song.wav").write_bytes(wav_bytes(12.0))
    (folder / "silent.wav").write_bytes(wav_bytes(samples=np.zeros((60_000, 1))))
    counts = scan(writer, [folder], genre_reader(tiny_checkpoint, 3.0, 0.0))
    assert (counts.done, counts.failed) == (2, 1)
    (song,) = writer.songs()
    readings = writer.readings(song.id)
    recognizer = GenreRecognizer.from_checkpoint(tiny_checkpoint)
    settings = replace(recognizer.frame_settings, frame_seconds=3.0, trim_seconds=0.0)
    analysis = recognizer.analyse(folder / "song.wav", settings)
    verdict = analysis.verdict()
    assert readings is not None
    np.testing.assert_array_equal(readings.frame_scores, analysis.scores)
    assert (song.genre, song.confidence, song.n_frames) == (verdict.genre, verdict.confidence, 4)
    assert song.duration_seconds == pytest.approx(12.0)
    model = writer.model()
    assert model is not None
    assert model.sha256 == recognizer.info.sha256
