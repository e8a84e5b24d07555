"""Measure how long a song takes and how much memory a long one needs.

    python -m benchmarks.latency [--minutes 4] [--long-minutes 60]

Every step is timed on a synthetic stereo song at 44.1 kHz, and the median of the repeats counts.
Memory is the peak of a process of its own that analyses the long song.
"""

import argparse
import multiprocessing
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import soundfile
import torch

from benchmarks.report import commit
from genre_core.checkpoints.bundled import default_model_path
from genre_core.checkpoints.checkpoint import load_checkpoint
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import inference_threads, limit_threads
from genre_core.markdown import markdown_table
from genre_core.training.run_record import machine

SONG_RATE = 44_100  # Hz
REPEATS = 5
STATUS = Path("/proc/self/status")  # the memory of this process, on Linux

Result = TypeVar("Result")


def write_song(path: Path, minutes: float) -> None:
    """Write a stereo song at 44.1 kHz, block by block: a chord with a pulse, in noise."""
    rng = np.random.default_rng(0)
    n_samples = round(minutes * 60 * SONG_RATE)
    with soundfile.SoundFile(path, "w", SONG_RATE, channels=2) as song:
        for start in range(0, n_samples, 10 * SONG_RATE):
            stop = min(start + 10 * SONG_RATE, n_samples)
            seconds = np.arange(start, stop)[:, np.newaxis] / SONG_RATE
            chord = sum(np.sin(2 * np.pi * hz * seconds) for hz in (220.0, 277.2, 329.6)) / 3
            noise = rng.standard_normal((stop - start, 2))
            song.write(0.5 * chord * np.exp(-8 * (seconds % 0.5)) + 0.05 * noise)


def timed(step: Callable[[], Result], repeats: int = REPEATS) -> tuple[Result, float]:
    """Return the step's result and the median of its seconds, after one run to warm up."""
    result = step()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        result = step()
        seconds.append(time.perf_counter() - started)
    return result, statistics.median(seconds)


def steps_table(model: Path, minutes: float, repeats: int) -> str:
    """Time each step from the file to the scores, and the stored network for comparison."""
    recognizer = GenreRecognizer.from_checkpoint(model)
    stored, info = load_checkpoint(model)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for extension in ("wav", "flac", "ogg", "mp3"):
            path = Path(folder) / f"song.{extension}"
            write_song(path, minutes)
            waveform, seconds = timed(lambda: recognizer.decode(path), repeats)  # noqa: B023
            rows.append((f"decode and resample {extension}", seconds))
    cut, seconds = timed(lambda: recognizer.spectrograms(waveform), repeats)
    log_mel = cut.log_mel
    rows.append(("cut frames, log-mel spectrograms", seconds))
    scores, scored = timed(lambda: recognizer.score(log_mel), repeats)
    rows.append(("network, as the recognizer runs it", scored))

    @torch.inference_mode()
    def as_stored() -> np.ndarray:
        batches = (stored(torch.from_numpy(log_mel[i : i + 1])) for i in range(len(log_mel)))
        return (torch.cat(list(batches)) / info.temperature).softmax(1).numpy()

    plain_scores, plain = timed(as_stored, repeats)
    rows.append(("network, as it is stored", plain))
    difference = float(np.abs(plain_scores - scores).max())
    n_frames = len(scores)
    table = markdown_table(
        ["step", "song, s", "frame, ms"],
        [[name, f"{s:.3f}", f"{1000 * s / n_frames:.1f}"] for name, s in rows],
        numbers={1, 2},
    )
    return f"""{table}

A song of {minutes:g} minutes, {n_frames} frames; median of {repeats} runs. The recognizer runs the
network {plain / scored:.2f} times as fast as a pass of the stored network, frame by frame; the
scores differ by at most {difference:.1e}."""


def peak_megabytes() -> float:
    """Return the peak resident memory of this process, in MB (Linux)."""
    lines = STATUS.read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def memory_of(model: Path, path: Path) -> tuple[int, list[tuple[str, float]]]:
    """Return the number of frames and the peak in MB after each step, for one song."""
    limit_threads()
    recognizer = GenreRecognizer.from_checkpoint(model)
    peaks = [("program and model loaded", peak_megabytes())]
    recognizer.decode(path)
    peaks.append(("song decoded", peak_megabytes()))
    analysis = recognizer.analyse(path)
    peaks.append(("song analysed", peak_megabytes()))
    return len(analysis.scores), peaks


def memory_table(model: Path, minutes: float) -> str:
    """Measure the peak memory of a long song in a process of its own."""
    if not STATUS.is_file():
        return "Measured on Linux only."
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.flac"
        write_song(path, minutes)
        started = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            n_frames, peaks = pool.apply(memory_of, (model, path))
        seconds = time.perf_counter() - started
    table = markdown_table(
        ["peak after", "MB"], [[name, f"{mb:.0f}"] for name, mb in peaks], numbers={1}
    )
    return f"""{table}

A song of {minutes:g} minutes, {n_frames} frames; decoded twice and analysed once in
{seconds:.0f} s."""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--model", type=Path, metavar="FILE", help="default: the bundled one")
    parser.add_argument("--minutes", type=float, default=4.0, help="length of the timed song")
    parser.add_argument("--long-minutes", type=float, default=60.0, help="for the memory")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    args = parser.parse_args(argv)
    model = args.model or default_model_path()
    limit_threads()
    print(f"""{machine()},
{inference_threads()} threads for the network, Python {platform.python_version()},
torch {torch.__version__}; commit {commit()}.

Time

{steps_table(model, args.minutes, args.repeats)}

Memory

{memory_table(model, args.long_minutes)}""")
    return 0


if __name__ == "__main__":
    sys.exit(main())
