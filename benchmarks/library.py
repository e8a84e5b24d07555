"""Measure the library's engine and store; write the tables of docs/library.md.

    python -m benchmarks.library [speed|memory|rescan|kill ...]

Ratios come from one run on one machine. Simulated songs are small files that a stub reads as songs;
the engine, the store and the processes are the real ones.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile
import torch

from benchmarks.latency import peak_megabytes
from benchmarks.report import commit
from benchmarks.stub_reader import StubReader
from genre_core.checkpoints.bundled import default_model_path
from genre_core.library.dask_engine import local_cluster
from genre_core.library.reading import Reader, genre_reader
from genre_core.library.scan import Engine, ScanCounts, read_here, scan
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

N_SPEED_SONGS = 60
SONG_SECONDS = 180.0
MEMORY_SIZES = (1_000, 10_000, 100_000)
N_RESCAN = 10_000
N_KILL_SONGS = 600
N_KILLS = 10


def simulate(folder: Path, n_songs: int) -> None:
    """Write small files that the stub reads as songs, 1,000 a folder."""
    for index in range(n_songs):
        path = folder / f"{index // 1000:03}" / f"{index:06}.mp3"
        if index % 1000 == 0:
            path.parent.mkdir(parents=True)
        path.write_text(f"song {index} " + "-" * (index % 1000))


def timed_scan(
    store: Path,
    music: Path,
    reader: Reader,
    engine: Engine,
    on_progress: Callable[[ScanCounts], None] = lambda counts: None,
) -> float:
    """Scan, check that nothing failed, and return the seconds."""
    started = time.perf_counter()
    with LibraryWriter.open(store) as writer:
        counts = scan(writer, [music], reader, engine, on_progress=on_progress)
    assert counts.failed == 0, counts
    return time.perf_counter() - started


def speed(folder: Path) -> str:
    """Compare one process and two workers on real sound, the cluster already started."""
    music = folder / "music"
    music.mkdir()
    generator = np.random.default_rng(0)
    for index in range(N_SPEED_SONGS):
        samples = 0.1 * generator.standard_normal((round(SONG_SECONDS * 44_100), 2))
        soundfile.write(music / f"{index:03}.mp3", samples, 44_100, format="MP3")
    reader = genre_reader(default_model_path())
    torch.set_num_threads(1)
    one = timed_scan(folder / "one.db", music, reader, read_here)
    started = time.perf_counter()
    with local_cluster(2) as engine:
        start = time.perf_counter() - started
        engine.client.run(reader.load)  # the network is loaded once, however many songs follow
        two = timed_scan(folder / "two.db", music, reader, engine)
    rows = [
        ["one process", f"{one:.1f}", f"{one / N_SPEED_SONGS:.3f}", "1"],
        ["2 workers", f"{two:.1f}", f"{two / N_SPEED_SONGS:.3f}", f"{one / two:.2f}"],
    ]
    table = markdown_table(["", "seconds", "seconds a song", "times as fast"], rows, {1, 2, 3})
    days = 100_000 / 86_400 / N_SPEED_SONGS  # of one second for these songs
    return f"""{table}

{N_SPEED_SONGS} songs of {SONG_SECONDS:.0f} s (mp3, 44.1 kHz, stereo, noise), every process with one
thread. Starting the workers took {start:.1f} s more, once. Extrapolated, not measured: 100,000 such
songs take {days * one:.2f} days with one process, {days * two:.2f} days with 2 workers."""


def memory_of(size: int) -> None:
    """Print the peak memory of a coordinator that scans so many simulated songs."""
    with tempfile.TemporaryDirectory() as folder, local_cluster(2) as engine:
        music = Path(folder) / "music"
        simulate(music, size)
        before = peak_megabytes()
        seconds = timed_scan(Path(folder) / "own.db", music, StubReader(), engine)
        print(before, peak_megabytes(), seconds, (Path(folder) / "own.db").stat().st_size / 1e6)


MEMORY = """
from benchmarks.library import memory_of

if __name__ == "__main__":
    memory_of({size})
