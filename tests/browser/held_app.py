"""The app whose long work waits, as on a slow computer, while a file says so.

The files lie in the folder that the environment variable HOLD names: "finer" holds the finer
timeline after five windows, "analysis" a song before the network scores it.
"""

import os
import runpy
import time
from pathlib import Path
from typing import Any

from genre_core.inference.analysis import Readings
from genre_core.inference.recognizer import GenreRecognizer, OnStep
from genre_core.inference.sliding import SlidingRun
from genre_core.types import FloatArray, Waveform

FIRST = 5  # windows
HOLD = Path(os.environ["HOLD"])
# A new run of the page runs this file once more.
_work = getattr(SlidingRun.work, "plain", SlidingRun.work)
_read = getattr(GenreRecognizer.read, "plain", GenreRecognizer.read)


def work(run: SlidingRun, network: GenreRecognizer, waveform: Waveform, seconds: float) -> None:
    if not (HOLD / "finer").exists():
        _work(run, network, waveform, seconds)
    elif len(run.scores.scores) < FIRST:
        _work(run, network, waveform, 0.0)
    else:
        time.sleep(0.1)


def read(network: GenreRecognizer, log_mel: FloatArray, on_step: OnStep, *more: Any) -> Readings:
    while (HOLD / "analysis").exists():
        on_step("Waiting", 0.0)
        time.sleep(0.1)
    return _read(network, log_mel, on_step, *more)


work.plain, read.plain = _work, _read
SlidingRun.work, GenreRecognizer.read = work, read
runpy.run_path(str(Path(__file__).parents[2] / "app.py"))
