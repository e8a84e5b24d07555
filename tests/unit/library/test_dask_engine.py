"""A real cluster of two processes: the same songs, whatever dies meanwhile."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.stub_reader import StubReader
from genre_core.errors import LibraryError
from genre_core.library.files import FoundFile, walk
from genre_core.library.reading import GenreReader, Task, genre_reader
from genre_core.library.scan import ScanCounts, read_here, scan
from genre_core.library.songs import LibrarySong
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter

pytest.importorskip("distributed", reason="needs the extra `library`: dask[distributed]")
from genre_core.library import dask_engine
from genre_core.library.dask_engine import BATCHES_IN_FLIGHT, DaskEngine, local_cluster

N_SONGS = 60


@pytest.fixture(scope="module")
def engine() -> Iterator[DaskEngine]:
    with local_cluster(2) as engine:
        yield engine


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    for index in range(N_SONGS):
        (folder / f"{index:03}.mp3").write_text(f"song {index}" + "!" * index)
    return folder


def names(writer: LibraryStore) -> list[str]:
    return [Path(song.path).name for song in writer.songs()]


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def alike(song: LibrarySong) -> LibrarySong:
    return replace(song, id=0, scanned_at="")


def test_a_cluster_reads_what_one_process_reads(
    engine: DaskEngine, writer: LibraryWriter, music: Path, tmp_path: Path
) -> None:
    (music / "bad.mp3").write_text("bad")
    counts = scan(writer, [music], StubReader(), engine)
    assert (counts.done, counts.failed) == (N_SONGS + 1, 1)
    with LibraryWriter.open(tmp_path / "other.db") as other:
        scan(other, [music], StubReader(), read_here)
        assert [alike(song) for song in writer.songs()] == [alike(song) for song in other.songs()]
        assert [item.error for item in writer.failures()] == ["holds no sound"]
    assert scan(writer, [music], StubReader(), engine).unchanged == N_SONGS


def test_a_network_reads_real_sound_on_workers(
    engine: DaskEngine, writer: LibraryWriter, tmp_path: Path, tiny_checkpoint: Path, wav_bytes
) -> None:
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "song.wav").write_bytes(wav_bytes(7.0))
    reader = genre_reader(tiny_checkpoint, 3.0, 0.0)
    assert scan(writer, [tmp_path / "music"], reader, engine).failed == 0
    (song,) = writer.songs()
    read = reader.load()(Task(FoundFile(song.path, song.file)))
    assert alike(read.song) == alike(song)
    foreign = GenreReader(reader.model_path, replace(reader.model, sha256="0" * 64))
    with pytest.raises(LibraryError, match="another network"):
        scan(writer, [tmp_path / "music"], foreign, engine)


def test_a_song_that_ends_its_worker_is_listed_and_the_others_are_read(
    engine: DaskEngine, writer: LibraryWriter, music: Path
) -> None:
    (music / "000.mp3").write_text("crash")
    (music / "031.mp3").write_text("crash again")
    counts = scan(writer, [music], StubReader(), engine)
    assert [Path(item.path).name for item in writer.failures()] == ["000.mp3", "031.mp3"]
    assert all("worker process ended" in item.error for item in writer.failures())
    assert names(writer) == sorted(set(everything(music)) - {"000.mp3", "031.mp3"})
    assert (counts.done, counts.failed) == (N_SONGS, 2)


def test_a_song_whose_worker_is_killed_again_while_it_is_read_alone_is_retried(
    engine: DaskEngine, writer: LibraryWriter, music: Path, tmp_path: Path
) -> None:
    (music / "007.mp3").write_text("twice")
    scan(writer, [music], StubReader(log=str(tmp_path / "log")), engine)
    assert names(writer) == everything(music)
    assert writer.n_failures() == 0


def test_what_is_in_flight_is_bounded(engine: DaskEngine, music: Path) -> None:
    sent = 0

    def tasks() -> Iterator[Task]:
        nonlocal sent
        for found in walk(music):
            sent += 1
            yield Task(found)

    small = DaskEngine(engine.client, songs_in_batch=2)
    most = 2 * 2 * BATCHES_IN_FLIGHT
    for received, _ in enumerate(small(StubReader(), tasks())):
        assert sent - received <= most + 2
    assert sent == N_SONGS


def test_an_interrupted_scan_goes_on_with_the_same_cluster(
    engine: DaskEngine, writer: LibraryWriter, music: Path
) -> None:
    def interrupt(counts: ScanCounts) -> None:
        if counts.done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(writer, [music], StubReader(), engine, on_progress=interrupt)
    assert 10 <= writer.count() < N_SONGS
    scan(writer, [music], StubReader(), engine)
    assert names(writer) == everything(music)


def test_killed_workers_lose_nothing(
    engine: DaskEngine, writer: LibraryWriter, music: Path
) -> None:
    generator = random.Random(0)
    kill_at = set(generator.sample(range(1, N_SONGS - 10), 3))

    def kill(counts: ScanCounts) -> None:
        if counts.done in kill_at:
            kill_at.discard(counts.done)
            pids = list(engine.client.run(os.getpid, on_error="ignore").values())
            os.kill(generator.choice(pids), signal.SIGKILL)

    scan(writer, [music], StubReader(seconds=0.01), engine, on_progress=kill)
    assert names(writer) == everything(music)
    assert writer.n_failures() == 0


PROGRAM = """
import sys
from benchmarks.stub_reader import StubReader
from genre_core.library.dask_engine import local_cluster
from genre_core.library.scan import scan
from genre_core.library.writer import LibraryWriter