"""


def memory(folder: Path) -> str:
    """Measure the coordinator's peak memory over library sizes, each in a process of its own."""
    rows = []
    for size in MEMORY_SIZES:
        script = folder / "memory.py"
        script.write_text(MEMORY.format(size=size))
        environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
        done = subprocess.run(
            [sys.executable, str(script)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        before, peak, seconds, store = map(float, done.stdout.split())
        cells = [f"{before:.0f}", f"{peak:.0f}", f"{1000 * seconds / size:.2f}", f"{store:.1f}"]
        rows.append([f"{size:,}", *cells])
    header = ["simulated songs", "MB before", "MB at most", "ms a song", "store, MB"]
    return markdown_table(header, rows, {0, 1, 2, 3, 4}) + (
        "\n\nPeak resident memory of the coordinator, with 2 workers. The stub does no work, so\n"
        "the time is that of engine and store alone."
    )


def rescan(folder: Path) -> str:
    """Compare a scan with a second one that finds nothing new."""
    simulate(folder / "music", N_RESCAN)
    reader = StubReader(seconds=0.01)
    first = timed_scan(folder / "own.db", folder / "music", reader, read_here)
    second = timed_scan(folder / "own.db", folder / "music", reader, read_here)
    rows = [["scan", f"{first:.2f}", "1"], ["again", f"{second:.2f}", f"{first / second:.0f}"]]
    return markdown_table(["", "seconds", "times as fast"], rows, {1, 2}) + (
        f"\n\n{N_RESCAN:,} simulated songs, 10 ms of work each; a real song takes far longer."
    )


def kill(folder: Path) -> str:
    """Kill workers and coordinators at random moments; count what is lost or there twice."""
    music = folder / "music"
    simulate(music, N_KILL_SONGS)
    generator = random.Random(0)
    wanted = sorted(str(path) for path in music.rglob("*.mp3"))
    moments = sorted(generator.sample(range(1, N_KILL_SONGS - 50), N_KILLS), reverse=True)
    n_killed = 0
    with local_cluster(2) as engine:

        def kill_worker(counts: ScanCounts) -> None:
            nonlocal n_killed
            while moments and counts.done >= moments[-1]:
                moments.pop()
                pids = list(engine.client.run(os.getpid, on_error="ignore").values())
                os.kill(generator.choice(pids), signal.SIGKILL)
                n_killed += 1

        timed_scan(folder / "workers.db", music, StubReader(seconds=0.02), engine, kill_worker)
    rows = [["a worker", str(n_killed), *_lost(folder / "workers.db", wanted)]]

    script = folder / "coordinator.py"
    script.write_text(COORDINATOR)
    command = [sys.executable, str(script), str(folder / "own.db"), str(music)]
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    n_killed = 0
    for kill_again in (*[True] * N_KILLS, False):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()  # the scan begins
        if kill_again:
            time.sleep(generator.uniform(0.0, 0.6))
            process.kill()
            n_killed += 1
        process.stdout.close()
        process.wait()
    assert process.returncode == 0
    rows.append(["the coordinator", str(n_killed), *_lost(folder / "own.db", wanted)])
    header = ["killed (kill -9)", "times", "songs lost", "twice", "failed"]
    return markdown_table(header, rows, {1, 2, 3, 4}) + f"\n\n{N_KILL_SONGS} simulated songs."


COORDINATOR = """
import sys
from benchmarks.stub_reader import StubReader
from genre_core.library.dask_engine import local_cluster
from genre_core.library.scan import scan
from genre_core.library.writer import LibraryWriter

if __name__ == "__main__":
    with LibraryWriter.open(sys.argv[1]) as writer, local_cluster(2) as engine:
        print("begins", flush=True)
        counts = scan(writer, [sys.argv[2]], StubReader(seconds=0.02), engine)
        assert counts.failed == 0
"""


def _lost(store: Path, wanted: Sequence[str]) -> list[str]:
    with LibraryStore.open(store) as read:
        paths = [song.path for song in read.songs()]
        cells = [len(set(wanted) - set(paths)), len(paths) - len(set(paths)), read.n_failures()]
    return [str(n) for n in cells]


PARTS = {"speed": speed, "memory": memory, "rescan": rescan, "kill": kill}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    for part in parser.parse_args(argv).parts or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            print(f"## {part}\n\n{PARTS[part](Path(folder))}\n", flush=True)
    print(f"Commit {commit()}, {machine()}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
