"""Time songs from their bytes to their verdicts; write docs/speed.md.

    python -m benchmarks.song [FILE ...] [--rounds 3] [--cores 1 2] [--results FILE]

Each song is decoded alone, goes through the plain pipeline (`plain_pipeline`), through the
recognizer step by step, and through it as a whole; in turns, so that all share the state of the
machine. The shortest of the rounds counts: other work can only make a round longer. A process is
tied to one core, another to two. Without files: the songs of ../shared/data/songs. A file of
results lets one measure in several runs.
"""

import argparse
import io
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import soundfile
import torch
from threadpoolctl import ThreadpoolController

from benchmarks.memory import memory_table
from benchmarks.plain_pipeline import plain_network, plain_scores
from benchmarks.report import ROOT
from benchmarks.song_report import SongTimes, report, song_table
from benchmarks.songs import SONGS
from genre_core.audio.load import SUPPORTED_EXTENSIONS
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import limit_threads
from genre_core.markdown import markdown_table

OUTPUT = ROOT / "docs" / "speed.md"
CORES = (1, 2)

# In a process of its own, which has loaded nothing yet.
COLD = """
import json, sys, time
start = time.perf_counter()
from pathlib import Path
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import limit_threads
times = [time.perf_counter()]
limit_threads()
recognizer = GenreRecognizer.from_checkpoint(is_fast=True)
times.append(time.perf_counter())
for _ in range(2):
    recognizer.analyse(Path(sys.argv[1]).read_bytes()).verdict()
    times.append(time.perf_counter())
print(json.dumps([b - a for a, b in zip([start, *times], times)]))
"""
COLD_PLAIN = """
import json, sys, time
start = time.perf_counter()
from pathlib import Path
from benchmarks.plain_pipeline import plain_network, plain_scores
times = [time.perf_counter()]
network = plain_network()
times.append(time.perf_counter())
for _ in range(2):
    plain_scores(Path(sys.argv[1]).read_bytes(), network)
    times.append(time.perf_counter())
print(json.dumps([b - a for a, b in zip([start, *times], times)]))
"""


def decode_with_libsndfile(data: bytes) -> np.ndarray:
    return soundfile.read(io.BytesIO(data), dtype="float32")[0]


def decode_with_libav(data: bytes) -> np.ndarray:
    """Return all samples, float32 (n_channels, n_samples), as PyAV gives them."""
    with av.open(io.BytesIO(data)) as file:
        frames = [frame.to_ndarray() for frame in file.decode(audio=0)]
    return np.concatenate(frames, axis=1).astype(np.float32, copy=False)


def step_by_step(recognizer: GenreRecognizer, data: bytes) -> list[float]:
    """Return the seconds of each stage, one after another."""
    times = [time.perf_counter()]
    waveform = recognizer.decode(data)
    times.append(time.perf_counter())
    cut = recognizer.spectrograms(waveform)
    times.append(time.perf_counter())
    readings = recognizer.read(cut.log_mel)
    times.append(time.perf_counter())
    recognizer.combine(waveform, cut, readings).verdict()
    times.append(time.perf_counter())
    return [after - before for before, after in pairwise(times)]


def first_picture(recognizer: GenreRecognizer, data: bytes) -> float:
    """Return the seconds until a song can be shown, while it is decoded if its file says enough."""
    started = time.perf_counter()
    shown: list[float] = []
    recognizer.analyse(data, on_frames=lambda *_: shown.append(time.perf_counter()))
    return (shown or [time.perf_counter()])[0] - started