if __name__ == "__main__":
    store, music = sys.argv[1:]
    with LibraryWriter.open(store) as writer, local_cluster(2) as engine:
        print("ready", flush=True)
        scan(writer, [music], StubReader(seconds=0.02), engine,
             on_progress=lambda counts: print(counts.done, flush=True))
"""


def test_a_killed_coordinator_loses_nothing_and_its_workers_end(
    music: Path, tmp_path: Path, project_root: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    store = tmp_path / "own.db"
    environment = os.environ | {"PYTHONPATH": str(project_root)}
    command = [sys.executable, str(program), str(store), str(music)]
    for kill_at in (15, None):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for line in process.stdout:
            if kill_at is not None and line.strip() == str(kill_at):
                process.kill()
                break
        process.stdout.close()
        process.wait()
        with LibraryStore.open(store) as read:
            assert len(names(read)) == len(set(names(read)))
    assert process.returncode == 0
    with LibraryStore.open(store) as read:
        assert names(read) == everything(music)
    deadline = time.monotonic() + 20
    while _running(str(program)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _running(str(program)) == []


def _running(text: str) -> list[str]:
    """Return the processes with `text` in their command line (Linux)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (process / "cmdline").read_bytes():
                found.append(process.name)
        except OSError:
            continue
    return found


def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "CONNECT_SECONDS", 0.5)
    with (
        pytest.raises(LibraryError, match="no Dask scheduler"),
        dask_engine.remote_cluster("tcp://127.0.0.1:1"),
    ):
        pass


def test_a_scheduler_that_runs_is_used(
    engine: DaskEngine, writer: LibraryWriter, music: Path
) -> None:
    with dask_engine.remote_cluster(engine.client.scheduler.address) as remote:
        scan(writer, [music], StubReader(), remote)
    assert names(writer) == everything(music)


def test_a_lost_cluster_is_told_and_what_was_read_is_kept(
    writer: LibraryWriter, music: Path
) -> None:
    with local_cluster(1) as own:

        def stop(counts: ScanCounts) -> None:
            if counts.done == 20:
                own.client.cluster.close()

        with pytest.raises(LibraryError, match="cluster"):
            scan(writer, [music], StubReader(seconds=0.02), own, on_progress=stop)
    assert 20 <= writer.count() < N_SONGS


def test_copies_in_flight_are_each_stored_once(
    engine: DaskEngine, writer: LibraryWriter, tmp_path: Path
) -> None:
    """All are sent before the first of them is stored, so none is known by its content yet."""
    (tmp_path / "music").mkdir()
    for index in range(30):
        (tmp_path / "music" / f"{index:03}.mp3").write_text("the same song")
    log = tmp_path / "log"
    counts = scan(writer, [tmp_path / "music"], StubReader(log=str(log)), engine)
    assert (counts.done, counts.failed) == (30, 0)
    assert len(log.read_bytes().splitlines()) + counts.duplicates == 30
    songs = writer.songs()
    assert [Path(song.path).name for song in songs] == [f"{n:03}.mp3" for n in range(30)]
    assert (
        len({replace(song, id=0, path="", file=songs[0].file, scanned_at="") for song in songs})
        == 1
    )
    assert scan(writer, [tmp_path / "music"], StubReader(), engine).unchanged == 30


SCHEDULER = """
import sys, time
from distributed import LocalCluster

if __name__ == "__main__":
    cluster = LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0")
    print(cluster.scheduler_address, flush=True)
    time.sleep(600)
"""


def test_a_cluster_without_workers_says_so_and_goes_on_with_a_new_one(
    writer: LibraryWriter,
    music: Path,
    tmp_path: Path,
    project_root: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(dask_engine, "WAIT_SECONDS", 0.5)
    environment = os.environ | {
        "PYTHONPATH": str(project_root),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    }
    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER)
    started = [
        subprocess.Popen(
            [sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True
        )
    ]
    assert started[0].stdout is not None
    address = started[0].stdout.readline().strip()

    def start_worker() -> None:
        command = [sys.executable, "-m", "distributed.cli.dask_worker", address]
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard"]
        started.append(subprocess.Popen([*command, *options], env=environment))

    messages: list[str] = []

    def on_wait(message: str) -> None:
        messages.append(message)
        start_worker()

    def kill_all(counts: ScanCounts) -> None:
        if counts.done == 20 and not messages:
            started[1].kill()

    try:
        start_worker()
        with dask_engine.remote_cluster(address, on_wait) as remote:
            scan(writer, [music], StubReader(seconds=0.02), remote, on_progress=kill_all)
        assert len(messages) == 1
        assert "no worker left" in messages[0]
        assert names(writer) == everything(music)
    finally:
        for process in started:
            process.kill()
            process.wait()
