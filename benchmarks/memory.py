"""The memory that a long song needs."""

import multiprocessing
import os
import tempfile
import time
from pathlib import Path

from benchmarks.process import peak_megabytes
from benchmarks.synthetic_song import write_song
from genre_core.inference.recognizer import GenreRecognizer
from genre_core.inference.threads import limit_threads
from genre_core.markdown import markdown_table

STATUS = Path("/proc/self/status")  # there on Linux only


def memory_of(path: Path) -> tuple[int, list[tuple[str, float]]]:
    """Return the number of frames and the peak in MB after each step, for one song."""
    limit_threads()
    recognizer = GenreRecognizer.from_checkpoint(is_fast=True)
    peaks = [("program and model loaded", peak_megabytes(os.getpid()))]
    recognizer.decode(path)
    peaks.append(("song decoded", peak_megabytes(os.getpid())))
    analysis = recognizer.analyse(path)
    peaks.append(("song analysed", peak_megabytes(os.getpid())))
    return len(analysis.scores), peaks


def memory_table(minutes: float) -> str:
    """Measure the peak memory of a long song in a process of its own."""
    if not STATUS.is_file():
        return "Measured on Linux only."
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.flac"
        write_song(path, minutes)
        started = time.perf_counter()
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            n_frames, peaks = pool.apply(memory_of, (path,))
        seconds = time.perf_counter() - started
    table = markdown_table(
        ["peak after", "MB"], [[name, f"{mb:.0f}"] for name, mb in peaks], numbers={1}
    )
    return f"""{table}

A synthetic FLAC of {minutes:g} minutes, {n_frames} frames; decoded twice and analysed once in
{seconds:.0f} s."""