def seconds_of(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def time_song(recognizer: GenreRecognizer, path: Path, rounds: int, n_cores: int) -> SongTimes:
    """Time one song in every way, round by round."""
    data = path.read_bytes()
    network = plain_network()
    libraries, n_threads = ThreadpoolController(), torch.get_num_threads()

    def plain() -> None:  # with as many threads as without this program's limits
        torch.set_num_threads(n_cores)
        with libraries.limit(limits=n_cores):
            plain_scores(data, network)
        torch.set_num_threads(n_threads)

    ways: dict[str, Callable[[], object]] = {
        "libsndfile": lambda: decode_with_libsndfile(data),
        "libav": lambda: decode_with_libav(data),
        "plain": plain,
        "verdict": lambda: recognizer.analyse(data).verdict(),
    }
    try:
        decode_with_libsndfile(data)
    except soundfile.SoundFileError:
        del ways["libsndfile"], ways["plain"]
    analysis = recognizer.analyse(data)  # the first time is no round
    seconds: dict[str, list[float]] = {name: [] for name in (*ways, "picture")}
    stages = []
    for _ in range(rounds):
        for name, way in ways.items():
            seconds[name].append(seconds_of(way))
        stages.append(step_by_step(recognizer, data))
        seconds["picture"].append(first_picture(recognizer, data))
    best = {name: min(each) for name, each in seconds.items()}
    steps = tuple(min(step) for step in zip(*stages, strict=True))
    return SongTimes(
        path.name,
        analysis.waveform.duration_seconds,
        len(analysis.scores),
        best.get("libsndfile"),
        best["libav"],
        best.get("plain"),
        steps,
        best["picture"],
        best["verdict"],
    )


def time_songs(songs: Sequence[Path], rounds: int, n_cores: int) -> list[SongTimes]:
    """Time songs in this process, tied to so many cores; what Linux alone can do."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:n_cores])
    limit_threads()
    recognizer = GenreRecognizer.from_checkpoint(is_fast=True)
    return [time_song(recognizer, path, rounds, n_cores) for path in songs]


def cold(program: str, song: Path) -> list[float]:
    """Return the seconds of imports, network, first song and second in a fresh process."""
    command = [sys.executable, "-c", program, str(song)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def cold_table(song: Path) -> str:
    rows = [
        [name, *(f"{seconds:.2f}" for seconds in cold(program, song))]
        for name, program in (("this program", COLD), ("the plain pipeline", COLD_PLAIN))
    ]
    header = ["s", "imports", "network", "first song", "the same again"]
    return markdown_table(header, rows, numbers=set(range(1, len(header))))


def read_results(path: Path | None) -> dict[int, list[SongTimes]]:
    """Return the times of earlier runs by the number of cores."""
    if path is None or not path.is_file():
        return {}
    stored = json.loads(path.read_text("utf-8"))
    return {int(n): [SongTimes(**song) for song in songs] for n, songs in stored.items()}


def write_results(path: Path | None, by_cores: dict[int, list[SongTimes]]) -> None:
    if path is not None:
        stored = {n: [asdict(song) for song in songs] for n, songs in by_cores.items()}
        path.write_text(json.dumps(stored), "utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.song", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("songs", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cores", nargs="+", type=int, default=CORES, metavar="N")
    parser.add_argument("--results", type=Path, metavar="FILE", help="JSON; what is there stays")
    parser.add_argument("--long-minutes", type=float, default=60.0, help="for the memory; 0: none")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    args = parser.parse_args(argv)
    songs = args.songs or sorted(
        path for path in SONGS.glob("*") if path.suffix in SUPPORTED_EXTENSIONS
    )
    missing = [str(path) for path in songs if not path.is_file()]
    if missing or not songs:
        what = ", ".join(missing) or f"songs in {SONGS}"
        print(f"skipped: there is no {what}; name sound files on the command line", file=sys.stderr)
        return 1
    if not hasattr(os, "sched_setaffinity"):
        print("skipped: only Linux ties a process to cores", file=sys.stderr)
        return 1
    by_cores = read_results(args.results)
    for n_cores in args.cores:
        if n_cores <= len(os.sched_getaffinity(0)) and n_cores not in by_cores:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                by_cores[n_cores] = pool.apply(time_songs, (songs, args.rounds, n_cores))
            print(song_table(by_cores[n_cores]), flush=True)
            write_results(args.results, by_cores)
    memory = memory_table(args.long_minutes) if args.long_minutes else "Not measured."
    text = report(dict(sorted(by_cores.items())), args.rounds, cold_table(songs[0]), memory)
    args.output.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
