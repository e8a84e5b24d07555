"""Measure the library's engine and store; write the tables of docs/library.md.

    python -m benchmarks.library [speed|memory|rescan|kill|page ...]

Ratios come from one run on one machine. Simulated songs are small files that a stub reads as songs;
the engine, the store and the processes are the real ones.
"""

import argparse
import io
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

from benchmarks.process import peak_megabytes
from benchmarks.report import commit
from benchmarks.stub_reader import StubReader
from genre_core.checkpoints.bundled import default_model_path
from genre_core.inference.malloc import keep_freed_memory
from genre_core.library.dask_engine import local_cluster
from genre_core.library.reading import Reader, genre_reader
from genre_core.library.scan import Engine, ScanCounts, read_here, scan
from genre_core.library.store import LibraryStore
from genre_core.library.writer import LibraryWriter
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

N_SPEED_SONGS = 64
N_ROUNDS = 3  # each way once a round; its best counts, for other work only slows it down
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
    """Compare one process, two workers, and two processes that know nothing of one another."""
    music = folder / "music"
    _write_songs(music)
    reader = genre_reader(default_model_path())
    torch.set_num_threads(1)
    keep_freed_memory()
    rounds = []
    for index in range(N_ROUNDS):
        one = timed_scan(folder / f"one{index}.db", music, reader, read_here)
        apart = _two_apart(folder, index)
        started = time.perf_counter()
        with local_cluster(2) as engine:
            start = time.perf_counter() - started
            engine.client.run(reader.load)  # the network is loaded once, however many songs follow
            two = timed_scan(folder / f"two{index}.db", music, reader, engine)
        rounds.append((one, apart, two, start))
    one, apart, two, start = (min(seconds) for seconds in zip(*rounds, strict=True))
    times = {"one process": one, "two scans apart, half the songs each": apart, "2 workers": two}
    rows = [
        [name, f"{seconds:.1f}", f"{seconds / N_SPEED_SONGS:.3f}", f"{one / seconds:.2f}"]
        for name, seconds in times.items()
    ]
    table = markdown_table(["", "seconds", "seconds a song", "times as fast"], rows, {1, 2, 3})
    days = 100_000 / 86_400 / N_SPEED_SONGS  # of one second for these songs
    return f"""{table}

{N_SPEED_SONGS} songs of {SONG_SECONDS:.0f} s (mp3, 44.1 kHz, stereo, noise), every process with one
thread; the best of {N_ROUNDS} rounds. Two scans apart share the machine alone.
Starting
the workers took {start:.1f} s more, once. Extrapolated, not measured: 100,000 such songs take
{days * one:.2f} days with one process, {days * two:.2f} days with 2 workers."""


def _write_songs(folder: Path) -> None:
    """Write songs alike in sound, in two folders; a few bytes at their ends tell them apart."""
    generator = np.random.default_rng(0)
    samples = 0.1 * generator.standard_normal((round(SONG_SECONDS * 44_100), 2))
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, 44_100, format="MP3")
    for index in range(N_SPEED_SONGS):
        path = folder / str(index % 2) / f"{index:03}.mp3"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue() + b"%08d" % index)


APART = """
import sys
from pathlib import Path
import torch
from benchmarks.library import timed_scan
from genre_core.checkpoints.bundled import default_model_path
from genre_core.inference.malloc import keep_freed_memory
from genre_core.library.reading import genre_reader
from genre_core.library.scan import read_here

torch.set_num_threads(1)
keep_freed_memory()
reader = genre_reader(default_model_path())
print("ready", flush=True)
sys.stdin.readline()
timed_scan(Path(sys.argv[1]), Path(sys.argv[2]), reader, read_here)
"""


def _two_apart(folder: Path, index: int) -> float:
    """Return the seconds of two processes that scan half of the songs each, at once."""
    script = folder / "apart.py"
    script.write_text(APART)
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    pipe = subprocess.PIPE
    scans = []
    for half in ("0", "1"):
        arguments = [str(folder / f"apart{half}-{index}.db"), str(folder / "music" / half)]
        command = [sys.executable, str(script), *arguments]
        scans.append(subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True))
    for process in scans:
        assert process.stdout is not None
        process.stdout.readline()
    started = time.perf_counter()
    for process in scans:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.wait() for process in scans] == [0, 0]
    return time.perf_counter() - started


def memory_of(size: int) -> None:
    """Print the peak memory of a coordinator that scans so many simulated songs."""
    with tempfile.TemporaryDirectory() as folder, local_cluster(2) as engine:
        music = Path(folder) / "music"
        simulate(music, size)
        before = peak_megabytes(os.getpid())
        seconds = timed_scan(Path(folder) / "own.db", music, StubReader(), engine)
        after = peak_megabytes(os.getpid())
        print(before, after, seconds, (Path(folder) / "own.db").stat().st_size / 1e6)


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
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
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


def page(folder: Path) -> str:
    """Measure the page, which needs playwright and Chromium."""
    from benchmarks.library_page import page_speed

    return page_speed(folder)


PARTS = {"speed": speed, "memory": memory, "rescan": rescan, "kill": kill, "page": page}


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
